"""What stands beside a judgement, for the signer to read: the figures, how things went after the dose, what else happened?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from daybreak.clinical.treatment import rems as fold
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.rems import Minutes
from daybreak.clinical.treatment.rules import Criterion
from daybreak.clinical.treatment.session import State
from daybreak.clinical.treatment.settled import Course, Look, Settled, course, settled
from daybreak.knowledge import rems, sessions
from daybreak.web import zones
from daybreak.web.adverse import queries as adverse
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.told import SERIOUS
from daybreak.web.rems import programme, queries
from daybreak.web.rems.lines import Facts, Line, span
from daybreak.web.treatment import context, timeline
from daybreak.web.words import word

HAPPENED = frozenset(
    {
        What.EVENT,
        What.RESCUE,
        What.STOPPED,
        What.PAUSED,
        What.EMERGENCY_OPENED,
        What.EMERGENCY_CLOSED,
        What.ALARM_RAISED,
        What.ENDED,
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One question for the signer: what it asks, and what stands beside it. `choices`: minutes that can be chosen, with words."""

    about: Mapping[str, Any]
    words: str
    notes: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return str(self.about["id"])


@dataclass(frozen=True, slots=True)
class Proposal:
    """In which minute somebody was first seen ready; None: nobody was. It is a proposal, and answers nothing."""

    settled: Settled
    minutes: Minutes | None


def criteria(found: Facts) -> dict[str, Criterion]:
    """What is seen before somebody leaves, as it holds for that session."""
    rules = context.rules(found.now.session, at=found.now.session.created)
    return {one.id: one for one in rules.leaving}


def proposal(found: Facts, known: Mapping[str, Criterion]) -> Proposal:
    """Never earlier than what was documented: a minute that began counts whole, and of two moments the last."""
    state = found.now.state
    one = settled([known[id] for id in rems.form()["ready"]["criteria"]], state, found.events)
    minutes = fold.since_first(state, one.by.earliest, one.by.latest, (one.by.seq,), up=True) if one.by else None
    return Proposal(one, minutes)


def judgements(found: Facts, version: str, lines: Mapping[str, Line]) -> dict[str, Judged]:
    """Every judgement of that version, by its id: each empty, beside its evidence."""
    known = criteria(found)
    return {
        one["id"]: Judged(
            one,
            one["words"][found.language],
            tuple(_notes(found, one["evidence"], lines, known)),
            _choices(found, known) if one["asks"] == "minutes" else (),
        )
        for one in rems.fields(version)
        if one["kind"] == "judgement"
    }


def _choices(found: Facts, known: Mapping[str, Criterion]) -> tuple[tuple[str, str], ...]:
    """The minutes that can be chosen without typing: that of the proposal, and the end."""
    language, one = found.language, proposal(found, known)
    watched = fold.watched(found.now.state, found.events)
    made = [("rems.ready_proposed", one.minutes.most)] if one.minutes else []
    made += [("rems.ready_end", watched.most)] if watched and [watched.most] != [minutes for _, minutes in made] else []
    return tuple((str(minutes), word(id, language, minutes=minutes)) for id, minutes in made)


def _notes(
    found: Facts, evidence: Mapping[str, Any], lines: Mapping[str, Line], known: Mapping[str, Criterion]
) -> Iterator[str]:
    for id in evidence["fields"]:
        line = lines[id]
        value = line.value or word("rems.unknown", found.language)
        yield f"{line.words}: {' · '.join([value, *line.notes])}"
    for id in evidence["courses"]:
        yield from _course(found, id, known[id])
    for name in evidence["also"]:
        yield from _ALSO[name](found, known)


def _course(found: Facts, id: str, criterion: Criterion) -> Iterator[str]:
    """Where it was otherwise, and since when it was not any more."""
    language, title = found.language, _title(id, found.language)
    one = course(criterion, found.now.state, found.events)
    if not one.looks:
        yield word("rems.nobody_looked", language, what=title)
        return
    yield word("rems.looked", language, what=title, n=len(one.looks))
    yield from (word("rems.was_otherwise", language, **_seen(found, each)) for each in one.outside)
    yield from (word("rems.was_unclear", language, **_seen(found, each)) for each in one.unclear)
    yield _over(found, one)


def _over(found: Facts, one: Course) -> str:
    state = found.now.state
    over = one.over(state.last_exposure) if state.last_exposure else None
    if over is None:
        return word("rems.never_over", found.language)
    return word("rems.over_since", found.language, **_seen(found, over))


def _seen(found: Facts, look: Look) -> dict[str, str]:
    state = found.now.state
    after = fold.since_first(state, look.earliest, look.latest)
    minute = span(after, found.language) if after else "–"
    return {
        "at": zones.clock(look.latest),
        "minutes": minute,
        "value": _value(found, state, look),
        "seq": str(look.seq),
    }


def _value(found: Facts, state: State, look: Look) -> str:
    check = next((one for one in state.checks if one.seq == look.seq), None)
    if check is not None:
        return timeline.value(check.row, check.value)
    told = next(one for one in found.events if one.seq == look.seq).told
    return timeline.answer(told["question"], told["answer"], found.language, sensitive=True)


def _title(id: str, language: str) -> str:
    return str(next(one["title"][language] for one in sessions.leaving() if one["id"] == id))


def _ready(found: Facts, known: Mapping[str, Criterion]) -> Iterator[str]:
    language, one = found.language, proposal(found, known)
    if one.minutes is None or one.settled.by is None:
        what = ", ".join(_title(id, language) for id in one.settled.lacking)
        yield word("rems.no_proposal", language, what=what)
        return
    at = zones.clock(one.settled.by.latest)
    last, unlooked = (", ".join(_title(id, language) for id in ids) for ids in (one.settled.last, one.settled.unlooked))
    yield word("rems.proposal", language, minutes=span(one.minutes, language), what=last, at=at)
    if unlooked:
        yield word("rems.not_assessed_before", language, what=unlooked, at=at)


def _happened(found: Facts, known: Mapping[str, Criterion]) -> Iterator[str]:
    """After the first dose; what was corrected stands as it stands now."""
    begun = found.now.state.first_exposure
    lines = [
        f"{zones.clock(one.happened)} · {timeline.said(one, found.language, sensitive=False)}"
        for one in found.events
        if one.what in HAPPENED and not one.never and begun and one.latest >= begun
    ]
    yield from lines or [word("rems.nothing_happened", found.language)]


def _earlier(found: Facts, known: Mapping[str, Criterion]) -> Iterator[str]:
    session = found.now.session
    yield word("rems.earlier", found.language, n=queries.given_before(session))


def _enrolment(found: Facts, known: Mapping[str, Criterion]) -> Iterator[str]:
    """As it was written down last, held against the day of the treatment."""
    row = found.enrolled
    told = programme.stands(row, queries.day(found.now), programme.OF_PATIENT, found.language)
    yield " · ".join(each for each in (told["said"], told["until"], row.number if row else "") if each)


def _adverse(found: Facts, known: Mapping[str, Criterion]) -> Iterator[str]:
    """The adverse events that were written down about this treatment. They answer nothing."""
    language, every = found.language, adverse.of_session(found.now.session.id)
    for one in every:
        told = {"what": tellings.name(one.told, language), "serious": word(SERIOUS[one.row.serious], language)}
        yield word("rems.adverse", language, **told)
    if not every:
        yield word("rems.no_adverse", language)


_ALSO = {
    "ready": _ready,
    "events": _happened,
    "earlier": _earlier,
    "enrolment": _enrolment,
    "adverse": _adverse,
}
