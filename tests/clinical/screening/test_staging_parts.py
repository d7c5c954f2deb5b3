"""Does every staging model and claims rule answer as its docstring says, up to the last day and milligram?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, UNREADABLE, Verdict
from daybreak.clinical.records import Exposure, Therapy, on
from daybreak.clinical.screening.claims import ClaimsRule, charted, claims
from daybreak.clinical.screening.courses import window
from daybreak.clinical.screening.runs import Span
from daybreak.clinical.screening.staged import History, claimed, stage
from daybreak.clinical.screening.staging import (
    Agent,
    Kim,
    Msm,
    augmented,
    could_touch,
    ect_given,
    kim,
    mgh_s,
    months_after,
    msm,
)
from daybreak.knowledge.rules import claims_rules, default_rules, models
from tests.clinical.screening.build import condition, exposure, failed_trial, therapy, view, when

INDEX = date(2025, 1, 1)
SPAN = window(on(date(2024, 1, 1)), index=INDEX)
RULES = default_rules()
AGENTS = (Agent("aripiprazole", Decimal(2)), Agent("lithium", None, Decimal("0.6")))


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2024-01-01", 12, "2025-01-01"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-11-15", 1, "2024-12-15"),
        ("2024-12-15", 1, "2025-01-15"),
        ("9998-12-31", 12, "9999-12-31"),
        ("9999-01-02", 12, "9999-12-31"),
    ],
)
def test_calendar_months(day: str, months: int, after: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(after)


class TestMaudsley:
    def of(self, **given: Any) -> Msm:
        start = when(given.pop("start", "2024-01-01"))
        facts: dict[str, Any] = {"severity": "moderate", "failed": 1, "possible": 0, "augmented": (0, 0), "ect": (0, 0)}
        return msm(episode_start=start, index=given.pop("index", INDEX), table=models().msm, **{**facts, **given})

    def test_all_of_it(self) -> None:
        assert self.of(augmented=(1, 1), ect=(1, 1)) == Msm(7, (1, 3, 1, 1, 1), "moderate", 7, 7)

    def test_no_failure_no_stage(self) -> None:
        assert self.of(failed=0, possible=3) == Msm(None, None, None, None, None)

    @pytest.mark.parametrize(
        ("index", "points"),
        [("2025-01-01", 1), ("2025-01-02", 2), ("2026-01-01", 2), ("2026-01-02", 3), ("2034-01-01", 3)],
    )
    def test_duration(self, index: str, points: int) -> None:
        parts = self.of(index=date.fromisoformat(index)).parts
        assert parts is not None
        assert parts[0] == points

    @pytest.mark.parametrize("start", [None, UNREADABLE])
    def test_unknown_duration(self, start: Any) -> None:
        assert self.of(start=start) == Msm(None, None, None, 5, 7)

    def test_a_span_of_starts(self) -> None:
        assert self.of(start="2023-12", index=date(2025, 12, 31)) == Msm(None, None, None, 6, 7)
        assert self.of(start="2023-12", index=date(2025, 12, 1)).total == 6

    @pytest.mark.parametrize("severity", [None, UNREADABLE, "dreadful"])
    def test_unknown_severity(self, severity: Any) -> None:
        assert self.of(severity=severity) == Msm(None, None, None, 3, 7)

    @pytest.mark.parametrize(
        ("failed", "points"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (10, 4), (11, 5), (40, 5)]
    )
    def test_failures(self, failed: int, points: int) -> None:
        parts = self.of(failed=failed).parts
        assert parts is not None
        assert parts[2] == points

    def test_what_is_open(self) -> None:
        assert self.of(failed=2, possible=1) == Msm(5, (1, 3, 1, 0, 0), "mild", 5, 6)
        assert self.of(augmented=(0, 1)) == Msm(None, None, None, 5, 6)
        assert self.of(ect=(0, 1)) == Msm(None, None, None, 5, 6)
        assert self.of(augmented=(0, 1), ect=(1, 1)) == Msm(None, None, None, 6, 7)

    @pytest.mark.parametrize(
        ("severity", "failed", "index", "total", "name"),
        [
            ("severe", 1, "2025-01-01", 6, "mild"),
            ("severe_psychotic", 1, "2025-01-01", 7, "moderate"),
            ("severe_psychotic", 3, "2026-01-02", 10, "moderate"),
            ("severe_psychotic", 5, "2026-01-02", 11, "severe"),
            ("severe_psychotic", 11, "2026-01-02", 13, "severe"),
        ],
    )
    def test_stages(self, severity: str, failed: int, index: str, total: int, name: str) -> None:
        found = self.of(severity=severity, failed=failed, index=date.fromisoformat(index))
        assert (found.total, found.stage) == (total, name)

    def test_the_highest(self) -> None:
        top = self.of(severity="severe_psychotic", failed=11, index=date(2027, 1, 1), augmented=(1, 1), ect=(1, 1))
        assert (top.total, top.stage) == (15, "severe")


class TestAugmentation:
    def of(self, *exposures: Exposure, levels: dict[str, Any] | None = None, start: Any = None) -> tuple[int, int]:
        span = SPAN if start is None else window(when(start), index=INDEX)
        return augmented(exposures, agents=AGENTS, levels=levels or {}, rules=RULES, span=span, minimum_days=28)

    def agent(self, name: str = "aripiprazole", **fields: Any) -> Exposure:
        return exposure(name, **{"dose": 2, "start": "2024-06-01", "end": "2024-06-28", **fields})

    @pytest.mark.parametrize(
        ("given", "answer"),
        [
            ({}, (1, 1)),
            ({"end": "2024-06-27"}, (0, 0)),
            ({"dose": 1.9}, (0, 0)),
            ({"dose": 3}, (1, 1)),
            ({"dose": None}, (0, 1)),
            ({"dose": None, "end": "2024-06-27"}, (0, 0)),
            ({"improvement": Decimal(50)}, (0, 0)),
            ({"improvement": Decimal(49)}, (1, 1)),
            ({"improvement": UNREADABLE}, (0, 1)),
            ({"status": "planned"}, (0, 0)),
            ({"indication": "other"}, (0, 0)),
            ({"indication": UNREADABLE}, (0, 1)),
            ({"ingredients": UNREADABLE}, (0, 1)),
            ({"ingredients": ("sertraline",)}, (0, 0)),
            ({"end": None, "status": "active"}, (1, 1)),
            ({"end": None, "status": "ended"}, (0, 1)),
            ({"start": "2024-06"}, (0, 1)),
            ({"start": "2023-06-01", "end": "2023-12-31"}, (0, 0)),
            ({"start": "2023-12-01", "end": "2024-01-28"}, (1, 1)),
            ({"start": "2023-12-01", "end": "2024-01-27"}, (0, 0)),
            ({"start": "2024-12-05", "end": "2025-03-01"}, (1, 1)),
            ({"start": "2024-12-06", "end": "2025-03-01"}, (0, 0)),
            ({"start": "2025-02-01", "end": "2025-04-01"}, (0, 0)),
            ({"start": "2024-06-28", "end": "2024-06-01"}, (0, 1)),
        ],
    )
    def test_one_course(self, given: dict[str, Any], answer: tuple[int, int]) -> None:
        assert self.of(self.agent(**given)) == answer

    def test_an_unsure_start_of_the_episode(self) -> None:
        assert self.of(self.agent(), start="2024") == (0, 1)

    def test_one_agent_is_enough(self) -> None:
        low = self.agent(dose=1)
        lithium = self.agent("lithium", dose=None)
        assert self.of(low, lithium) == self.of(lithium, low) == (1, 1)
        assert self.of(low, self.agent("lithium", dose=None, end=None, status="ended")) == (0, 1)

    def test_two_courses(self) -> None:
        first = self.agent(end="2024-06-14")
        assert self.of(first, self.agent(start="2024-06-29", end="2024-07-12")) == (1, 1)
        assert self.of(first, self.agent(start="2024-06-30", end="2024-07-13")) == (0, 0)
        half = self.agent(dose=1)
        assert self.of(half, half) == (1, 1)
        assert self.of(half, replace(half, kind="MedicationDispense")) == (0, 0)

    def test_levels(self) -> None:
        lithium = self.agent("lithium", ref="M/1", dose=900)
        assert self.of(lithium) == (1, 1)
        assert self.of(lithium, levels={"M/1": Decimal("0.6")}) == (1, 1)
        assert self.of(lithium, levels={"M/1": Decimal("0.59")}) == (0, 0)
        assert self.of(lithium, levels={"M/2": Decimal("0.1")}) == (1, 1)
        assert self.of(self.agent(ref="M/1"), levels={"M/1": Decimal("0.1")}) == (1, 1)
        assert self.of(lithium, levels={"M/1": UNREADABLE}) == (0, 1)
        assert self.of(lithium, levels={"M/2": UNREADABLE}) == (1, 1)
        assert self.of(self.agent(ref="M/1"), levels={"M/1": UNREADABLE}) == (1, 1)


class TestEct:
    def of(self, *therapies: Therapy, span: Any = SPAN) -> tuple[int, int]:
        return ect_given(therapies, minimum_sessions=6, rules=RULES, span=span)

    def ect(self, **fields: Any) -> Therapy:
        return therapy(**{"start": "2024-03-01", "end": "2024-04-01", "kind": "ect", "sessions": 6, **fields})

    @pytest.mark.parametrize(
        ("given", "answer"),
        [
            ({}, (1, 1)),
            ({"sessions": 5}, (0, 0)),
            ({"sessions": None}, (0, 1)),
            ({"sessions": UNREADABLE}, (0, 1)),
            ({"kind": "tms", "sessions": 30}, (0, 0)),
            ({"improvement": Decimal(50)}, (0, 0)),
            ({"improvement": Decimal(49)}, (1, 1)),
            ({"improvement": UNREADABLE}, (0, 1)),
            ({"start": "2024-01-01"}, (1, 1)),
            ({"start": "2023-12-31"}, (0, 1)),
            ({"start": "2023-11-01", "end": "2023-12-31"}, (0, 0)),
            ({"start": "2024-12-01", "end": "2025-01-01"}, (1, 1)),
            ({"start": "2024-12-01", "end": "2025-01-02"}, (0, 1)),
            ({"start": "2025-01-02", "end": "2025-02-02"}, (0, 0)),
            ({"start": None, "end": None}, (0, 1)),
            ({"start": UNREADABLE}, (0, 1)),
            ({"end": UNREADABLE}, (0, 1)),
            ({"end": None}, (1, 1)),
            ({"start": "2024-03"}, (1, 1)),
            ({"start": "2024", "end": None}, (1, 1)),
            ({"start": "2023", "end": None}, (0, 0)),
        ],
    )
    def test_one_series(self, given: dict[str, Any], answer: tuple[int, int]) -> None:
        assert self.of(self.ect(**given)) == answer

    def test_several(self) -> None:
        assert self.of() == (0, 0)
        assert self.of(self.ect(sessions=3), self.ect(sessions=3)) == (1, 1)
        assert self.of(self.ect(sessions=2), self.ect(sessions=3)) == (0, 0)
        assert self.of(self.ect(sessions=3), self.ect(sessions=3, start=None)) == (0, 1)
        assert self.of(self.ect(sessions=1), self.ect(sessions=None)) == (0, 1)

    def test_could_touch(self) -> None:
        assert could_touch(self.ect(start="2023-01-01", end="2024-01-01"), SPAN)
        assert not could_touch(self.ect(start="2023-01-01", end="2023-12-31"), SPAN)
        assert not could_touch(self.ect(start="2023-01-01", end=None), SPAN)
        assert could_touch(self.ect(start="2025-01-01", end=None), SPAN)
        assert not could_touch(self.ect(start="2025-01-02", end=None), SPAN)
        assert could_touch(self.ect(start=None, end=None), SPAN)
        assert not could_touch(self.ect(start=None, end="2023-12-31"), SPAN)


def test_massachusetts() -> None:
    points = {"failed_trial": Fraction(1), "augmentation": Fraction(1, 2), "ect": Fraction(3)}
    assert mgh_s(failed=2, augmented_without_response=1, ect=1, points=points) == Fraction(11, 2)
    assert mgh_s(failed=0, augmented_without_response=0, ect=0, points=points) == 0


class TestKarolinska:
    def of(self, courses: dict[str, list[tuple[int, int]]], others: tuple[int, ...] = ()) -> Kim:
        spans = {name: [Span(a, b, Decimal(1), "k", 0) for a, b in days] for name, days in courses.items()}
        return kim(spans, other_starts=others, minimum_days=28, needed=2, bridge=14)

    def test_followed_by_another(self) -> None:
        assert self.of({"a": [(1, 28)], "b": [(29, 60)]}) == Kim(1, False)
        assert self.of({"a": [(1, 27)], "b": [(29, 60)]}) == Kim(0, False)
        assert self.of({"a": [(1, 28)], "b": [(29, 60)]}, (61,)) == Kim(2, True)
        assert self.of({"a": [(1, 28)]}, (1,)) == Kim(0, False)
        assert self.of({"a": [(1, 28)]}, (2,)) == Kim(1, False)
        assert self.of({}) == Kim(0, False)

    def test_its_own_refill_is_not_another(self) -> None:
        assert self.of({"a": [(1, 28), (29, 60)]}) == Kim(0, False)
        assert self.of({"a": [(1, 14), (29, 42)], "b": [(50, 60)]}) == Kim(1, False)
        assert self.of({"a": [(1, 14), (30, 43)], "b": [(50, 60)]}) == Kim(0, False)


class TestClaims:
    DRUGS = ("sertraline", "fluoxetine", "citalopram")

    def of(self, *exposures: Exposure, rule: str = "cepeda-2018", **diagnoses: Verdict) -> Verdict:
        known = models()
        return claims(
            exposures,
            rule=claims_rules()[rule],
            antidepressants=known.antidepressants,
            antipsychotics=known.antipsychotics,
            index=INDEX,
            diagnosed=lambda concept: diagnoses.get(concept, NOT_MET),
        )

    def three(self, **third: Any) -> list[Exposure]:
        two = [exposure(name, start="2024-05-01", end="2024-05-02") for name in self.DRUGS[:2]]
        return [*two, exposure("citalopram", **{"start": "2024-05-01", "end": "2024-05-02", **third})]

    @pytest.mark.parametrize(
        ("third", "verdict"),
        [
            ({}, MET),
            ({"start": "2023-01-01", "end": "2024-01-02"}, MET),
            ({"start": "2023-01-01", "end": "2024-01-01"}, NOT_MET),
            ({"start": "2025-01-01", "end": None}, MET),
            ({"start": "2025-01-02", "end": None}, NOT_MET),
            ({"start": "2023-01-01", "end": None, "status": "active"}, MET),
            ({"start": "2023-01-01", "end": None, "status": "ended"}, UNKNOWN),
            ({"start": "2024-03-01", "end": None, "status": "ended"}, MET),
            ({"start": None}, MET),
            ({"start": None, "end": None, "status": "ended"}, UNKNOWN),
            ({"start": UNREADABLE, "end": "2024-01-01"}, NOT_MET),
            ({"start": "2023-01-01", "end": "2024-01"}, UNKNOWN),
            ({"end": UNREADABLE, "start": "2023-01-01", "status": "active"}, UNKNOWN),
            ({"status": "planned"}, NOT_MET),
            ({"start": "2024-05-01", "end": "2023-05-01"}, UNKNOWN),
            ({"start": "2024-05-01", "end": "2024-04-01"}, UNKNOWN),
            ({"start": "2025", "end": None}, UNKNOWN),
            ({"ingredients": UNREADABLE}, UNKNOWN),
            ({"ingredients": ("sertraline",)}, NOT_MET),
            ({"ingredients": ("metformin",)}, NOT_MET),
            ({"ingredients": ("quetiapine",)}, MET),
        ],
    )
    def test_the_third(self, third: dict[str, Any], verdict: Verdict) -> None:
        assert self.of(*self.three(**third)) is verdict

    def test_one_that_nobody_can_name(self) -> None:
        assert self.of() is NOT_MET
        assert self.of(exposure(ingredients=UNREADABLE)) is UNKNOWN  # it may be an antipsychotic

    def test_the_rule_of_ohdsi(self) -> None:
        sick = {"major_depression": MET}

        def of(*exposures: Exposure, **diagnoses: Verdict) -> Verdict:
            return self.of(*exposures, rule="ohdsi-1009", **{**sick, **diagnoses})

        assert of(*self.three()) is MET
        assert of(*self.three(), major_depression=NOT_MET) is NOT_MET
        assert of(*self.three(), major_depression=UNKNOWN) is UNKNOWN
        for other in ("depression_unspecified", "major_depression_in_remission"):
            assert of(*self.three(), major_depression=NOT_MET, **{other: MET}) is MET
            assert of(*self.three(), major_depression=NOT_MET, **{other: UNKNOWN}) is UNKNOWN
        assert of(*self.three(), dementia=MET) is NOT_MET
        assert of(*self.three(), delirium=MET) is MET
        assert of(*self.three(), bipolar=MET) is NOT_MET
        assert of(*self.three(), bipolar=UNKNOWN) is UNKNOWN
        late = [exposure(name, start="2025-01-01") for name in self.DRUGS]
        assert of(*late) is NOT_MET
        assert of(late[0], late[1], self.three()[2]) is NOT_MET
        assert of(late[0], *self.three()[1:]) is MET
        assert of(late[0], *self.three(start="2024")[1:]) is MET
        assert of(late[0], *self.three(start=None, end=None, status=None)[1:]) is UNKNOWN
        sertraline, quetiapine = exposure("sertraline"), exposure("quetiapine")
        esketamine = exposure("esketamine")
        assert of(sertraline) is NOT_MET
        assert of(quetiapine) is NOT_MET
        assert of(sertraline, quetiapine) is MET
        assert of(sertraline, esketamine) is NOT_MET
        assert of(sertraline, exposure("fluoxetine"), esketamine) is MET
        assert of(sertraline, exposure("fluoxetine")) is NOT_MET

    def test_a_chart_is_read_by_its_codes(self) -> None:
        def of(*records: Any) -> dict[str, Verdict]:
            seen = view(*records, as_of=INDEX)
            return {id_: charted(seen, rule=rule) for id_, rule in claims_rules().items()}

        three = self.three()
        assert of() == {"cepeda-2018": NOT_MET, "ohdsi-1009": NOT_MET}
        assert of(*three) == {"cepeda-2018": MET, "ohdsi-1009": NOT_MET}  # no code is no
        for sick in ("major_depression", "depression_unspecified", "major_depression_in_remission"):
            assert of(*three, condition(sick))["ohdsi-1009"] is MET
        depressed = condition("major_depression")
        assert of(*three, replace(depressed, verification="refuted"))["ohdsi-1009"] is NOT_MET
        assert of(*three, replace(depressed, verification="provisional"))["ohdsi-1009"] is NOT_MET
        assert of(*three, condition(possible=frozenset({"major_depression"})))["ohdsi-1009"] is NOT_MET
        assert of(*three, depressed, condition("bipolar"))["ohdsi-1009"] is NOT_MET
        assert of(*three, depressed, condition(possible=frozenset({"bipolar"})))["ohdsi-1009"] is MET
        assert of(*self.three(start="2023-01-01", end=None, status="ended"), depressed)["ohdsi-1009"] is UNKNOWN
        assert of(*three, depressed, exposure("quetiapine"))["cepeda-2018"] is MET

    def test_the_first_days_of_the_calendar(self) -> None:
        known = models()
        asked = {"antidepressants": known.antidepressants, "antipsychotics": known.antipsychotics, "index": date.min}
        for rule in claims_rules().values():
            assert claims([exposure("sertraline")], rule=rule, **asked) is NOT_MET  # type: ignore[arg-type]

    def test_without_a_diagnosis_to_ask_for(self) -> None:
        rule = ClaimsRule("r", 365, antidepressants=1)
        given = [exposure("sertraline")]
        known = models().antidepressants
        asked = {"antidepressants": known, "antipsychotics": frozenset[str](), "index": INDEX}
        assert claims(given, rule=rule, **asked) is MET  # type: ignore[arg-type]
        assert claims(given, rule=replace(rule, diagnosis=("x",)), **asked) is UNKNOWN  # type: ignore[arg-type]


class TestStaged:
    def history(self, *exposures: Exposure, therapies: tuple[Therapy, ...] = (), **fields: Any) -> History:
        return History(exposures, therapies, when("2024-01-01"), "moderate", INDEX, **fields)

    def test_every_model_at_once(self) -> None:
        history = self.history(
            failed_trial("sertraline", 100, "2024-02-01", "2024-03-13"),
            failed_trial("venlafaxine", 225, "2024-04-01", "2024-05-01"),
            exposure("lithium", dose=900, start="2024-06-01", end="2024-09-01", ref="M/1"),
            therapies=(
                therapy(kind="ect", start="2024-10-01", end="2024-10-20", sessions=8),
                therapy(start="2024-03-01", end="2024-08-01", sessions=7),
            ),
        )
        found = stage(history, rules=RULES, models=models())
        assert (found.trd.word, found.trd.rules.id) == ("yes", "sforzini-28d")
        assert found.msm == Msm(7, (1, 3, 1, 1, 1), "moderate", 7, 7)
        assert found.mgh_s == Fraction(9, 2)  # one trial of 42 days, lithium, ECT
        assert found.kim == Kim(2, True)
        assert [t.reason.id for t in found.psychotherapy] == ["psychotherapy.too-short"]
        weak = stage(replace(history, levels={"M/1": Decimal("0.2")}), rules=RULES, models=models())
        assert (weak.msm.total, weak.mgh_s) == (6, 4)

    def test_the_register_definition(self) -> None:
        def of(*exposures: Exposure, therapies: tuple[Therapy, ...] = ()) -> int:
            return stage(self.history(*exposures, therapies=therapies), rules=RULES, models=models()).kim.failures

        first = exposure("sertraline", start="2024-02-01", end="2024-02-28")
        second = exposure("venlafaxine", start="2024-05-01", end="2024-05-10")
        assert of(first, second) == 1
        assert of(replace(first, end=when("2024-02-27")), second) == 0
        assert of(replace(first, status="planned"), second) == 0
        assert of(replace(first, ingredients=UNREADABLE), second) == 0
        assert of(replace(first, start=None), second) == 0
        assert of(replace(first, end=None), second) == 0
        assert of(replace(first, end=None, status="active"), second) == 1
        assert of(replace(first, end=UNREADABLE, status="active"), second) == 0
        assert of(first, replace(second, start=when("2025-01-01"), end=when("2025-02-01"))) == 1
        assert of(first, replace(second, start=when("2025-01-02"), end=when("2025-02-01"))) == 0
        assert of(replace(first, start=when("2024-12-05"), end=when("2025-03-01")), second) == 0
        assert of(first, exposure("lithium", start="2024-05-01")) == 0
        late = replace(first, start=when("2024-12-01"), end=when("2025-03-01"))
        shock = therapy(kind="ect", start="2024-12-30", end=None)
        assert of(late, therapies=(shock,)) == 1
        assert of(late, therapies=(replace(shock, kind="tms"),)) == 1
        assert of(late, therapies=(replace(shock, kind="psychotherapy"),)) == 0
        assert of(late, therapies=(replace(shock, start=None),)) == 0
        assert of(late, therapies=(replace(shock, start=when("2025-01-02")),)) == 0
        assert of(late, therapies=(replace(shock, start=when("2025-01-01")),)) == 1

    def test_a_history_is_one_of_depression(self) -> None:
        three = [exposure(name) for name in TestClaims.DRUGS]
        verdict = {i: claimed(self.history(*three), rule=r, models=models()) for i, r in claims_rules().items()}
        assert verdict == {"cepeda-2018": MET, "ohdsi-1009": UNKNOWN}  # whether it is bipolar, nobody has said
