"""What does the patient take now, and what was tolerated badly?"""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.medicines import (
    another_antidepressant,
    bad_response_to_ketamine,
    hypersensitive,
    taken_on,
    taking,
)
from tests.clinical.screening.build import (
    DAY,
    allergy,
    condition,
    days_ago,
    exposure,
    ketamine,
    missing,
    refs,
    reviewed,
    view,
    when,
)

REVIEW = {"domains": ("medicines",), "valid_days": 90}


@pytest.mark.parametrize(
    ("fields", "washout", "taken"),
    [
        ({}, 0, True),
        ({"status": "ended"}, 0, False),
        ({"status": None}, 0, None),
        ({"status": "planned"}, 0, False),
        ({"status": "held"}, 0, None),
        ({"status": UNREADABLE}, 0, None),
        ({"start": days_ago(0)}, 0, True),
        ({"start": days_ago(-1)}, 0, False),
        ({"start": None}, 0, True),
        ({"start": UNREADABLE}, 0, None),
        ({"start": UNREADABLE, "status": "ended"}, 0, False),
        ({"end": UNREADABLE}, 0, None),
        ({"end": days_ago(0)}, 0, True),
        ({"end": days_ago(1)}, 0, False),
        ({"end": days_ago(1), "status": "active"}, 0, False),
        ({"end": days_ago(-9), "status": "ended"}, 0, True),
        ({"end": days_ago(14)}, 14, True),
        ({"end": days_ago(15)}, 14, False),
        ({"end": when("2026-06")}, 14, True),
        ({"end": when("2026-06")}, 0, None),
        ({"end": when("2026-05")}, 0, False),
        ({"end": days_ago(14), "start": UNREADABLE}, 14, None),
        ({"end": days_ago(15), "start": UNREADABLE}, 14, False),
        ({"end": days_ago(-9), "status": "planned"}, 0, False),
        ({"end": days_ago(900), "status": "held"}, 0, None),
    ],
)
def test_taken_on_the_day(fields: dict[str, Any], washout: int, taken: bool | None) -> None:
    assert taken_on(exposure("phenelzine", **fields), DAY, washout_days=washout) is taken


def test_without_a_washout_the_last_day_is_the_last() -> None:
    assert taken_on(exposure("phenelzine", end=days_ago(1)), DAY) is False


def asked(*records: Any, classes: tuple[str, ...] = ("maoi",), **arguments: Any) -> FactAnswer:
    return taking(view(*records), classes=classes, **REVIEW, **arguments)


WHAT = Term("class.maoi")


def test_a_medicine_of_the_class_is_taken() -> None:
    one = exposure("phenelzine", text="Nardil", dose=45)
    unnamed = exposure("tranylcypromine", text="", ref="MedicationStatement/t", start=UNREADABLE)
    answer = asked(one, unnamed, exposure("sertraline"))
    assert (answer.value, answer.reason) == (True, Reason("medicine.taken", {"what": WHAT, "found": ("Nardil",)}))
    assert answer.evidence == (Evidence(one.ref, "Nardil 45 mg/d, 2024-02-01 – active", "2024-02-01"),)
    open_ = asked(unnamed)
    found = ("MedicationStatement/t",)
    assert (open_.value, open_.reason) == (None, Reason("medicine.open", {"what": WHAT, "found": found}))
    assert open_.missing == (Reason("ask.medicine", {"found": found}),)
    assert open_.evidence[0].date is None
    assert asked(exposure("theophylline"), classes=("pressor", "xanthine")).value is True


def test_a_medicine_that_nobody_can_name_leaves_it_open() -> None:
    nameless = exposure(ingredients=UNREADABLE, text="?")
    assert (asked(nameless, *reviewed()).value, refs(asked(nameless).evidence)) == (None, [nameless.ref])
    assert asked(exposure(ingredients=UNREADABLE, status="ended"), *reviewed()).value is False
    ended = exposure(ingredients=UNREADABLE, end=days_ago(14))
    assert asked(ended, *reviewed()).value is False
    assert asked(ended, *reviewed(), washout_days=14).value is None
    assert asked(nameless, exposure("phenelzine")).value is True


