"""Which check-ins of a patient are due, from when until when? Each due moment once, and moved by every treatment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

AFTERWARDS = "afterwards"  # the phase that begins when a course has ended


@dataclass(frozen=True, slots=True)
class Occasion:
    """When one `form` is asked, in which phases, and for how long it can be answered.

    One of three: so long `after` each treatment, so long `before` each planned one, or `every` so long from the first one of
    these phases on, until `stops` after the last treatment, and each time `lead` earlier, so that it does not fall together with
    a treatment. It is left out when the same form was answered less than `spares` before.
    """

    id: str
    form: str
    phases: frozenset[str]
    lasts: timedelta
    after: timedelta | None = None
    before: timedelta | None = None
    every: timedelta | None = None
    stops: timedelta | None = None
    lead: timedelta = timedelta(0)
    spares: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Treatment:
    """One that took place, or is planned: its key, when, and in which phase of the course."""

    key: str
    at: datetime
    phase: str


@dataclass(frozen=True, slots=True)
class Due:
    """One check-in: `occasion` and `key` name it for ever."""

    occasion: str
    key: str
    form: str
    opens: datetime
    closes: datetime


def due(
    occasions: Sequence[Occasion],
    *,
    done: Sequence[Treatment],
    planned: Sequence[Treatment],
    ended: datetime | None,
    answered: Mapping[str, Sequence[datetime]],
    asked: Sequence[Due],
    until: datetime,
) -> tuple[Due, ...]:
    """Everything that opens until then, in order. `ended`: when the course did; `answered`: by form, when it was; `asked`: what
    was asked before, so that nothing is asked while the same form is open for another reason."""
    treated = sorted(done, key=lambda one: one.at)
    found = [each for one in occasions for each in _moments(one, treated, planned, ended, until)]
    spares = {one.id: one.spares for one in occasions}
    kept: list[Due] = []
    for one in sorted((one for one in found if one.opens <= until), key=lambda one: one.opens):
        others = [each for each in (*asked, *kept) if (each.occasion, each.key) != (one.occasion, one.key)]
        open_too = any(each.form == one.form and each.opens <= one.opens < each.closes for each in others)
        since = one.opens - spares[one.occasion]
        said = any(since < each <= one.opens for each in answered.get(one.form, ()))
        if not open_too and not said:
            kept.append(one)
    return tuple(kept)


def _moments(
    one: Occasion,
    done: Sequence[Treatment],
    planned: Sequence[Treatment],
    ended: datetime | None,
    until: datetime,
) -> Iterator[Due]:
    if one.after is not None:
        yield from _after(one, one.after, done)
    if one.before is not None:
        for each in (each for each in planned if each.phase in one.phases):
            yield _due(one, f"{each.key} {each.at:%Y-%m-%dT%H:%M}", each.at - one.before)
    if one.every is not None and one.stops is not None:
        yield from _every(one, one.every, one.stops, done, ended, until)


def _after(one: Occasion, after: timedelta, done: Sequence[Treatment]) -> Iterator[Due]:
    """A newer treatment before that moment takes its place."""
    for place, each in enumerate(done):
        opens = each.at + after
        if each.phase in one.phases and not any(later.at <= opens for later in done[place + 1 :]):
            yield _due(one, each.key, opens)


def _every(
    one: Occasion,
    every: timedelta,
    stops: timedelta,
    done: Sequence[Treatment],
    ended: datetime | None,
    until: datetime,
) -> Iterator[Due]:
    """From treatment to treatment: the one nearest to a moment, within half the time until the next opens, is where the next
    is counted from; without one it is counted from that moment."""
    steps = [*done, Treatment("end", ended, AFTERWARDS)] if ended else list(done)
    mine = [each for each in steps if each.phase in one.phases]
    if not mine:
        return
    anchor, n = mine[0], 1
    over = min((each.at for each in steps if each.phase not in one.phases and each.at > anchor.at), default=None)
    moment = anchor.at + every
    while moment <= min(until + one.lead, anchor.at + stops) and (over is None or moment < over):
        yield _due(one, f"{anchor.key} {n}", moment - one.lead)
        near = min(mine, key=lambda each: abs(each.at - moment))
        if abs(near.at - moment) <= (every - one.lead) / 2:
            anchor, n, moment = near, 1, near.at + every
        else:
            n, moment = n + 1, moment + every


def _due(one: Occasion, key: str, opens: datetime) -> Due:
    return Due(one.id, key, one.form, opens, opens + one.lasts)
