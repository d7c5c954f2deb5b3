"""Does every part of judging a trial answer as its docstring says: runs, courses, outcomes, steps, the TRD answer?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import Exposure, on
from daybreak.clinical.screening.courses import Window, describe, evidence, place, window
from daybreak.clinical.screening.rules import DoseTable, TrialRules
from daybreak.clinical.screening.runs import Run, Span, longest, runs
from daybreak.clinical.screening.steps import Steps, could_be_one, count, surely_one
from daybreak.clinical.screening.trd import Trd, assess, by_ingredient, not_measured
from daybreak.clinical.screening.trials import Dates, Label, Trial, judge_trial, name_of
from tests.clinical.screening.build import exposure, failed_trial, when

MINIMUM = {"sertraline": Decimal(50), "venlafaxine": Decimal(150), "fluoxetine": Decimal(20)}
CLASSES = {"sertraline": "ssri", "fluoxetine": "ssri", "venlafaxine": "snri", "lofepramine": "tca"}
RULES = TrialRules(
    id="r",
    dose_table=DoseTable("t", MINIMUM),
    minimum_days=28,
    bridge=14,
    failed_below=Decimal(25),
    failed_inclusive=False,
    response_from=Decimal(50),
    combination_start=14,
    combination_overlap=28,
    score_window=14,
    adherence_from=Decimal(80),
    steps_needed=2,
)
INDEX = date(2025, 1, 1)
SPAN = window(on(date(2024, 1, 1)), index=INDEX)


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def span(first: int, last: int, dose: int = 50, kind: str = "k", course: int = 0) -> Span:
    return Span(first, last, Decimal(dose), kind, course)


def run(*spans: Span, minimum: int = 50) -> list[Run]:
    return runs(spans, minimum_dose=Decimal(minimum), bridge=14)


def judged(*exposures: Exposure, rules: TrialRules = RULES, name: str = "sertraline", measured: Any = None) -> Trial:
    trial = judge_trial(name, exposures, rules=rules, span=SPAN, improvements=measured or (lambda first, last: None))
    assert trial is not None
    return trial


def assessed(*exposures: Exposure, rules: TrialRules = RULES, start: Any = "2024-01-01") -> Trd:
    return assess(exposures, antidepressants=CLASSES, rules=rules, episode_start=when(start), index=INDEX)


def taken(name: str = "sertraline", start: Any = "2024-02-01", end: Any = "2024-04-10", **fields: Any) -> Exposure:
    return exposure(name, **{"dose": 200, "start": start, "end": end, **fields})


class TestRuns:
    def test_both_ends_count(self) -> None:
        assert run(span(1, 28)) == [Run(1, 28, 28, (0,))]
        assert run(span(5, 5)) == [Run(5, 5, 1, (0,))]

    def test_no_courses_no_runs(self) -> None:
        assert run() == []
        assert longest([]) is None

    def test_gap_days_are_bridged_but_not_counted(self) -> None:
        assert run(span(1, 10), span(25, 30, course=1)) == [Run(1, 30, 16, (0, 1))]
        assert run(span(1, 10), span(26, 30, course=1)) == [Run(1, 10, 10, (0,)), Run(26, 30, 5, (1,))]

    def test_courses_that_touch(self) -> None:
        assert run(span(1, 10), span(11, 20, course=1)) == [Run(1, 20, 20, (0, 1))]

    def test_a_course_is_named_once(self) -> None:
        assert run(span(1, 30), span(5, 10, course=1)) == [Run(1, 30, 30, (0, 1))]

    def test_one_kind_adds_up_and_another_describes_the_same(self) -> None:
        assert run(span(1, 9, 25), span(1, 9, 25, course=1))[0].days == 9
        assert run(span(1, 9, 25), span(1, 9, 25, "other", course=1)) == []
        assert run(span(1, 9, 25), span(1, 9, 60, "other", course=1))[0].courses == (0, 1)

    def test_the_minimum_itself_is_enough(self) -> None:
        assert run(span(1, 9, 49)) == []
        assert run(span(1, 9, 50))[0].days == 9

    def test_the_longest_and_of_equals_the_later(self) -> None:
        short, early, late = Run(1, 9, 9, ()), Run(20, 39, 20, ()), Run(60, 79, 20, ())
        assert longest([late, short, early]) is late
        assert longest([early, short]) is early


class TestCourses:
    def test_the_window(self) -> None:
        day = INDEX.toordinal()
        assert window(None, index=INDEX) == window(UNREADABLE, index=INDEX) == Window(1, day, day)
        assert window(when("2024"), index=INDEX) == Window(ordinal("2024-01-01"), ordinal("2024-12-31"), day)
        assert window(when("2026"), index=INDEX) == Window(day, day, day)

    @pytest.mark.parametrize(
        ("given", "open_", "days"),
        [
            ({}, None, ("2024-02-01", "2024-02-01", "2024-04-10", "2024-04-10")),
            ({"start": "2023-02-01"}, None, ("2024-01-01", "2024-01-01", "2024-04-10", "2024-04-10")),
            ({"end": "2025-02-01"}, None, ("2024-02-01", "2024-02-01", "2025-01-01", "2025-01-01")),
            ({"end": None, "status": "active"}, None, ("2024-02-01", "2024-02-01", "2025-01-01", "2025-01-01")),
            ({"start": None}, "trial.start-unknown", ("2024-01-01", "2025-01-01", "2024-04-10", "2024-04-10")),
            ({"start": UNREADABLE}, "trial.start-unknown", ("2024-01-01", "2025-01-01", "2024-04-10", "2024-04-10")),
            ({"start": "2024-02"}, "trial.start-unknown", ("2024-02-01", "2024-02-29", "2024-04-10", "2024-04-10")),
            ({"end": "2024-04"}, "trial.end-unknown", ("2024-02-01", "2024-02-01", "2024-04-01", "2024-04-30")),
            ({"start": "2024-02", "end": "2024-04"}, "trial.start-unknown", None),
            ({"start": None, "end": None, "status": None}, "trial.start-unknown", None),
            (
                {"end": None, "status": "ended"},
                "trial.end-unknown",
                ("2024-02-01", "2024-02-01", "2024-02-01", "2025-01-01"),
            ),
            ({"end": UNREADABLE, "status": "active"}, "trial.end-unknown", None),
            (
                {"start": "2024-05-01"},
                "trial.end-before-start",
                ("2024-01-01", "2025-01-01", "2024-01-01", "2025-01-01"),
            ),
            ({"start": "2025-05-01"}, "trial.end-before-start", None),
            ({"status": "held"}, "trial.status-unknown", None),
            ({"status": UNREADABLE}, "trial.status-unknown", None),
            ({"indication": UNREADABLE}, "trial.indication-unknown", None),
            ({"ingredients": UNREADABLE}, "trial.name-unknown", None),
            ({"start": None, "status": UNREADABLE, "indication": UNREADABLE}, "trial.start-unknown", None),
        ],
    )
    def test_where_it_lies(self, given: dict[str, Any], open_: str | None, days: tuple[str, ...] | None) -> None:
        course = place(taken(**given), SPAN)
        assert course is not None
        assert course.why == open_
        if days is not None:
            found = (course.first_earliest, course.first_latest, course.last_earliest, course.last_latest)
            assert found == tuple(map(ordinal, days))
            assert course.dated == (days[0] == days[1] and days[2] == days[3])

    @pytest.mark.parametrize(
        ("start", "end", "there"),
        [
            ("2023-02-01", "2023-12-31", False),
            ("2023-02-01", "2024-01-01", True),
            ("2025-01-01", "2025-02-01", True),
            ("2025-01-02", "2025-02-01", False),
            ("2025-01-02", None, False),
            (None, "2023-12-31", False),
        ],
    )
    def test_outside(self, start: str | None, end: str | None, there: bool) -> None:
        assert (place(taken(start=start, end=end, status="active"), SPAN) is not None) == there

    def test_an_unsure_start_of_the_episode(self) -> None:
        unsure = window(when("2024-02"), index=INDEX)

        def of(start: str) -> tuple[str | None, int]:
            course = place(taken(start=start), unsure)
            assert course is not None
            return course.why, course.first_latest

        assert of("2024-02-28") == ("trial.episode-unknown", ordinal("2024-02-29"))
        assert of("2024-02-29") == (None, ordinal("2024-02-29"))

    def test_in_a_line(self) -> None:
        assert describe(taken(text="Zoloft")) == "Zoloft 200 mg/d, 2024-02-01 – 2024-04-10"
        assert describe(taken(dose=37.50, start="2024-02", end=None)) == "sertraline 37.5 mg/d, 2024-02 – active"
        unknown = taken(dose=None, start=UNREADABLE, end=None, status=None)
        assert describe(unknown) == "sertraline, ? – ?"
        assert evidence([replace(unknown, ref="M/1")]) == (Evidence("M/1", "sertraline, ? – ?", None),)
        assert evidence([taken(ref="M/2")])[0].date == "2024-02-01"


class TestTrials:
    def test_all_of_a_failed_trial(self) -> None:
        trial = judged(taken(ref="M/1", improvement=Decimal(10)))
        values = {"medicine": Term("medicine.sertraline"), "days": 70, "needed": 28, "dose": 50, "improvement": 10}
        day = ordinal("2024-02-01")
        assert trial == Trial(
            ingredient="sertraline",
            label=Label.FAILED,
            days=70,
            reason=Reason("trial.failed", values),
            evidence=(Evidence("M/1", "sertraline 200 mg/d, 2024-02-01 – 2024-04-10", "2024-02-01"),),
            dates=Dates(day, day, day, day + 69, day + 69),
        )
        assert trial.adequate

    @pytest.mark.parametrize(
        ("given", "label", "reason"),
        [
            ({"improvement": Decimal("24.9")}, Label.FAILED, "trial.failed"),
            ({"improvement": Decimal(25)}, Label.PARTIAL, "trial.partial"),
            ({"improvement": Decimal("49.9")}, Label.PARTIAL, "trial.partial"),
            ({"improvement": Decimal(50)}, Label.RESPONSE, "trial.response"),
            ({"stop": "no effect"}, Label.FAILED, "trial.failed-by-reason"),
            ({"stop": "helped"}, Label.RESPONSE, "trial.helped-by-reason"),
            ({"stop": "intolerance"}, Label.OPEN, "trial.outcome-unknown"),
            ({"stop": UNREADABLE}, Label.OPEN, "trial.outcome-unknown"),
            ({}, Label.OPEN, "trial.outcome-unknown"),
            ({"improvement": UNREADABLE, "stop": "no effect"}, Label.OPEN, "trial.outcome-unreadable"),
            ({"improvement": Decimal(60), "stop": "no effect"}, Label.OPEN, "trial.outcome-contradictory"),
            ({"improvement": Decimal(60), "stop": UNREADABLE}, Label.OPEN, "trial.outcome-unreadable"),
            ({"improvement": Decimal(60), "stop": "other"}, Label.RESPONSE, "trial.response"),
            ({"improvement": Decimal(10), "stop": UNREADABLE}, Label.FAILED, "trial.failed"),
        ],
    )
    def test_outcomes(self, given: dict[str, Any], label: Label, reason: str) -> None:
        trial = judged(taken(**given))
        assert (trial.label, trial.reason.id, trial.days, trial.adequate) == (label, reason, 70, True)
        shown = reason in ("trial.failed", "trial.partial", "trial.response", "trial.outcome-contradictory")
        assert ("improvement" in trial.reason.values) == shown

    def test_a_measured_change_comes_first(self) -> None:
        asked = []

        def measured(first: int, last: int) -> Any:
            asked.append((first, last))
            return Decimal(60)

        assert judged(taken(improvement=Decimal(10)), measured=measured).label is Label.RESPONSE
        assert asked == [(ordinal("2024-02-01"), ordinal("2024-04-10"))]
        unreadable = judged(taken(improvement=Decimal(10)), measured=lambda first, last: UNREADABLE)
        assert unreadable.reason.id == "trial.outcome-unreadable"

    def test_a_measured_change_of_a_trial_that_is_not_certain(self) -> None:
        def helped(first: int, last: int) -> Any:
            return Decimal(60)

        failing = {"improvement": Decimal(10)}
        assert judged(taken(dose=None, **failing), measured=helped).label is Label.SPARED
        assert judged(taken(dose=None, start="2024-02", **failing), measured=helped).label is Label.POSSIBLE
        twice = judged(taken(dose=None, **failing), taken(start="2024-05-01", **failing, end=None), measured=helped)
        assert twice.label is Label.POSSIBLE

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"dose": None}, "trial.dose-unknown"),
            ({"dose": None, "adherence": Decimal(10)}, "trial.dose-unknown"),
            ({"adherence": UNREADABLE}, "trial.adherence-open"),
            ({"adherence": Decimal("79.9")}, "trial.adherence-open"),
            ({"start": None}, "trial.start-unknown"),
            ({"end": None, "status": None, "dose": None}, "trial.end-unknown"),
        ],
    )
    def test_open_trials(self, given: dict[str, Any], reason: str) -> None:
        trial = judged(taken(ref="M/1", improvement=Decimal(10), **given))
        assert (trial.label, trial.days, trial.adequate) == (Label.POSSIBLE, None, False)
        assert trial.clouds == (given != {"start": None})
        assert trial.reason == Reason(reason, {"medicine": Term("medicine.sertraline"), "needed": 28})
        assert [e.resource for e in trial.evidence] == ["M/1"]

    def test_enough_doses_taken(self) -> None:
        assert judged(taken(adherence=Decimal(80), stop="no effect")).label is Label.FAILED

    def test_a_dose_that_cannot_be_read(self) -> None:
        assert judged(replace(taken(), dose=UNREADABLE)).reason.id == "trial.dose-unknown"

    def test_no_minimum(self) -> None:
        assert judged(taken("lofepramine"), name="lofepramine").reason.id == "trial.no-minimum"
        short = judged(taken("lofepramine", end="2024-02-10"), name="lofepramine")
        assert (short.label, short.days, short.reason.id) == (Label.INADEQUATE, None, "trial.too-short-anyway")

    @pytest.mark.parametrize(
        ("given", "label", "may"),
        [
            ({"improvement": Decimal(24)}, Label.POSSIBLE, False),
            ({"stop": "no effect"}, Label.POSSIBLE, False),
            ({"stop": "no effect", "status": "held"}, Label.POSSIBLE, True),
            ({}, Label.POSSIBLE, True),
            ({"stop": "intolerance"}, Label.POSSIBLE, True),
            ({"improvement": UNREADABLE, "stop": "no effect"}, Label.POSSIBLE, True),
            ({"improvement": Decimal(50), "stop": "no effect"}, Label.POSSIBLE, True),
            ({"improvement": Decimal(50), "stop": UNREADABLE}, Label.POSSIBLE, True),
            ({"improvement": Decimal(50)}, Label.SPARED, True),
            ({"improvement": Decimal(49), "stop": "no effect"}, Label.SPARED, True),
            ({"improvement": Decimal(25)}, Label.SPARED, True),
        ],
    )
    def test_what_an_open_trial_may_have_done(self, given: dict[str, Any], label: Label, may: bool) -> None:
        trial = judged(taken(start="2024-02", **given))
        assert (trial.label, trial.clouds) == (label, may)
        assert trial.reason.id == ("trial.spared" if label is Label.SPARED else "trial.start-unknown")
        undosed = judged(taken(dose=None, **given))
        assert (undosed.label, undosed.clouds) == (label, True)

    def test_the_days_of_an_open_trial(self) -> None:
        def dates(*exposures: Exposure) -> Any:
            return judged(*exposures).dates

        whole = taken(dose=None)
        first, last = ordinal("2024-02-01"), ordinal("2024-04-10")
        assert dates(whole) == Dates(first, first, first, last, last)
        unended = dates(taken(end=None, status="ended"))
        assert unended == Dates(first, first, first, INDEX.toordinal(), first + 27)
        two = dates(whole, taken(start="2024-06-01", end="2024-07-31"))
        second = ordinal("2024-06-01")
        assert two == Dates(first, second, first, ordinal("2024-07-31"), last)

    def test_too_low_all_together(self) -> None:
        low = judged(taken(dose=20), taken(dose=29, start="2024-03"))
        assert (low.label, low.days, low.reason.id) == (Label.INADEQUATE, None, "trial.too-short-anyway")
        assert judged(taken(dose=20), taken(dose=30, start="2024-03")).label is Label.POSSIBLE
        known = judged(taken(dose=20), taken(dose=29))
        assert (known.label, known.days, known.reason.id) == (Label.INADEQUATE, 0, "trial.too-short")
        assert known.reason.values == {
            "medicine": Term("medicine.sertraline"),
            "needed": 28,
            "dose": 50,
            "days": 0,
        }

    def test_twenty_eight_possible_days(self) -> None:
        assert judged(taken(dose=None, end="2024-02-27")).label is Label.INADEQUATE
        assert judged(taken(dose=None, end="2024-02-28")).label is Label.POSSIBLE

    def test_an_open_course_that_cannot_matter(self) -> None:
        clear = taken(improvement=Decimal(10))
        trial = judged(clear, taken(dose=None, start="2024-06-01", end="2024-06-20", improvement=Decimal(90)))
        assert (trial.label, trial.days, len(trial.evidence)) == (Label.FAILED, 70, 2)
        near = judged(clear, taken(dose=None, start="2024-04-25", end="2024-04-26"))
        assert near.label is Label.POSSIBLE
        apart = judged(clear, taken(dose=None, start="2024-04-26", end="2024-04-27"))
        assert apart.label is Label.FAILED

    def test_begun_at_a_low_dose(self) -> None:
        low = taken(dose=25, start="2024-01-20", end="2024-01-31")
        dates = judged(low, taken(stop="no effect")).dates
        assert dates is not None
        assert (dates.begun, dates.first) == (ordinal("2024-01-20"), ordinal("2024-02-01"))
        earlier = taken(dose=25, start="2024-01-01", end="2024-01-16")  # a gap of 15 days
        dates = judged(earlier, taken(stop="no effect")).dates
        assert dates is not None
        assert dates.begun == ordinal("2024-02-01")

    def test_runs_that_ended_differently(self) -> None:
        later = taken(start="2024-06-01", end="2024-06-28", improvement=Decimal(60))
        assert judged(taken(improvement=Decimal(10)), later).note == Reason(
            "trial.runs-differ", {"medicine": Term("medicine.sertraline")}
        )
        assert judged(taken(improvement=Decimal(10)), replace(later, improvement=Decimal(5))).note is None
        short = replace(later, end=when("2024-06-27"))
        assert judged(taken(improvement=Decimal(10)), short).note is None

    @pytest.mark.parametrize("stop", ["intolerance", "no effect", None, UNREADABLE])
    def test_too_short(self, stop: Any) -> None:
        short = taken(end="2024-02-27", stop=stop)
        trial = judged(short)
        assert trial.days == 27
        assert trial.dates is None
        if stop == "intolerance":
            assert (trial.label, trial.reason.id) == (Label.INTOLERANT, "trial.intolerant")
        else:
            assert (trial.label, trial.reason.id) == (Label.INADEQUATE, "trial.too-short")

    def test_intolerance_that_counts(self) -> None:
        payer = replace(RULES, intolerance_counts=True)
        unknown = judged(taken(end="2024-02-10", stop=UNREADABLE), rules=payer)
        assert (unknown.label, unknown.days, unknown.reason.id) == (Label.POSSIBLE, None, "trial.stop-unknown")
        assert judged(taken(end="2024-02-10"), rules=payer).label is Label.INADEQUATE
        for doubtful in (
            {"start": "2024-02"},
            {"status": "held"},
            {"indication": UNREADABLE},
            {"ingredients": UNREADABLE},
        ):
            perhaps = taken(**{"end": "2024-02-10", "stop": "intolerance", **doubtful})
            assert judged(perhaps, rules=payer).label is Label.POSSIBLE
            assert judged(perhaps).label is Label.INTOLERANT
            assert judged(perhaps, taken(end="2024-02-10", stop="intolerance"), rules=payer).label is Label.INTOLERANT
        undosed = judged(taken(dose=None, end="2024-02-10", stop="intolerance"), rules=payer)
        assert (undosed.label, undosed.days, undosed.reason.id) == (
            Label.INTOLERANT,
            None,
            "trial.intolerant-days-unknown",
        )

    @pytest.mark.parametrize("stop", ["intolerance", UNREADABLE])
    def test_an_open_trial_that_may_have_been_given_up(self, stop: Any) -> None:
        helped = taken(dose=None, stop=stop, improvement=Decimal(30))
        payer = judged(helped, rules=replace(RULES, intolerance_counts=True))
        assert (payer.label, payer.given_up, payer.reason.id) == (Label.POSSIBLE, True, "trial.dose-unknown")
        assert (judged(helped).label, judged(helped).given_up) == (Label.SPARED, False)
        short = judged(
            replace(helped, end=when("2024-02-10"), stop=UNREADABLE), rules=replace(RULES, intolerance_counts=True)
        )
        assert short.given_up

    def test_nothing_in_the_episode(self) -> None:
        def nothing(*exposures: Exposure) -> Trial | None:
            return judge_trial("sertraline", exposures, rules=RULES, span=SPAN, improvements=lambda first, last: None)

        assert nothing() is None
        assert nothing(taken(status="planned")) is None
        before = nothing(taken(start="2023-01-01", end="2023-06-01"))
        after = nothing(taken(start="2025-02-01", end="2025-06-01"))
        other = nothing(taken(indication="other"))
        assert before is not None
        assert after is not None
        assert other is not None
        assert [(t.label, t.days, t.reason.id) for t in (before, after, other)] == [
            (Label.INADEQUATE, 0, "trial.outside-episode"),
            (Label.INADEQUATE, 0, "trial.after-index"),
            (Label.OTHER_USE, None, "trial.other-use"),
        ]
        both = nothing(taken(start="2025-02-01", end="2025-06-01"), taken(start="2023-01-01", end="2023-06-01"))
        undated = nothing(taken(start=None, end="2023-06-01"))
        assert both is not None
        assert undated is not None
        assert both.reason.id == undated.reason.id == "trial.outside-episode"
        assert len(both.evidence) == 2
        assert before.reason.values == {"medicine": Term("medicine.sertraline")}

    def test_only_what_was_for_depression_is_judged(self) -> None:
        trial = judged(taken(improvement=Decimal(10)), taken(indication="other", dose=None))
        assert (trial.label, len(trial.evidence)) == (Label.FAILED, 1)

    def test_names(self) -> None:
        assert name_of("sertraline") == Term("medicine.sertraline")
        assert name_of("unnamed:M/1") == Term("medicine.unnamed")


def certain(name: str, first: int, last: int, label: Label = Label.FAILED, **fields: Any) -> Trial:
    reason = Reason("trial.failed")
    return Trial(name, label, last - first + 1, reason, (), dates=Dates(first, first, first, last, last), **fields)


def open_(name: str, first: int, last: int, *, may: bool = False, label: Label = Label.POSSIBLE, **dates: int) -> Trial:
    days = {"begun": first, "begun_latest": first, "first": first, "last": last, "last_earliest": last, **dates}
    return Trial(name, label, None, Reason("trial.x"), (), dates=Dates(**days), clouds=may)


def counted(trials: list[Trial], rules: TrialRules = RULES) -> tuple[int, int]:
    steps = count(trials, rules)
    return steps.failed, steps.possible


class TestSteps:
    @pytest.mark.parametrize(
        ("a", "b", "one"),
        [
            ((1, 100), (15, 100), True),
            ((1, 100), (16, 100), False),
            ((1, 30), (3, 60), True),
            ((1, 30), (4, 60), False),
            ((1, 60), (3, 29), False),
            ((1, 60), (3, 30), True),
        ],
    )
    def test_exact_days(self, a: tuple[int, int], b: tuple[int, int], one: bool) -> None:
        x, y = (Dates(first, first, first, last, last) for first, last in (a, b))
        for left, right in ((x, y), (y, x)):
            assert could_be_one(left, right, RULES) == surely_one(left, right, RULES) == one

    def test_days_that_are_not_exact(self) -> None:
        known = Dates(100, 100, 100, 200, 200)
        far = Dates(50, 150, 50, 300, 180)
        assert could_be_one(known, far, RULES)
        assert not surely_one(known, far, RULES)
        assert surely_one(known, Dates(95, 114, 95, 300, 141), RULES)
        assert not surely_one(known, Dates(95, 115, 95, 300, 160), RULES)
        assert not surely_one(known, Dates(95, 114, 95, 300, 140), RULES)
        assert not could_be_one(known, Dates(50, 85, 50, 300, 180), RULES)
        assert could_be_one(known, Dates(50, 86, 50, 300, 180), RULES)

    def test_begun_low(self) -> None:
        late = Dates(100, 100, 130, 200, 200)
        assert surely_one(Dates(101, 101, 101, 157, 157), late, RULES)
        assert not could_be_one(Dates(101, 101, 101, 156, 156), late, RULES)

    def test_nothing(self) -> None:
        assert count([], RULES) == Steps(0, 0, frozenset())

    def test_one_after_the_other(self) -> None:
        assert counted([certain("a", 1, 60), certain("b", 61, 120)]) == (2, 0)

    def test_the_medicines_of_the_steps(self) -> None:
        after = [certain("b", 61, 120, Label.OPEN), certain("c", 121, 180, Label.RESPONSE), open_("d", 181, 240)]
        assert count([certain("a", 1, 60), *after], RULES) == Steps(1, 2, frozenset("a"), frozenset("bd"))

    def test_together(self) -> None:
        assert counted([certain("a", 1, 60), certain("b", 1, 60)]) == (1, 0)

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
    def test_linked_through_another(self, order: tuple[int, ...]) -> None:
        three = [certain("a", 1, 90), certain("b", 21, 90), certain("c", 11, 90)]
        assert count([three[i] for i in order], RULES).failed == 1
        assert count([three[0], three[1]], RULES).failed == 2

    @pytest.mark.parametrize(
        ("label", "failed", "possible"),
        [(Label.RESPONSE, 0, 0), (Label.PARTIAL, 0, 0), (Label.OPEN, 0, 1), (Label.FAILED, 1, 0)],
    )
    def test_the_other_member(self, label: Label, failed: int, possible: int) -> None:
        steps = count([certain("a", 1, 60), certain("b", 1, 60, label)], RULES)
        assert (steps.failed, steps.possible) == (failed, possible)
        assert steps.failed_medicines == (frozenset("ab") if failed else frozenset())

    def test_labels_that_are_no_steps(self) -> None:
        rest = [
            Trial(n, label, 0, Reason("x"), ()) for n, label in zip("ab", ("inadequate", "intolerant"), strict=True)
        ]
        assert counted([replace(t, label=Label(t.label)) for t in rest]) == (0, 0)

    def test_an_open_member_makes_its_step_possible(self) -> None:
        assert counted([certain("a", 1, 60), open_("b", 1, 60, may=True)]) == (0, 1)
        assert counted([certain("a", 1, 60), open_("b", 1, 60)]) == (1, 0)
        assert counted([certain("a", 1, 60, Label.RESPONSE), open_("b", 1, 60, may=True)]) == (0, 0)
        assert counted([certain("a", 1, 60), open_("b", 1, 60, label=Label.SPARED, may=True)]) == (0, 1)

    def test_an_open_trial_that_could_be_a_member(self) -> None:
        wide = {"begun_latest": 300, "last_earliest": 28}
        assert counted([certain("a", 1, 60), open_("b", 1, 400, **wide)]) == (1, 1)
        assert counted([certain("a", 1, 60), open_("b", 1, 400, may=True, **wide)]) == (0, 2)
        spared = open_("b", 1, 400, may=True, label=Label.SPARED, **wide)
        assert counted([certain("a", 1, 60), spared]) == (0, 1)

    def test_an_open_trial_far_away(self) -> None:
        assert counted([certain("a", 1, 60), open_("b", 100, 160, may=True)]) == (1, 1)

    def test_an_open_trial_between_two_steps(self) -> None:
        wide = {"begun_latest": 300, "last_earliest": 28}
        pair = [certain("a", 1, 90), certain("c", 29, 90)]
        assert count(pair, RULES).failed == 2
        assert counted([*pair, open_("b", 1, 400, **wide)]) == (0, 3)
        assert count([certain("a", 1, 90), certain("c", 30, 90), open_("b", 1, 400, **wide)], RULES).failed == 2

    def test_open_trials_that_are_one_step(self) -> None:
        assert counted([open_("a", 1, 60), open_("b", 15, 60)]) == (0, 1)
        assert counted([open_("a", 1, 60), open_("b", 16, 60)]) == (0, 2)
        chain = [open_("c", 21, 90), open_("a", 1, 90), open_("b", 11, 90)]
        assert counted(chain) == (0, 2)

    def test_intolerance_where_it_counts(self) -> None:
        given_up = Trial("b", Label.INTOLERANT, 9, Reason("x"), ())
        unknown = Trial("c", Label.POSSIBLE, None, Reason("x"), (), given_up=True)
        payer = replace(RULES, intolerance_counts=True)
        assert count([certain("a", 1, 60), given_up, unknown], payer) == Steps(2, 1, frozenset("ab"), frozenset("c"))
        assert counted([certain("a", 1, 60), given_up]) == (1, 0)


class TestTrd:
    def test_under_each_ingredient(self) -> None:
        both = taken("olanzapine", ingredients=("olanzapine", "fluoxetine"), ref="M/1")
        nameless = taken(ingredients=UNREADABLE, ref="M/2")
        found = by_ingredient([both, nameless, taken("fluoxetine", ref="M/3"), taken(ingredients=(), ref="M/4")])
        assert {name: [(e.ref, e.dose) for e in es] for name, es in found.items()} == {
            "olanzapine": [("M/1", UNREADABLE)],
            "fluoxetine": [("M/1", UNREADABLE), ("M/3", Decimal(200))],
            "unnamed:M/2": [("M/2", Decimal(200))],
        }

    def test_yes(self) -> None:
        second = failed_trial("venlafaxine", 225, "2024-05-01", "2024-08-01")
        answer = assessed(failed_trial("sertraline", 100, "2024-02-01", "2024-04-10"), second)
        assert (answer.word, answer.verdict, answer.adequate, answer.failed_medicines) == ("yes", MET, 2, 2)
        assert answer.rules is RULES
        assert answer.assumed == ()

    def test_no(self) -> None:
        answer = assessed(failed_trial("sertraline", 100, "2024-02-01", "2024-04-10"), taken("lithium"))
        assert (answer.word, answer.verdict, [t.ingredient for t in answer.trials]) == ("no", NOT_MET, ["sertraline"])
        assert assessed().word == "no"
        assert assessed(taken(status="planned")).trials == ()

    def test_indeterminate(self) -> None:
        answer = assessed(
            failed_trial("sertraline", 100, "2024-02-01", "2024-04-10"),
            taken("venlafaxine", start="2024-05-01", end="2024-08-01"),
        )
        assert (answer.word, answer.verdict) == ("indeterminate", UNKNOWN)
        assert (answer.adequate, answer.failed_medicines) == (2, 1)
        assert answer.steps == Steps(1, 1, frozenset({"sertraline"}), frozenset({"venlafaxine"}))

    def test_what_is_assumed_is_kept(self) -> None:
        assumed = (Reason("episode.assumed"),)
        answer = assess([], antidepressants=CLASSES, rules=RULES, episode_start=None, index=INDEX, assumed=assumed)
        assert answer.assumed == assumed

    def test_scores_are_asked_for_under_the_rule_set(self) -> None:
        asked = []

        def measured(first: int, last: int, rules: TrialRules) -> Any:
            asked.append(rules)
            return Decimal(10)

        given = [taken()]
        answer = assess(
            given,
            antidepressants=CLASSES,
            rules=RULES,
            episode_start=when("2024-01-01"),
            index=INDEX,
            improvements=measured,
        )
        assert answer.steps.failed == 1
        assert asked == [RULES]
        assert not_measured(1, 2, RULES) is None

    def test_two_classes(self) -> None:
        payer = replace(RULES, classes_needed=2)
        first = failed_trial("sertraline", 100, "2024-02-01", "2024-04-10")
        same = failed_trial("fluoxetine", 20, "2024-05-01", "2024-08-01")
        other = failed_trial("venlafaxine", 225, "2024-05-01", "2024-08-01")
        assert assessed(first, same).word == "yes"
        assert assessed(first, same, rules=payer).word == "no"
        assert assessed(first, other, rules=payer).word == "yes"
        assert assessed(first, same, replace(other, stop=None), rules=payer).word == "indeterminate"
        third = failed_trial("venlafaxine", 225, "2024-09-01", "2024-12-01")
        helped = taken("lofepramine", start="2024-09-01", end="2024-12-01", improvement=Decimal(60))
        lofepramine = replace(payer, dose_table=DoseTable("t", {**MINIMUM, "lofepramine": Decimal(100)}))
        assert assessed(first, same, third, rules=lofepramine).word == "yes"
        assert assessed(first, same, third, helped, rules=lofepramine).word == "no"

    def test_intolerance_of_another_class(self) -> None:
        payer = replace(RULES, classes_needed=2, intolerance_counts=True)
        first = failed_trial("sertraline", 100, "2024-02-01", "2024-04-10")
        given_up = taken("venlafaxine", start="2024-05-01", end="2024-05-10", stop="intolerance")
        assert assessed(first, given_up, rules=payer).word == "yes"
        assert assessed(first, given_up).word == "no"

    def test_a_medicine_that_nobody_can_name_stands_for_itself(self) -> None:
        nameless = taken(ingredients=UNREADABLE, ref="M/9", start="2024-05-01", end="2024-08-01")
        answer = assessed(taken(end="2024-02-10", stop="no effect"), nameless)
        assert [(t.ingredient, t.label) for t in answer.trials] == [
            ("sertraline", Label.INADEQUATE),
            ("unnamed:M/9", Label.POSSIBLE),
        ]
        assert (answer.steps.failed, answer.steps.possible) == (0, 1)

    def test_a_medicine_that_nobody_can_name_may_be_a_better_run(self) -> None:
        nameless = taken(
            ingredients=UNREADABLE, ref="M/9", start="2024-05-01", end="2024-12-01", improvement=Decimal(60)
        )
        answer = assessed(taken(stop="no effect"), nameless)
        assert [(t.label, t.reason.id) for t in answer.trials] == [
            (Label.POSSIBLE, "trial.name-unknown"),
            (Label.SPARED, "trial.spared"),
        ]
        early = replace(nameless, start=when("2024-04-25"), end=when("2024-05-01"))
        assert [t.label for t in assessed(taken(stop="no effect"), early).trials] == [Label.POSSIBLE, Label.INADEQUATE]
        apart = replace(nameless, start=when("2024-04-26"), end=when("2024-05-01"))
        assert [t.label for t in assessed(taken(stop="no effect"), apart).trials] == [Label.FAILED, Label.INADEQUATE]

    def test_one_that_was_not_tolerated_may_be_one_that_nobody_can_name(self) -> None:
        given_up = taken(end="2024-02-10", stop="intolerance")
        nameless = taken(
            ingredients=UNREADABLE, ref="M/9", start="2024-05-01", end="2024-12-01", improvement=Decimal(60)
        )
        payer = replace(RULES, intolerance_counts=True)
        assert [t.label for t in assessed(given_up, nameless, rules=payer).trials] == [Label.POSSIBLE, Label.SPARED]
        assert [t.label for t in assessed(given_up, nameless).trials] == [Label.INTOLERANT, Label.SPARED]

    def test_the_missing_days_may_be_those_of_one_that_nobody_can_name(self) -> None:
        nameless = taken(ingredients=UNREADABLE, ref="M/9", start="2024-02-20", end="2024-03-10", stop="no effect")
        answer = assessed(taken(end="2024-02-19", stop="no effect"), nameless)
        assert [t.label for t in answer.trials] == [Label.POSSIBLE, Label.INADEQUATE]
        assert (answer.steps.failed, answer.steps.possible) == (0, 1)


def test_failure_under_a_rule_set() -> None:
    assert RULES.is_failure(Decimal("24.99"))
    assert not RULES.is_failure(Decimal(25))
    assert replace(RULES, failed_inclusive=True).is_failure(Decimal(25))
    assert not replace(RULES, failed_inclusive=True).is_failure(Decimal("25.01"))
    assert (RULES.intolerance_counts, RULES.classes_needed) == (False, 1)
