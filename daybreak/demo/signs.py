"""What does the monitor in a room of the demo measure at a moment of the story? What its people read off, and between these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from daybreak.demo.rooms import LATE, LEAVES, RISES, STORY
from daybreak.demo.treating import Saw, takes_off

SECONDS = 60  # of a minute
CUFF_EVERY = 12 * SECONDS  # the cuff goes by itself when nobody asks for it
BEFORE = 20  # seconds before somebody reads the pressure off, the cuff has measured it
SLIPS: Mapping[str, tuple[int, int]] = {
    LATE: (12 * SECONDS, 15 * SECONDS + 30)
}  # from then until then no oxygen is measured
BREATHS = 14
ROOMS = (RISES, LATE, LEAVES)
Known = Sequence[tuple[int, int]]  # a second of the story, and a value


@dataclass(frozen=True, slots=True)
class Signs:
    """What is measured at one second. `pressure`: only when the cuff has just measured; None: there is nothing to measure."""

    spo2: int | None
    pulse: int
    breaths: int
    pressure: tuple[int, int] | None = None


def over(number: str) -> int:
    """At which second of the story the monitor of this patient is taken off."""
    return next(minute for minute, do in STORY[number] if do is takes_off) * SECONDS


def at(number: str, second: int) -> Signs | None:
    """At a second since the demo was made. None: nobody is connected any more."""
    if second >= over(number):
        return None
    told = _told(number)
    begins, ends = SLIPS.get(number, (0, 0))
    slipped = begins <= second < ends
    return Signs(
        None if slipped else min(_between(told["spo2"], second) - _wobble(second, 2), 100),
        _between(told["heart_rate"], second) + _wobble(second, 3) - 1,
        BREATHS + _wobble(second // 15, 3) - 1,
        (_between(told["systolic"], second), _between(told["diastolic"], second)) if second in cuff(number) else None,
    )


@cache
def cuff(number: str) -> frozenset[int]:
    """When the cuff measures: before each reading that somebody writes down, and by itself where the next one is far off."""
    asked = [second - BEFORE for second, _ in _told(number)["systolic"]]
    found: list[int] = []
    for one, other in pairwise([*asked, over(number)]):
        found += range(one, other, CUFF_EVERY)
    return frozenset(one for one in found if one > 0)


@cache
def _told(number: str) -> Mapping[str, Known]:
    """By sign, what the story tells of it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for minute, do in STORY[number]:
        if isinstance(do, Saw):
            for name, value in {"systolic": do.systolic, "diastolic": do.diastolic, **do.rows}.items():
                found.setdefault(name, []).append((minute * SECONDS, value))
    return found


def _between(told: Known, second: int) -> int:
    """On a straight line between what is told; before the first and after the last it stays. What is read off soon is so now."""
    second = next((one for one, _ in told if 0 < one - second <= BEFORE), second)
    before = max((one for one in told if one[0] <= second), default=told[0])
    after = min((one for one in told if one[0] > second), default=before)
    if after[0] == before[0]:
        return before[1]
    return before[1] + (after[1] - before[1]) * (second - before[0]) // (after[0] - before[0])


def _wobble(second: int, most: int) -> int:
    """From nothing to below `most`, and no line of the same value: what does not change at all is no measurement."""
    return second * 7919 // 13 % most
