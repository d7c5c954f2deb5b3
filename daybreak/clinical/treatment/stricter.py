"""What may a clinic ask for beyond the limits and minutes that a protocol is watched by?

Every number has a name and a range on whose one side stands the protocol's own: more may be asked, never less. What the protocol
leaves open has no number of its own, and has to be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from daybreak.clinical.treatment.checks import Check, Schedule
from daybreak.clinical.treatment.limits import Level, Limit, Sign, Watch

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One number that a clinic signs: `own` is the protocol's (None: it has none); the clinic's lies in `least`..`most`."""

    name: str
    own: Decimal | None
    least: Decimal
    most: Decimal


def numbers(watch: Watch, schedule: Schedule) -> tuple[Asked, ...]:
    """All of them in order: those of the signs, then the minutes."""
    return (*(one for sign in watch.signs.values() for one in _of_sign(sign)), *_of_schedule(schedule))


def outside(asked: Mapping[str, Decimal], watch: Watch, schedule: Schedule) -> tuple[Asked, ...]:
    """The numbers that are lacking, not whole, or looser than the protocol."""
    found = []
    for one in numbers(watch, schedule):
        value = asked.get(one.name)
        if value is None or not value.is_finite() or value % 1 or not one.least <= value <= one.most:
            found.append(one)
    return tuple(found)


def crossed(asked: Mapping[str, Decimal], watch: Watch) -> tuple[str, ...]:
    """The signs, each with its side, whose caution would not come before the alarm."""
    found = []
    for sign in watch.signs.values():
        for side in sorted({one.side for one in sign.limits}):
            near, far = sorted(sign.of(side), key=lambda one: one.level)
            for part in ("is", "from"):
                first, then = (asked.get(_name(sign, one, part)) for one in (near, far))
                if first is None or then is None:
                    continue
                if first >= then if part == "from" or side == "above" else first <= then:
                    found.append(f"{sign.id}.{side}")
    return tuple(dict.fromkeys(found))


def laid_over(watch: Watch, schedule: Schedule, asked: Mapping[str, Decimal]) -> tuple[Watch, Schedule]:
    """Limits and minutes as the clinic signed them. It was asked for before whether they may be so."""
    signs = {
        id: replace(sign, limits=tuple(_limit(sign, one, asked) for one in sign.limits))
        for id, sign in watch.signs.items()
    }
    first, last = (_minutes(asked, f"watch.{name}") for name in ("from_first", "from_last"))
    checks = tuple(
        replace(one, span=_minutes(asked, f"check.{one.id}") or one.span) if _again(one) else one
        for one in schedule.checks
    )
    return replace(watch, signs=signs), replace(schedule, checks=checks, from_first=first, from_last=last)


def _of_sign(sign: Sign) -> Iterator[Asked]:
    for one in sorted(sign.limits, key=lambda limit: (limit.side, limit.level)):
        if one.side == "above":
            yield Asked(_name(sign, one, "is"), one.absolute, sign.least, one.absolute)
        else:
            yield Asked(_name(sign, one, "is"), one.absolute, one.absolute, sign.most)
        if one.from_baseline is not None:
            yield Asked(_name(sign, one, "from"), one.from_baseline, Decimal(1), one.from_baseline)


def _of_schedule(schedule: Schedule) -> Iterator[Asked]:
    most = Decimal(DAY // MINUTE)
    for name, span in (("from_first", schedule.from_first), ("from_last", schedule.from_last)):
        if span is not None:
            yield Asked(f"watch.{name}", Decimal(span // MINUTE), Decimal(span // MINUTE), most)
        elif name == "from_last":  # what nobody says for a route is said from the end of the last dose
            yield Asked(f"watch.{name}", None, Decimal(1), most)
    for check in schedule.checks:
        if _again(check):
            yield Asked(f"check.{check.id}", Decimal(check.span // MINUTE), Decimal(1), Decimal(check.span // MINUTE))


def _again(check: Check) -> bool:
    return check.kind in ("every", "falling")


def _name(sign: Sign, limit: Limit, part: str) -> str:
    return f"{sign.id}.{limit.side}.{Level(limit.level).name.lower()}.{part}"


def _limit(sign: Sign, one: Limit, asked: Mapping[str, Decimal]) -> Limit:
    return replace(
        one,
        absolute=asked[_name(sign, one, "is")],
        from_baseline=asked.get(_name(sign, one, "from")),
    )


def _minutes(asked: Mapping[str, Decimal], name: str) -> timedelta | None:
    return int(asked[name]) * MINUTE if name in asked else None
