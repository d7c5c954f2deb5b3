"""What follows from the findings: the status, and the day to look again?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Answer, Reason, Verdict
from daybreak.clinical.screening.criteria import Criterion, IsTrue, fact
from daybreak.clinical.screening.facts import FACTS, asker
from daybreak.clinical.screening.judge import Finding, Protocol, decide, gathered, status_of
from daybreak.knowledge.protocols import protocol, protocol_ids
from tests.agreement.charts import ASKED, CONCEPTS, MEDICINES, PROTOCOLS, facts_of
from tests.clinical.screening.build import DAY, cleared, condition, patient, view, when


def finding(verdict: Verdict, strength: str, when: str = "screening") -> Finding:
    line = Criterion("x", IsTrue(fact("alive")), strength, when, "none", "s", "w", "label", "p")
    return Finding(line, Answer(verdict, Reason("r")))


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([], "eligible"),
        ([(MET, "absolute"), (MET, "required"), (MET, "relative"), (MET, "caution")], "eligible"),
        ([(NOT_MET, "absolute"), (UNKNOWN, "required"), (NOT_MET, "caution")], "not_eligible"),
        ([(NOT_MET, "required"), (UNKNOWN, "absolute")], "not_eligible"),
        ([(UNKNOWN, "absolute"), (NOT_MET, "relative")], "needs_information"),
        ([(UNKNOWN, "required"), (MET, "absolute")], "needs_information"),
        ([(NOT_MET, "relative"), (MET, "absolute")], "eligible_with_review"),
        ([(UNKNOWN, "relative")], "eligible_with_review"),
        ([(NOT_MET, "caution")], "eligible_with_review"),
        ([(UNKNOWN, "caution")], "eligible_with_review"),
        ([(NOT_MET, "absolute", "before_each_dose"), (UNKNOWN, "required", "before_each_dose")], "eligible"),
        ([(UNKNOWN, "caution", "before_each_dose"), (MET, "caution")], "eligible"),
    ],
)
def test_the_status_follows_from_the_screening_criteria(findings: list[Any], status: str) -> None:
    assert status_of([finding(*f) for f in findings]) == status


@pytest.mark.parametrize("id_", protocol_ids())
def test_a_complete_chart_is_eligible_and_an_assumption_makes_it_a_review(id_: str) -> None:
    rules = protocol(id_, as_of=DAY)
    found = decide(view(cleared()), rules)
    assert (found.status, found.protocol, found.trd.word, found.not_yet) == ("eligible", rules, "yes", None)
    assert [f.criterion for f in found.findings] == list(rules.criteria)
    assert found.trd.rules.id == rules.trial_rules
    assumed = decide(view(replace(cleared(), episode=None)), rules)
    assert (assumed.status, len(assumed.trd.assumed)) == ("eligible_with_review", 1)


US = protocol("esketamine-nasal-us", as_of=DAY)


def test_look_again_when_every_obstacle_passes_by_itself() -> None:
    young = replace(cleared(), patient=patient(birth=when("2008-08-20")))
    found = decide(view(young), US)
    assert (found.status, found.not_yet) == ("not_eligible", date(2026, 8, 20))
    aneurysm = condition("aneurysmal_vascular_disease")
    both = decide(view(replace(young, conditions=(*young.conditions, aneurysm))), US)
    assert (both.status, both.not_yet) == ("not_eligible", None)


def test_the_last_of_two_dates_is_the_day_to_look_again() -> None:
    def line(years: int) -> Criterion:
        (adult,) = [c for c in US.criteria if c.name == "adult"]
        return replace(adult, rule=replace(adult.rule, bound=years))  # type: ignore[type-var]

    two = Protocol("x", "undated", "d", US.trial_rules, (line(19), line(21), line(18)))
    found = decide(view(patient(birth=when("2008-01-01"))), two)
    assert found.not_yet == date(2029, 1, 1)
    soft = replace(line(30), strength="relative")
    later = replace(line(40), when="before_each_dose")
    found = decide(view(patient(birth=when("2008-01-01"))), replace(two, criteria=(line(19), soft, later)))
    assert found.not_yet == date(2027, 1, 1)


def test_only_relative_obstacles_name_no_day() -> None:
    found = decide(view(replace(cleared(), conditions=(*cleared().conditions, condition("bipolar")))), US)
    assert (found.status, found.not_yet) == ("eligible_with_review", None)


def test_each_question_is_asked_once() -> None:
    found = view(cleared())
    ask = asker(found)
    question = fact("alive")
    assert ask(question) is ask(question)
    assert asker(found)(question) is ask(question)
    decide(found, US)
    shared = [c.rule for c in US.criteria if c.rule in found.answers]
    assert len(shared) == len(US.criteria)


def test_every_question_of_every_protocol_has_a_fact() -> None:
    assert {f.name for p in PROTOCOLS for c in p.criteria for f in facts_of(c.rule)} <= FACTS.keys()
    assert len(ASKED) > 100
    assert "psychosis" in CONCEPTS
    assert "phenelzine" in MEDICINES


def test_what_several_protocols_ask_alike_is_shown_once() -> None:
    """With the number of each that asks it; another answer to the same question stands by itself."""
    first, second = (decide(view(cleared()), protocol(id_, as_of=DAY)) for id_ in protocol_ids()[:2])
    found = gathered([first, second, first], "screening")
    said = [
        (f.criterion.name, f.answer.verdict, f.answer.reason.id, str(f.answer.reason.values)) for (_, _, f), *_ in found
    ]
    assert len(set(said)) == len(said)
    assert {number for of_one in found for number, *_ in of_one} == {1, 2, 3}
    asked = [f for decision in (first, second, first) for f in decision.findings if f.criterion.when == "screening"]
    assert sum(map(len, found)) == len(asked)
