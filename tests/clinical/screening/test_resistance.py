"""When did the episode begin, and how many steps of treatment failed, as far as one chart tells?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import MET, UNREADABLE, Reason, Term
from daybreak.clinical.records import Episode, When
from daybreak.clinical.screening.criteria import FactAnswer, Range
from daybreak.clinical.screening.resistance import (
    episode_start,
    failed_adequate_trials,
    severity,
    staged,
    trd,
)
from daybreak.knowledge.rules import models
from tests.clinical.screening.build import (
    condition,
    exposure,
    failed_trial,
    missing,
    observation,
    refs,
    reviewed,
    therapy,
    view,
    when,
)

RULES = "sforzini-28d"


def md(onset: Any = "2024-01-10", **fields: Any) -> Any:
    return condition("major_depression", onset=onset, **fields)


def other(onset: Any = "2024-01-10", **fields: Any) -> Any:
    return condition("depression_unspecified", onset=onset, **fields)


def span(first: str, last: str) -> When:
    a, b = when(first), when(last)
    assert isinstance(a, When)
    assert isinstance(b, When)
    return When(a.earliest, b.latest)


@pytest.mark.parametrize("start", [when("2024-01-10"), when("2024"), UNREADABLE])
def test_the_episode_begins_as_recorded(start: Any) -> None:
    assert episode_start(view(Episode("e", start), md("2020"))) == (start, ())


NOBODY_KNOWS = {"verification": "provisional"}
PAST = {"clinical": "remission"}


@pytest.mark.parametrize(
    ("depressions", "start"),
    [
        ([md()], when("2024-01-10")),
        ([md("2024")], when("2024")),
        ([md("2020"), md("2024-01-10")], when("2024-01-10")),
        ([md(), other("2026-01-01")], when("2024-01-10")),
        ([other()], when("2024-01-10")),
        ([md("2025-01-01", **PAST), md()], when("2024-01-10")),
        ([md(), md("2020", **NOBODY_KNOWS)], when("2024-01-10")),
        ([md(), md("2025-03-01", **NOBODY_KNOWS)], span("2024-01-10", "2025-03-01")),
        ([md(), md("2025-03-01", concepts=UNREADABLE)], span("2024-01-10", "2025-03-01")),
        ([md(), md("2025-03-01", concepts=UNREADABLE, **PAST)], when("2024-01-10")),
        ([md(), other("2025-03-01", **NOBODY_KNOWS)], span("2024-01-10", "2025-03-01")),
        ([other(), md("2020-01-01", **NOBODY_KNOWS)], span("2020-01-01", "2024-01-10")),
        ([md("2024"), md("2024-06-01")], when("2024")),
    ],
)
def test_else_the_onset_of_the_present_depression_is_assumed(depressions: list[Any], start: When) -> None:
    assert episode_start(view(*depressions)) == (start, (Reason("episode.assumed", {"on": str(start)}),))
    assert episode_start(view(Episode("e"), *depressions))[0] == start


@pytest.mark.parametrize(
    ("depressions", "start"),
    [
        ([], None),
        ([md(**PAST)], None),
        ([md(**NOBODY_KNOWS)], None),
        ([other(**NOBODY_KNOWS)], None),
        ([md(None)], UNREADABLE),
        ([md(UNREADABLE, recorded=when("2025"))], UNREADABLE),
        ([md(), md(UNREADABLE)], UNREADABLE),
        ([md(), md(None, **NOBODY_KNOWS)], UNREADABLE),
    ],
)
def test_without_a_certain_onset_nothing_is_assumed(depressions: list[Any], start: Any) -> None:
    assert episode_start(view(*depressions)) == (start, ())


TWO = (
    failed_trial("sertraline", 150, "2024-02-01", "2024-05-01"),
    failed_trial("venlafaxine", 225, "2024-06-01", "2024-09-01"),
)
EPISODE = Episode("e", when("2024-01-10"))


def test_the_trd_answer_is_found_once_for_each_rule_set() -> None:
    found = view(EPISODE, *TWO)
    assert trd(found, RULES) is trd(found, RULES)
    assert trd(found, RULES).rules.id == RULES
    assert trd(found, "comp006-lt25-56d").rules.id == "comp006-lt25-56d"
    assert (trd(found, RULES).verdict, trd(found, RULES).assumed) == (MET, ())
    assert trd(view(md(), *TWO), RULES).assumed == (Reason("episode.assumed", {"on": "2024-01-10"}),)


def test_scores_of_the_chart_measure_the_outcome() -> None:
    scores = [observation("phq-9", n, day) for n, day in ((20, "2024-02-01"), (5, "2024-05-01"))]
    answer = trd(view(EPISODE, failed_trial("sertraline", 150, "2024-02-01", "2024-05-01"), *scores), RULES)
    assert answer.trials[0].reason.id == "trial.outcome-contradictory"
    assert answer.trials[0].reason.values["improvement"] == 75


def counted(*records: Any, sessions: int | None = None) -> FactAnswer:
    domains = ("antidepressant_trials", "medicines")
    return failed_adequate_trials(view(*records), rules=RULES, domains=domains, valid_days=365, sessions=sessions)


def test_a_reviewed_count_is_a_number() -> None:
    answer = counted(EPISODE, *TWO, *reviewed())
    medicines = (Term("medicine.sertraline"), Term("medicine.venlafaxine"))
    values = {"failed": 2, "possible": 0, "rules": Term(f"rules.{RULES}"), "medicines": medicines}
    assert (answer.value, answer.reason) == (Decimal(2), Reason("trials.counted", values))
    assert (answer.missing, refs(answer.evidence)) == ((), [t.ref for t in TWO])
    assert counted(EPISODE, *reviewed()).value == Decimal(0)


def test_a_count_that_nobody_reviewed_has_no_upper_bound() -> None:
    answer = counted(EPISODE, *TWO)
    assert (answer.value, answer.reason.id) == (Range(Decimal(2), Decimal("Infinity")), "trials.counted-unreviewed")
    assert missing(answer) == ["review.none"]


def test_open_trials_make_a_range_and_are_asked_about() -> None:
    open_ = exposure("bupropion", dose=None, start="2025-01-01", end="2025-06-01")
    no_outcome = exposure("mirtazapine", dose=30, start="2025-07-01", end="2025-12-01")
    answer = counted(EPISODE, *TWO, open_, no_outcome, *reviewed())
    assert answer.value == Range(Decimal(2), Decimal(4))
    assert (answer.reason.values["failed"], answer.reason.values["possible"]) == (2, 2)
    assert missing(answer) == ["trial.dose-unknown", "trial.outcome-unknown"]


def test_psychotherapy_counts_only_when_it_is_asked_for() -> None:
    talk = therapy()
    assert counted(EPISODE, *TWO, talk, *reviewed()).value == Decimal(2)
    answer = counted(EPISODE, *TWO, talk, *reviewed(), sessions=8)
    assert (answer.value, refs(answer.evidence)[-1]) == (Decimal(3), talk.ref)
    open_ = counted(EPISODE, *TWO, therapy(sessions=None), *reviewed(), sessions=8)
    assert open_.value == Range(Decimal(2), Decimal(3))
    assert open_.reason.values["possible"] == 1
    before = counted(EPISODE, *TWO, therapy("2020-01-01", "2020-09-01"), *reviewed(), sessions=8)
    assert before.value == Decimal(2)


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([Episode("e", None, "severe"), condition("major_depression", "severity_mild")], "severe"),
        ([Episode("e", None, UNREADABLE)], UNREADABLE),
        ([Episode("e"), condition("major_depression", "severity_moderate")], "moderate"),
        (
            [condition("major_depression", "severity_mild"), condition("major_depression", "severity_severe")],
            UNREADABLE,
        ),
        ([condition("major_depression", "severity_mild", verification=UNREADABLE)], "mild"),
        ([condition("major_depression", "severity_mild", clinical="resolved")], None),
        ([condition("severity_mild")], None),
        ([condition("major_depression")], None),
        ([condition(concepts=UNREADABLE, possible=frozenset({"major_depression"}))], None),
        ([], None),
    ],
)
def test_severity_is_as_recorded_else_as_coded(records: list[Any], word: Any) -> None:
    assert severity(view(*records)) == word


def test_the_stagings_are_made_of_the_same_episode_severity_and_scores() -> None:
    severe = Episode("e", when("2024-01-10"), "severe")
    found = staged(view(severe, *TWO), models(), RULES)
    assert (found.msm.total, found.msm.parts) == (8, (3, 4, 1, 0, 0))
    assert staged(view(Episode("e", None, "severe"), *TWO), models(), RULES).msm.total is None
    assert staged(view(Episode("e", when("2024-01-10")), *TWO), models(), RULES).msm.total is None
    scores = [observation("phq-9", n, day) for n, day in ((20, "2024-02-01"), (8, "2024-05-01"))]
    assert staged(view(severe, *TWO[:1], *scores), models(), RULES).msm.total is None


def test_a_payer_that_counts_what_was_not_tolerated() -> None:
    given_up = failed_trial("venlafaxine", 225, "2024-06-01", "2024-06-08")
    given_up = replace(given_up, stop="intolerance")
    seen = view(md(), TWO[0], given_up, *reviewed())
    assert (trd(seen, "us-payer-example").word, trd(seen, RULES).word) == ("yes", "no")
    same_class = replace(given_up, ingredients=("citalopram",), dose=Decimal(20))
    assert trd(view(md(), TWO[0], same_class, *reviewed()), "us-payer-example").word == "no"