def test_nothing_taken_needs_a_review() -> None:
    others = (exposure("sertraline"), exposure("phenelzine", end=days_ago(15)), exposure(ingredients=("unknown",)))
    answer = asked(*others, *reviewed("medicines"), washout_days=14)
    assert (answer.value, answer.reason.id, answer.reason.values["what"]) == (False, "absent.reviewed", WHAT)
    assert asked(*others, *reviewed("medicines", day=days_ago(91).earliest), washout_days=14).value is None
    answer = asked()
    assert (answer.value, missing(answer)) == (None, ["review.none"])
    assert asked(exposure("phenelzine", end=days_ago(14)), *reviewed(), washout_days=14).value is True


def beside(*records: Any) -> FactAnswer:
    return another_antidepressant(view(*records), **REVIEW)


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, True),
        ({"indication": "depression"}, True),
        ({"indication": "other"}, False),
        ({"indication": UNREADABLE}, None),
        ({"status": None}, None),
        ({"status": "planned"}, False),
        ({"end": days_ago(1)}, False),
        ({"start": UNREADABLE}, None),
        ({"ingredients": UNREADABLE}, None),
        ({"ingredients": UNREADABLE, "status": "ended"}, False),
        ({"ingredients": ("lorazepam",)}, False),
        ({"ingredients": ("lorazepam", "sertraline")}, True),
    ],
)
def test_another_antidepressant_for_depression_today(fields: dict[str, Any], value: bool | None) -> None:
    record = exposure("sertraline", text="Zoloft", **fields)
    answer = beside(record, *reviewed())
    assert answer.value is value
    if value is False:
        assert answer.reason.id == "absent.reviewed"
        return
    values = {"what": Term("class.antidepressant"), "found": ("Zoloft",)}
    assert answer.reason == Reason("medicine.taken" if value else "medicine.open", values)
    assert refs(answer.evidence) == [record.ref]
    assert answer.missing == (() if value else (Reason("ask.medicine", {"found": ("Zoloft",)}),))


def test_the_certain_antidepressant_decides() -> None:
    sure = exposure("sertraline")
    answer = beside(exposure("venlafaxine", status=None), sure)
    assert (answer.value, refs(answer.evidence)) == (True, [sure.ref])
    assert (beside().value, missing(beside())) == (None, ["review.none"])


def sensitive(*records: Any) -> FactAnswer:
    both = ("ketamine", "esketamine")
    return hypersensitive(view(*records), substances=both, domains=("allergies",), valid_days=365)


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, True),
        ({"clinical": None}, True),
        ({"verification": "unconfirmed"}, True),
        ({"verification": None}, None),
        ({"verification": "presumed"}, None),
        ({"verification": UNREADABLE}, None),
        ({"verification": "refuted"}, False),
        ({"verification": "entered-in-error"}, False),
        ({"clinical": "resolved"}, None),
        ({"clinical": UNREADABLE}, None),
        ({"substances": UNREADABLE}, None),
        ({"substances": frozenset({"sertraline"})}, False),
        ({"substances": frozenset()}, False),
        ({"substances": frozenset({"sertraline", "esketamine"})}, True),
        ({"substances": frozenset({"class-of:general_anaesthetic"})}, None),
        ({"kind": "intolerance"}, None),
        ({"kind": "allergy"}, True),
        ({"recorded": days_ago(0)}, True),
        ({"recorded": days_ago(-1)}, False),
    ],
)
def test_an_allergy_on_the_list(fields: dict[str, Any], value: bool | None) -> None:
    record = allergy("ketamine", text="Ketalar", **fields)
    answer = sensitive(record, *reviewed())
    assert answer.value is value
    if value is False:
        assert answer.reason.values["what"] == Term("what.allergy-to-ketamine")
        return
    id_ = "allergy.recorded" if value else "allergy.open"
    assert answer.reason == Reason(id_, {"what": Term("medicine.ketamine"), "found": ("Ketalar",)})
    day = str(fields["recorded"]) if "recorded" in fields else None
    assert answer.evidence == (Evidence(record.ref, "Ketalar", day),)
    assert missing(answer) == ([] if value else ["ask.allergy"])


