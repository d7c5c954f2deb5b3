"""Is an event that nobody knows enough about ever called not serious, and is what contradicts itself named?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from daybreak.clinical.treatment.adverse import (
    Course,
    Death,
    Owed,
    Told,
    When,
    Word,
    contradictions,
    owed,
    serious,
    since,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DEATH = Death("death", "5", "fatal")
CRITERIA = ("death", "hospital", "prevented")


def at(hours: int, long: int = 0) -> When:
    return When(NOW + hours * HOUR, NOW + (hours + long) * HOUR)


def test_unknown_is_never_not_serious() -> None:
    for answers in product(("yes", "no", "unknown", None), repeat=len(CRITERIA)):
        told = {one: answer for one, answer in zip(CRITERIA, answers, strict=True) if answer}
        found = serious(told, CRITERIA)
        assert (found == "yes") is ("yes" in answers)
        assert (found == "no") is (set(answers) == {"no"})
    assert serious({}, ()) == "unknown"
    assert serious({"another": "yes"}, CRITERIA) == "unknown"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (Told(), set()),
        (Told(onset=at(-2), end=at(-1), course=Course.ENDED), set()),
        (Told(onset=at(-12, 24)), set()),  # a day that is not over yet has begun
        (Told(onset=at(1)), {"not_yet"}),
        (Told(onset=at(-2), end=at(1), course=Course.ENDED), {"not_yet"}),
        (Told(onset=at(-2), end=at(-3), course=Course.ENDED), {"ends_before"}),
        (Told(onset=at(-2), end=at(-12, 24), course=Course.ENDED), set()),  # some time of that day
        (Told(end=at(-1), course=Course.ONGOING), {"not_over"}),
        (Told(grade="5"), set()),
        (Told(grade="5", outcome="fatal", serious={"death": "yes"}), set()),
        (Told(grade="5", outcome="recovered"), {"death_and_none"}),
        (Told(grade="5", serious={"death": "no"}), {"death_and_none"}),
        (Told(outcome="fatal", serious={"death": "unknown"}), set()),
        (Told(outcome="fatal", grade="3"), {"death_and_none"}),
    ],
)
def test_what_cannot_be_so_is_named(told: Told, found: set[str]) -> None:
    assert set(contradictions(told, DEATH, NOW)) == found
    known = replace(told, serious={}, grade="", outcome="", onset=None, end=None, course=Course.UNKNOWN)
    assert not list(contradictions(known, DEATH, NOW)), "what is unknown contradicts nothing"


def test_what_is_serious_or_may_be_is_owed_a_report_once_it_is_judged() -> None:
    for answer, reported in product(("yes", "no", "unknown"), (True, False)):
        assert owed(serious=answer, reviewed=False, reported=reported) is Owed.REVIEW
        rest = Owed.NOTHING if reported or answer == "no" else Owed.REPORT
        assert owed(serious=answer, reviewed=True, reported=reported) is rest


def words(*told: tuple[str, bool]) -> list[Word]:
    return [Word(NOW + n * HOUR, serious, settled) for n, (serious, settled) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "from_the"),
    [
        ([("no", False)], 0),
        ([("yes", False), ("yes", False), ("unknown", False)], 0),  # corrected again and again, it is as late
        ([("no", False), ("no", False)], 0),
        ([("no", False), ("unknown", False), ("yes", False)], 1),  # that it may be serious was told with the second
        ([("yes", False), ("no", False), ("yes", False)], 0),
        ([("yes", False), ("no", False)], 0),
        ([("yes", True), ("yes", False), ("yes", False)], 1),  # what the first owed had been done
        ([("no", True), ("no", False)], 1),
    ],
)
def test_a_correction_gives_nobody_new_days(told: list[tuple[str, bool]], from_the: int) -> None:
    assert since(words(*told)) == NOW + from_the * HOUR
