"""Was psychotherapy long enough, in this episode, and did it help?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, UNREADABLE, Evidence
from daybreak.clinical.screening.courses import window
from daybreak.clinical.screening.psychotherapy import TherapyTrial, failures, psychotherapies
from daybreak.knowledge.rules import trial_rules
from tests.clinical.screening.build import DAY, therapy, when


def judged(*courses: Any, start: Any = "2024-01-10") -> tuple[TherapyTrial, ...]:
    span = window(when(start), index=DAY)
    return psychotherapies(courses, minimum_sessions=8, rules=trial_rules()["sforzini-28d"], span=span)


def test_only_psychotherapy_that_could_lie_in_the_episode() -> None:
    assert judged(therapy(kind="ect"), therapy("2020-01-01", "2024-01-09"), therapy("2026-06-16", None)) == ()
    assert len(judged(therapy("2020-01-01", "2024-01-10"), therapy("2026-06-15", None))) == 2
    assert judged(therapy("2020-01-01", None)) == ()
    assert len(judged(therapy("2020-01-01", UNREADABLE))) == 1


@pytest.mark.parametrize(
    ("sessions", "adequate"), [(8, MET), (7, NOT_MET), (0, NOT_MET), (None, UNKNOWN), (UNREADABLE, UNKNOWN)]
)
def test_enough_sessions(sessions: Any, adequate: Any) -> None:
    course = therapy(sessions=sessions, text="CBT")
    (trial,) = judged(course)
    assert (trial.therapy, trial.adequate, trial.evidence) == (
        course,
        adequate,
        Evidence(course.ref, "CBT", "2024-03-01"),
    )
    assert trial.reason.id == ("psychotherapy.too-short" if adequate is NOT_MET else "psychotherapy.failed")
    shown = sessions if isinstance(sessions, int) else None
    assert trial.reason.values == {"sessions": shown, "needed": 8}


@pytest.mark.parametrize(
    ("fields", "failed", "reason"),
    [
        ({}, MET, "failed"),
        ({"stop": None}, UNKNOWN, "outcome-unknown"),
        ({"stop": "other"}, UNKNOWN, "outcome-unknown"),
        ({"stop": UNREADABLE}, UNKNOWN, "outcome-unknown"),
        ({"improvement": UNREADABLE}, UNKNOWN, "outcome-unknown"),
        ({"improvement": Decimal(10), "stop": UNREADABLE}, UNKNOWN, "outcome-unknown"),
        ({"improvement": Decimal(24)}, MET, "failed"),
        ({"improvement": Decimal(24), "stop": None}, MET, "failed"),
        ({"improvement": Decimal(25)}, NOT_MET, "helped"),
        ({"improvement": Decimal(49)}, NOT_MET, "helped"),
        ({"improvement": Decimal(50)}, UNKNOWN, "outcome-unknown"),
        ({"improvement": Decimal(50), "stop": None}, NOT_MET, "helped"),
    ],
)
def test_did_it_help(fields: dict[str, Any], failed: Any, reason: str) -> None:
    (trial,) = judged(therapy(**fields))
    assert (trial.failed, trial.reason.id) == (failed, f"psychotherapy.{reason}")


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2024-01-10", "2024-03-01", True),
        ("2020-01-01", "2024-01-10", True),
        ("2026-06-15", None, True),
        ("2026-06-15", "2026-09-01", True),
        ("2024-01-10", UNREADABLE, True),
        (UNREADABLE, "2024-03-01", True),
        (UNREADABLE, "2026-06-15", True),
        (UNREADABLE, "2026-06-16", False),
        ("2020-01-01", UNREADABLE, False),
        ("2024", None, False),
        ("2020-01-01", "2024", False),
        ("2026", None, False),
        (UNREADABLE, UNREADABLE, False),
        (None, None, False),
    ],
)
def test_only_what_was_certainly_in_the_episode_counts(start: Any, end: Any, inside: bool) -> None:
    (trial,) = judged(therapy(start, end))
    assert trial.adequate is (MET if inside else UNKNOWN)
    assert trial.reason.id == f"psychotherapy.{'failed' if inside else 'undated'}"
    assert judged(therapy(start, end, sessions=3))[0].adequate is NOT_MET


def test_with_an_unknown_start_of_the_episode_nothing_is_certain() -> None:
    assert judged(therapy(), start=UNREADABLE)[0].adequate is UNKNOWN
    assert judged(therapy(), start="2024")[0].adequate is UNKNOWN
    assert judged(therapy("2023-01-01", "2024-12-31"), start="2024")[0].adequate is MET


def test_certain_failures_and_those_that_could_be() -> None:
    failed, helped, short = therapy(), therapy(improvement=Decimal(60), stop=None), therapy(sessions=2)
    open_, silent = therapy(sessions=None), therapy(stop=None)
    assert failures(judged(failed, helped, short, open_, silent)) == (1, 2)
    assert failures(judged(failed, failed)) == (2, 0)
    assert failures(judged(helped, short)) == (0, 0)
    assert judged(therapy(None))[0].evidence.date is None