def test_an_allergy_without_a_text_is_named_by_its_record() -> None:
    record = allergy(text="", substances=UNREADABLE)
    answer = sensitive(record)
    assert answer.reason.values["found"] == (record.ref,)
    assert answer.evidence == (Evidence(record.ref, "?"),)


def test_an_allergy_on_the_problem_list() -> None:
    listed = condition("ketamine_allergy", text="Allergy to ketamine")
    answer = sensitive(listed, allergy("esketamine", text="Spravato"), *reviewed())
    assert (answer.value, answer.reason.values["found"]) == (True, ("Spravato", "Allergy to ketamine"))
    assert refs(answer.evidence)[1] == listed.ref
    unsure = condition("ketamine_allergy", verification="provisional", text="")
    answer = sensitive(unsure, *reviewed())
    assert (answer.value, answer.reason.values["found"], refs(answer.evidence)) == (None, (unsure.ref,), [unsure.ref])
    nameless = sensitive(condition(concepts=UNREADABLE), *reviewed())
    assert (nameless.value, nameless.reason.id) == (None, "condition.nameless")


def test_no_allergy_needs_a_review() -> None:
    assert (sensitive().value, missing(sensitive())) == (None, ["review.none"])
    assert sensitive(*reviewed("allergies")).value is False


def bad(*records: Any) -> FactAnswer:
    return bad_response_to_ketamine(view(*records), domains=("earlier_ketamine",), valid_days=365)


def test_a_bad_response_by_dose_or_diagnosis() -> None:
    dose, harm = ketamine("bad", text="ketamine iv"), condition("adverse_effect_of_ketamine", text="Cystitis")
    answer = bad(dose, harm, ketamine("good"))
    assert (answer.value, answer.reason) == (True, Reason("ketamine.bad", {"found": ("ketamine iv", "Cystitis")}))
    assert answer.evidence[0] == Evidence(dose.ref, "ketamine iv", "2025-03-03")
    assert refs(answer.evidence) == [dose.ref, harm.ref]
    assert bad(dose).value is True
    assert bad(harm).value is True


@pytest.mark.parametrize("response", [None, UNREADABLE, "odd"])
def test_a_response_that_nobody_recorded_leaves_it_open(response: Any) -> None:
    dose = ketamine(response, UNREADABLE)
    answer = bad(dose, ketamine("good"), *reviewed())
    assert (answer.value, answer.reason.id) == (None, "ketamine.response-unknown")
    assert (answer.evidence, missing(answer)) == (
        (Evidence(dose.ref, "ketamine 35 mg"),),
        ["ask.ketamine-response"],
    )


def test_an_uncertain_harm_leaves_it_open() -> None:
    unsure = condition("adverse_effect_of_ketamine", verification="provisional")
    answer = bad(unsure, *reviewed())
    assert (answer.value, answer.reason.id, refs(answer.evidence)) == (None, "ketamine.response-unknown", [unsure.ref])


@pytest.mark.parametrize(("ago", "value"), [(90, False), (5, False), (4, None)])
def test_a_review_answers_for_the_doses_up_to_its_day(ago: int, value: bool | None) -> None:
    """The history was gone through five days ago; nobody wrote how the dose went."""
    assert bad(ketamine(None, days_ago(ago)), *reviewed()).value is value


def test_earlier_ketamine_that_went_well_is_no_obstacle() -> None:
    well, none = ketamine("good"), ketamine("none")
    answer = bad(well, none, *reviewed())
    assert (answer.value, answer.reason.id) == (False, "absent.reviewed")
    assert answer.reason.values["what"] == Term("what.bad-response-to-ketamine")
    assert refs(answer.evidence) == [well.ref, none.ref, "List/earlier_ketamine"]
    unreviewed = bad(well)
    assert (unreviewed.value, missing(unreviewed), refs(unreviewed.evidence)) == (None, ["review.none"], [well.ref])
    nameless = bad(well, condition(concepts=UNREADABLE), *reviewed())
    assert (nameless.value, nameless.reason.id) == (None, "condition.nameless")
