"""Which small changes of the rules had no test that noticed? Found by changing the rules one place at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daybreak.clinical.answers import Term
from daybreak.clinical.records import Patient, on
from daybreak.clinical.screening.history import major_depression
from daybreak.clinical.screening.measures import said, suicide_risk
from daybreak.clinical.screening.medicines import hypersensitive
from daybreak.clinical.screening.person import age, breast_feeding, pregnant
from daybreak.clinical.screening.resistance import episode_start
from tests.clinical.screening.build import DAY, allergy, condition, days_ago, observation, patient, reviewed, view, when

SUICIDE: dict[str, Any] = {"valid_days": 14, "item": "phq-9.item-9", "risk": "c-ssrs-screen.risk"} | {
    "assessment": "suicide_assessment",
    "item_from": 3,
    "others": (),
    "mild": (),
    "clear": (),
}


def test_nobody_grows_older_after_death() -> None:
    born = on(date(1940, 6, 1))
    assert age(view(patient(birth=born, deceased=on(date(2000, 5, 31))))).value == 59
    assert age(view(patient(birth=born, deceased=on(date(2000, 6, 1))))).value == 60
    assert age(view(patient(birth=born, deceased=on(date(2100, 1, 1))))).value == DAY.year - 1940
    assert age(view(patient(birth=born, deceased=True))).value == DAY.year - 1940


@pytest.mark.parametrize("status", ["resolved", "remission", "inactive"])
def test_a_past_depression_of_any_kind_is_no_present_one(status: str) -> None:
    over = condition("depression_unspecified", clinical=status, abatement="2025-01-01")
    assert major_depression(view(over)).reason.id == "depression.none"
    assert episode_start(view(over))[0] is None


def test_the_words_of_a_depression_name_its_entries() -> None:
    open_ = condition("depression_unspecified", text="low mood")
    answer = major_depression(view(open_))
    assert (answer.reason.id, answer.reason.values) == ("depression.open", {"found": ("low mood active",)})
    past = condition("major_depression", text="depression", clinical="resolved", abatement="2025-01-01")
    answer = major_depression(view(past))
    assert answer.reason.id == "depression.past"
    assert answer.reason.values == {"found": ("depression resolved – 2025-01-01",)}


def test_an_equal_rival_onset_changes_nothing() -> None:
    sure, rival = condition("major_depression"), condition("depression_unspecified")
    start, reasons = episode_start(view(sure, rival))
    assert (start, len(reasons)) == (when("2024-01-10"), 1)


def test_a_pregnancy_that_began_on_the_edge_is_present_and_a_whole_answer_speaks_for_all_words() -> None:
    listed = condition("pregnancy", onset=days_ago(300))
    answer = pregnant(view(listed), valid_days=7, longest_days=300)
    assert (answer.value, [e.resource for e in answer.evidence]) == (True, [listed.ref])
    edge = condition("pregnancy", onset=None, recorded=days_ago(300))
    assert pregnant(view(edge), valid_days=7, longest_days=300).value is True
    no = [observation("pregnancy_status", word) for word in ("not_pregnant", "cannot")]
    tested = observation("pregnancy_test", "negative")
    answer = pregnant(view(*no, tested), valid_days=7, longest_days=300)
    assert (answer.value, [e.resource for e in answer.evidence]) == (False, [o.ref for o in (*no, tested)])


def test_a_pregnancy_and_another_undated_one_are_not_certain() -> None:
    both = (condition("pregnancy", onset=days_ago(9)), condition("pregnancy", onset=None))
    no = observation("pregnancy_status", "not_pregnant")
    assert pregnant(view(*both, no), valid_days=7, longest_days=300).reason.id == "pregnancy.conflict"


def test_breast_feeding_that_is_over_is_none_and_the_patient_is_the_evidence() -> None:
    over = condition("lactation", clinical="resolved", abatement="2024-06-01")
    man: Patient = patient(sex="male")
    answer = breast_feeding(view(man, over), valid_days=30)
    assert (answer.value, [e.resource for e in answer.evidence]) == (False, [man.ref])
    woman = patient(sex="female")
    answer = breast_feeding(view(woman), valid_days=30)
    assert (answer.reason.id, [e.resource for e in answer.evidence]) == ("lactation.not-asked", [woman.ref])


def test_an_allergy_to_something_unknown_is_no_allergy_to_ketamine() -> None:
    domains: dict[str, Any] = {"domains": ("allergies",), "valid_days": 365}
    answer = hypersensitive(view(allergy("no-such-medicine"), *reviewed()), substances=("ketamine",), **domains)
    assert answer.value is False
    answer = hypersensitive(view(allergy("ketamine"), *reviewed()), substances=("no-such-medicine",), **domains)
    assert answer.value is False


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ([observation("c-ssrs-screen.risk", "high")], "suicide.urgent"),
        ([observation("c-ssrs-screen.risk", "odd")], "suicide.unreadable"),
        ([observation("phq-9.item-9", 1)], "suicide.item-positive"),
    ],
)
def test_suicide_answers_cite_what_they_rest_on(readings: list[Any], reason: str) -> None:
    answer = suicide_risk(view(*readings), **SUICIDE)
    assert (answer.reason.id, [e.resource for e in answer.evidence]) == (reason, [r.ref for r in readings])


def test_nothing_asked_rests_on_nothing() -> None:
    answer = suicide_risk(view(), **SUICIDE)
    assert (answer.reason.id, answer.evidence) == ("suicide.not-asked", ())


def test_suicidality_is_judged_on_the_day_of_the_decision() -> None:
    ended = condition("suicidality", onset="2026-01-01", abatement=days_ago(3), clinical="resolved")
    screen = observation("c-ssrs-screen.risk", "none")
    assert suicide_risk(view(ended, screen), **SUICIDE).value is True
    later = condition("suicidality", onset=days_ago(-0), abatement=when("2026-06-20"), clinical="resolved")
    assert suicide_risk(view(later, observation("c-ssrs-screen.risk", "none", days_ago(1))), **SUICIDE).value is None


def test_a_word_that_is_said_is_in_the_reason() -> None:
    values = {"what": Term("observation.child_pugh"), "word": "C"}
    for readings, reason in (([], "said.no"), ([observation("child_pugh", "C")], "said.yes")):
        answer = said(view(*readings), kind="child_pugh", word="C")
        assert (answer.reason.id, answer.reason.values) == (reason, values)
        assert [e.resource for e in answer.evidence] == [r.ref for r in readings]
    other = observation("child_pugh", "B")
    answer = said(view(other), kind="child_pugh", word="C")
    assert (answer.reason.values, [e.resource for e in answer.evidence]) == (values, [other.ref])
    odd = observation("child_pugh", None)
    answer = said(view(odd), kind="child_pugh", word="C")
    assert (answer.reason.id, answer.reason.values) == ("measure.unreadable", {"what": values["what"]})
    assert answer.missing == (answer.reason,)
    assert [e.resource for e in answer.evidence] == [odd.ref]


def test_somebody_who_cannot_become_pregnant_need_not_be_asked() -> None:
    after = condition("cannot_become_pregnant")
    answer = pregnant(view(after), valid_days=7, longest_days=300)
    assert (answer.value, answer.reason.id) == (False, "pregnancy.cannot")
    assert [e.resource for e in answer.evidence] == [after.ref]
    doubtful = condition("cannot_become_pregnant", verification="provisional")
    assert pregnant(view(doubtful), valid_days=7, longest_days=300).reason.id == "pregnancy.not-asked"
    both = view(after, observation("pregnancy_status", "pregnant"))
    assert pregnant(both, valid_days=7, longest_days=300).value is True
