"""What happens to an entry: added, corrected, confirmed, withdrawn, reviewed? Is anything lost or done twice?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import DOMAINS, Exposure, Observation, When, on
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import actions, forms, queries, records, weights
from daybreak.web.patients.fields import FIELDS, REPLIES
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.models import PERSON, Entry, Withdrawal
from daybreak.web.patients.register import Stale
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW

SOON = NOW + timedelta(minutes=1)
TODAY = SOON.date()
SERTRALINE = Exposure("", "sertraline", ("sertraline",), dose=Decimal(50), kind="form")


def add(patient, record, by, **other) -> Entry:
    return actions.add(patient, record, by=by, at=SOON, key=other.pop("key", ids.new()), **other)


def test_an_entry_is_added_once_and_named(patient, nurse) -> None:
    key = ids.new()
    row = add(patient, SERTRALINE, nurse, key=key)
    assert add(patient, SERTRALINE, nurse, key=key) == row
    (exposure,) = records.chart(patient).exposures
    assert exposure.ref == f"MedicationStatement/{row.id}"
    assert (row.origin, row.by, row.created) == (PERSON, nurse, SOON)
    assert Line.objects.get(action="entry_added").subject == patient.id
    with pytest.raises(Conflict):
        add(patient, replace(SERTRALINE, dose=None), nurse, key=key)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PHARMACIST, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_others_write_nothing(patient, nurse, person, role) -> None:
    eve, row = person("eve", role), add(patient, SERTRALINE, nurse)
    told = {"by": eve, "at": SOON, "key": ids.new()}
    for refused in (
        lambda: add(patient, SERTRALINE, eve),
        lambda: actions.correct(row, lambda base: base, **told),
        lambda: actions.withdraw(row, reason="x", **told),
        lambda: actions.review(patient, DOMAINS, on=TODAY, seen=1, **told),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert Entry.objects.count() == 1


def test_a_correction_keeps_the_old_version_and_the_second_is_told_what_changed(patient, nurse, person) -> None:
    ines = person("ines", Role.PRESCRIBER)
    first = add(patient, SERTRALINE, nurse)

    def to(dose: int, by, key=None) -> Entry:
        change = lambda base: replace(base, dose=Decimal(dose))  # noqa: E731
        return actions.correct(first, change, by=by, at=SOON, key=key or ids.new())

    key = ids.new()
    second = to(150, ines, key)
    assert to(150, ines, key) == second, "a double click"
    with pytest.raises(Stale, match="Ines changed this") as stale:
        to(100, nurse)
    assert stale.value.now == second
    assert records.record(Entry.objects.get(pk=first.pk)).dose == Decimal(50)
    assert [one.dose for one in records.chart(patient).exposures] == [Decimal(150)]


def test_the_newest_version_is_told_however_many_there_were(patient, nurse) -> None:
    first = newest = add(patient, SERTRALINE, nurse)
    for dose in (75, 100):
        newest = actions.correct(
            newest, lambda base, dose=dose: replace(base, dose=Decimal(dose)), by=nurse, at=SOON, key=ids.new()
        )
    with pytest.raises(Stale) as stale:
        actions.withdraw(first, reason="wrong", by=nurse, at=SOON, key=ids.new())
    assert stale.value.now == newest


def test_a_withdrawn_entry_counts_no_longer_and_stays(patient, nurse) -> None:
    row, key = add(patient, SERTRALINE, nurse), ids.new()
    told = {"reason": "of her sister", "by": nurse, "at": SOON}
    gone = actions.withdraw(row, **told, key=key)
    assert actions.withdraw(row, **told, key=key) == gone
    assert records.chart(patient).exposures == ()
    assert Withdrawal.objects.get().entry == row
    with pytest.raises(Conflict, match="of her sister"):
        actions.correct(row, lambda base: base, by=nurse, at=SOON, key=ids.new())


@pytest.mark.parametrize("reason", ["", "x" * 1001])
def test_a_withdrawal_says_why(patient, nurse, reason) -> None:
    with pytest.raises(Refused, match="why the entry"):
        actions.withdraw(add(patient, SERTRALINE, nurse), reason=reason, by=nurse, at=SOON, key=ids.new())


def test_a_review_is_signed_for_what_was_seen(patient, nurse) -> None:
    seen, key = queries.state(patient), ids.new()
    told = {"on": date(2026, 11, 20), "by": nurse, "at": SOON}
    rows = actions.review(patient, ["medicines", "allergies"], seen=seen, key=key, **told)
    assert len(actions.review(patient, ["medicines", "allergies"], seen=seen, key=key, **told)) == 1
    assert [(one.domain, one.by, one.reviewed_on) for one in records.chart(patient).coverage] == [
        ("medicines", "Lee", date(2026, 11, 20)),
        ("allergies", "Lee", date(2026, 11, 20)),
    ]
    with pytest.raises(Conflict, match="has changed since"):
        actions.review(patient, ["medicines"], seen=seen, key=ids.new(), **told)
    add(patient, SERTRALINE, nurse)
    actions.withdraw(rows[0], reason="it was not all there", by=nurse, at=SOON, key=ids.new())
    assert queries.state(patient) == seen + 4


def test_a_review_names_something_and_no_day_to_come(patient, nurse) -> None:
    told = {"seen": 0, "by": nurse, "at": SOON}
    with pytest.raises(Refused, match="Nothing is chosen"):
        actions.review(patient, ["astrology"], on=TODAY, key=ids.new(), **told)
    with pytest.raises(Refused, match="in the future"):
        actions.review(patient, DOMAINS, on=TODAY + timedelta(days=1), key=ids.new(), **told)


def weight(value: str, unit: str, when: str = "2026-11-24") -> Observation:
    return forms.made("weight", {"value": value, "unit": unit, "when": when}, today=TODAY)


def test_a_weight_in_the_wrong_unit_is_asked_about(patient, nurse) -> None:
    add(patient, weight("70", "kg", "2026-03-02"), nurse)
    great = (
        "Weight 154 kg is 2.2 times the last one (70 kg on 2026-03-02). Was it in pounds? 154 lb is 69.9 kg. "
        "Enter it again with its unit."
    )
    with pytest.raises(weights.Implausible) as asked:
        add(patient, weight("154", "kg"), nurse)
    assert str(asked.value) == great
    with pytest.raises(weights.Implausible, match="Were the 70 lb in kilograms"):
        add(patient, weight("70", "lb"), nurse)
    add(patient, weight("154", "lb"), nurse)
    add(patient, weight("154", "kg"), nurse, weight_is_right=True)
    assert len(records.chart(patient).observations) == 3


def test_a_corrected_weight_is_held_against_the_last_other_one(patient, nurse) -> None:
    add(patient, weight("70", "kg", "2026-11-01"), nurse)
    row, heavy = add(patient, weight("71", "kg"), nurse), partial(replace, value=Decimal(154))
    told = {"by": nurse, "at": NOW, "key": ids.new()}
    with pytest.raises(weights.Implausible):
        actions.correct(row, heavy, **told)
    assert actions.correct(row, heavy, **told, weight_is_right=True).replaces_id == row.id


@pytest.mark.parametrize("value", ["100", "77.1", "62.9"])
def test_a_weight_far_from_the_last_is_asked_about_when_written_and_when_corrected(patient, nurse, value) -> None:
    add(patient, weight("70", "kg", "2026-11-17"), nurse)
    with pytest.raises(weights.Implausible, match=rf"Weight {value} kg is far from the last one \(70 kg"):
        add(patient, weight(value, "kg"), nurse)
    row, told = add(patient, weight("71", "kg"), nurse), {"by": nurse, "at": NOW, "key": ids.new()}
    with pytest.raises(weights.Implausible, match="whose weight"):
        actions.correct(row, partial(replace, value=Decimal(value)), **told)
    assert actions.correct(row, partial(replace, value=Decimal(value)), **told, weight_is_right=True)


@pytest.mark.parametrize(("value", "unit"), [("70", "kg"), ("77", "kg"), ("63", "kg"), ("165", "lb")])
def test_a_plausible_weight_is_taken(patient, nurse, value, unit) -> None:
    add(patient, weight("70", "kg", "2026-03-02"), nurse)
    add(patient, weight(value, unit), nurse)


@pytest.mark.parametrize(
    ("form", "typed", "said"),
    [
        ("weight", {"value": "5", "unit": "kg", "when": "2026"}, "cannot be right"),
        ("weight", {"value": "1e999999", "unit": "kg", "when": "2026"}, "cannot be right"),
        ("weight", {"value": "NaN", "unit": "kg", "when": "2026"}, "no number"),
        ("weight", {"value": "七十", "unit": "kg", "when": "2026"}, "no number"),
        ("weight", {"value": "70", "unit": "stone", "when": "2026"}, "none of the choices"),
        ("weight", {"value": "70", "unit": "kg", "when": "2027"}, "in the future"),
        ("weight", {}, "Weight is empty"),
        ("exposure", {"text": "x" * 501}, "too long"),
        ("exposure", {"text": "sertraline", "dose": "-1"}, "no number"),
        ("exposure", {"text": "sertraline", "start": "2025-13"}, "no day"),
        ("exposure", {"text": "sertraline", "start": "2025-03", "end": "2025-01"}, "begins on 2025-03"),
        ("exposure", {"text": "sertraline", "ingredients": "sugar"}, "none of the choices"),
        ("exposure", {"text": "esketamine 56 mg"}, "no antidepressant trials"),
        ("therapy", {"text": "CBT", "kind": "psychotherapy", "sessions": "1.5"}, "no number"),
        ("observation", {"kind": "phq-9", "value": "28", "when": "2026"}, "cannot be right"),
        (
            "observation",
            {"kind": "pregnancy_test", "value": "perhaps", "when": "2026"},
            "negative / 阴性, positive / 阳性",
        ),
        ("observation", {"kind": "weight", "value": "70", "when": "2026"}, "none of the choices"),
    ],
)
def test_what_cannot_be_taken_is_said(form, typed, said) -> None:
    with pytest.raises(Wrong, match=said):
        forms.made(form, typed, today=TODAY)


def test_every_answer_that_is_known_has_its_words() -> None:
    answers = {one for kind in terms().kinds.values() if kind.units is None for one in kind.words.values()}
    assert answers - REPLIES.keys() == {"A", "B", "C"}
    assert REPLIES.keys() - answers <= {"done"}


def test_every_problem_of_a_form_is_said() -> None:
    with pytest.raises(Wrong) as wrong:
        forms.made("exposure", {"dose": "x", "start": "x", "status": "x"}, today=TODAY)
    assert len(wrong.value.problems) == 4


def test_empty_is_not_recorded_and_a_question_mark_is_unknowable() -> None:
    made = forms.made("exposure", {"text": "Sertraline", "dose": "?", "stop": "?", "improvement": ""}, today=TODAY)
    assert made.ingredients == ("sertraline",), "a name is understood as that of a file is"
    assert (made.dose, made.stop, made.improvement, made.start) == (UNREADABLE, UNREADABLE, None, None)


def test_conditions_and_answers_are_understood() -> None:
    made = forms.made("condition", {"text": "no psychosis"}, today=TODAY)
    assert (made.concepts, made.possible) == (frozenset(), {"psychosis"}), "a negated name decides nothing"
    picked = forms.made("condition", {"text": made.text, "concepts": "psychosis"}, today=TODAY, base=made)
    assert (picked.concepts, picked.possible) == ({"psychosis"}, frozenset()), "a person decided"
    test = {"kind": "pregnancy_test", "value": "阴性", "when": "2026-11-20"}
    assert forms.made("observation", test, today=TODAY).value == "negative"


@pytest.mark.parametrize(
    ("form", "record"),
    [
        ("exposure", Exposure("x", "mix", ("sertraline", "lithium"), start=When(date(2025, 1, 3), date(2025, 2, 9)))),
        ("exposure", Exposure("x", "?", UNREADABLE, dose=UNREADABLE, improvement=Decimal("-12.50"))),
        ("weight", Observation("x", "weight", Decimal("70.30"), when=on(date(2026, 1, 1)))),
        ("weight", Observation("x", "weight", UNREADABLE, when=UNREADABLE)),
        ("observation", Observation("x", "phq-9", Decimal(19), when=on(date(2026, 1, 1)), text="PHQ-9: 19")),
    ],
)
def test_to_confirm_changes_nothing(form, record) -> None:
    shown = forms.shown(record, form)
    assert shown.keys() == {field.name for field in FIELDS[form]}
    assert forms.made(form, shown, today=TODAY, base=record) == record


def test_a_corrected_value_does_not_keep_the_words_of_the_wrong_one() -> None:
    wrong = Observation("x", "phq-9", Decimal(19), when=on(date(2026, 1, 1)), text="PHQ-9: 19")
    shown = forms.shown(wrong, "observation") | {"value": "9"}
    assert forms.made("observation", shown, today=TODAY, base=wrong) == replace(wrong, value=Decimal(9), text="")
