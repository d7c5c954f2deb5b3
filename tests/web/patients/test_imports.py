"""What does a file add to a record, and what does it never do?"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from daybreak.demo.people import records as demo_records
from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.patients import actions, imports, queries, records, weights
from daybreak.web.patients.models import IMPORT, PERSON, Document, Entry, Identifier
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

SOON = NOW + timedelta(minutes=1)
BUNDLES = {record.id: record.bundle() for record in demo_records()}
DEE = BUNDLES["demo-dee"]


@pytest.fixture
def dee(site, nurse):
    return registered(site, nurse, family_name="Dee", birth="1988-12-09")


def bring(patient, bundle, by, *, source="Riverside", same_person=False, key=None) -> imports.Plan:
    document = imports.keep(patient, json.dumps(bundle).encode(), source=source, by=by, at=SOON)
    return imports.add(patient, document, same_person=same_person, by=by, at=SOON, key=key or ids.new())


def patient_of(bundle):
    return next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")


def named(bundle, *, family, given):
    """The same file with another name in it."""
    made = copy.deepcopy(bundle)
    patient_of(made)["name"] = [{"family": family, "given": given}] if family else []
    return made


@pytest.mark.parametrize("id", BUNDLES)
def test_the_chart_is_that_of_the_file(site, nurse, id) -> None:
    chart = charts(BUNDLES[id], terms=terms(), place="x")[0]
    patient = registered(site, nurse, birth=str(chart.patient.birth), sex=chart.patient.sex)
    bring(patient, BUNDLES[id], nurse)
    ours = records.chart(patient)
    for part in ("conditions", "exposures", "observations", "allergies", "coverage", "unmapped"):
        assert sorted(getattr(ours, part), key=repr) == sorted(getattr(chart, part), key=repr)


def test_twice_adds_nothing_twice(dee, nurse) -> None:
    first = bring(dee, DEE, nurse)
    rows = Entry.objects.count()
    assert (len(first.new), first.known) == (rows, 0)
    again = bring(dee, DEE, nurse)
    assert (again.new, again.changed, again.known) == ([], [], rows)
    rearranged = copy.deepcopy(DEE)
    rearranged["entry"].reverse()
    assert bring(dee, rearranged, nurse).known == rows, "another file that says the same"
    assert (Entry.objects.count(), Document.objects.count()) == (rows, 2)


def test_a_double_click_adds_once(dee, nurse) -> None:
    key = ids.new()
    bring(dee, DEE, nurse, key=key)
    rows = Entry.objects.count()
    bring(dee, DEE, nurse, key=key)
    assert Entry.objects.count() == rows


def changed(dose: float) -> dict:
    bundle = copy.deepcopy(DEE)
    for entry in bundle["entry"]:
        if entry["resource"].get("medicationCodeableConcept", {}).get("text") == "escitalopram":
            entry["resource"]["dosage"][0]["doseAndRate"][0]["doseQuantity"]["value"] = dose
    return bundle


def doses(patient) -> list[Decimal]:
    return [one.dose for one in records.chart(patient).exposures if one.text == "escitalopram"]


def test_what_changed_at_the_source_replaces_and_can_change_back(dee, nurse) -> None:
    bring(dee, DEE, nurse)
    plan = bring(dee, changed(10), nurse)
    assert (len(plan.changed), plan.new) == (1, [])
    assert doses(dee) == [Decimal(10)]
    bring(dee, DEE, nurse)
    assert doses(dee) == [Decimal(20)]


def test_another_source_replaces_nothing(dee, nurse) -> None:
    bring(dee, DEE, nurse)
    bring(dee, changed(10), nurse, source="Hill Street")
    assert sorted(doses(dee)) == [Decimal(10), Decimal(20)]


def trial(patient) -> Entry:
    trials = (row for row in records.current(patient) if row.kind == "exposure")
    return next(row for row in trials if records.record(row).text == "escitalopram")


def test_what_a_person_confirmed_stays_when_the_source_says_something_else(dee, nurse) -> None:
    bring(dee, DEE, nurse)
    imported = trial(dee)
    confirmed = actions.correct(
        imported, lambda base: replace(base, improvement=Decimal(10)), by=nurse, at=SOON, key=ids.new()
    )
    assert (imported.origin, confirmed.origin, confirmed.document_id) == (IMPORT, PERSON, imported.document_id)
    assert bring(dee, DEE, nurse).new == []
    plan = bring(dee, changed(10), nurse)
    assert [row.id for row, _ in plan.kept] == [confirmed.id]
    assert trial(dee).id == confirmed.id


def test_what_was_withdrawn_does_not_come_back(dee, nurse) -> None:
    bring(dee, DEE, nurse)
    actions.withdraw(trial(dee), reason="never taken", by=nurse, at=SOON, key=ids.new())
    bring(dee, DEE, nurse)
    plan = bring(dee, changed(10), nurse)
    assert doses(dee) == []
    assert len(plan.kept) == 1, "and it is said that the source still tells it"


@pytest.mark.parametrize("other", [{"birth": "1988-12-08"}, {"birth": "1987"}, {"sex": "male"}])
def test_a_file_of_somebody_else_is_asked_about(site, nurse, other) -> None:
    patient = registered(site, nurse, **{"birth": "1988-12-09", **other})
    with pytest.raises(Refused, match="somebody else"):
        bring(patient, DEE, nurse)
    assert Entry.objects.count() == 0
    bring(patient, DEE, nurse, same_person=True)


@pytest.mark.parametrize("name", ["Dees", "Doe"])
def test_a_name_that_differs_in_a_letter_is_shown_and_asked_about(site, nurse, name) -> None:
    patient = registered(site, nurse, family_name=name, birth="1988-12-09")
    file = named(DEE, family="Dee", given=["Anna"])
    with pytest.raises(Refused, match="somebody else"):
        bring(patient, file, nurse)
    address = f"/patients/{patient.id}/import/{Document.objects.get().id}/"
    page = signed_in(nurse).get(address, secure=True).content.decode()
    assert "<bdi>Dee Anna · 1988-12-09" in page
    assert 'name="same_person"' in page
    bring(patient, file, nurse, same_person=True)


@pytest.mark.parametrize(("family", "given"), [("Dee", ["Anna", "Maria"]), ("DÉE", ["Anna"]), ("Dee", [])])
def test_a_second_name_or_an_accent_makes_nobody_else(site, nurse, family, given) -> None:
    bring(registered(site, nurse, family_name="Dee", birth="1988-12-09"), named(DEE, family=family, given=given), nurse)


def test_a_number_that_another_patient_has_is_asked_about_whatever_else_fits(site, nurse) -> None:
    owner, patient = (registered(site, nurse, number=n, family_name="Dee", birth="1988-12-09") for n in ("1", "2"))
    told = {"patient": owner, "system": "source:Riverside", "value": "Patient/demo-dee", "by": nurse}
    Identifier.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, **told)
    with pytest.raises(Refused, match="somebody else"):
        bring(patient, named(DEE, family="Dee", given=["Anna"]), nurse)
    bring(owner, named(DEE, family="Married", given=["Anna"]), nurse)


def test_a_file_that_names_nobody_is_asked_about(site, nurse) -> None:
    file = named(DEE, family="", given=[])
    patient_of(file).pop("birthDate")
    with pytest.raises(Refused, match="somebody else"):
        bring(registered(site, nurse, family_name="Dee", birth="1988-12-09"), file, nurse)


@pytest.mark.parametrize("other", [{"birth": ""}, {"birth": "1988-12"}, {"sex": ""}])
def test_what_is_not_known_is_no_difference(site, nurse, other) -> None:
    bring(registered(site, nurse, **{"birth": "1988-12-09", **other}), DEE, nurse)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It is empty"),
        (b"<Bundle/>", "It is not JSON"),
        (b"[1]", "Nobody is in the file"),
        (b"[" * 100_000, "nested too deeply"),
        (b"{}", "Nobody is in the file"),
        (b'{"resourceType": "Bundle", "entry": []}', "Nobody is in the file"),
        (b" " * (imports.LARGEST + 1), "at most 20 MB"),
        (
            json.dumps({"resourceType": "Bundle", "entry": DEE["entry"] + BUNDLES["demo-bo"]["entry"]}).encode(),
            "holds 2 patients",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_not_kept(dee, nurse, content, said) -> None:
    with pytest.raises(Refused, match=said):
        imports.keep(dee, content, source="Riverside", by=nurse, at=SOON)
    assert Document.objects.count() == 0


def test_broken_parts_are_kept_as_problems_beside_the_rest(dee, nurse) -> None:
    bundle = copy.deepcopy(DEE)
    bundle["entry"].append(
        {"resource": {"resourceType": "Condition", "code": 7, "subject": {"reference": "Patient/demo-dee"}}}
    )
    bundle["entry"].append({"resource": "nonsense\0\ud800"})
    bring(dee, bundle, nurse)
    assert records.chart(dee).problems
    rows = Entry.objects.count()
    bring(dee, bundle, nurse)
    assert Entry.objects.count() == rows


def test_records_without_an_id_of_two_files_are_never_versions_of_each_other(dee, nurse) -> None:
    def bundle(name: str) -> dict:
        content = copy.deepcopy(DEE)
        about = {"reference": "Patient/demo-dee"}
        content["entry"].insert(
            1, {"resource": {"resourceType": "Condition", "code": {"text": name}, "subject": about}}
        )
        return content

    bring(dee, bundle("asthma"), nurse)
    bring(dee, bundle("psychosis"), nurse)
    assert {"asthma", "psychosis"} <= {one.text for one in records.chart(dee).conditions}


def test_a_file_needs_a_source_and_somebody_who_may(dee, nurse, person) -> None:
    with pytest.raises(Refused, match="who made the file"):
        bring(dee, DEE, nurse, source="")
    with pytest.raises(Forbidden):
        bring(dee, DEE, person("dora", Role.FRONT_DESK))


def test_state_says_that_the_record_grew(dee, nurse) -> None:
    before = queries.state(dee)
    plan = bring(dee, DEE, nurse)
    assert queries.state(dee) == before + len(plan.new)


def test_an_imported_weight_far_from_the_one_before_is_marked_until_a_person_answers_for_it(dee, nurse) -> None:
    def weighed(ref: str, kg: int, day: str) -> dict:
        code = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}
        told = {"resourceType": "Observation", "id": ref, "status": "final", "subject": {"reference": "Patient/dee"}}
        return told | {"code": code, "effectiveDateTime": day, "valueQuantity": {"value": kg, "code": "kg"}}

    person = {"resourceType": "Patient", "id": "dee", "birthDate": "1988-12-09"}
    entries = [person, weighed("a", 70, "2026-03-02"), weighed("b", 100, "2026-03-09"), weighed("c", 101, "2026-03-16")]
    bring(dee, {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}, nurse)
    rows = records.current(dee)
    marked = weights.odd(dee, rows, "en", hidden=())
    (far,) = [row for row in rows if row.id in marked]
    assert far.reference == "Observation/b"
    assert marked[far.id].startswith("Far from the weight before (70 kg on 2026-03-02)")
    assert far.id not in weights.odd(dee, rows, "en", hidden={far.id}), "nothing is said of what one may not read"
    actions.correct(far, lambda same: same, by=nurse, at=NOW, key=ids.new(), action="confirmed")
    assert weights.odd(dee, records.current(dee), "en", hidden=()) == {}
