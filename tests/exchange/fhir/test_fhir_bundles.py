"""Does every record reach its own patient, in every kind of bundle and by every form of reference?"""

from __future__ import annotations

from typing import Any

import pytest

from daybreak.clinical.records import Chart
from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms
from tests.exchange.fhir.build import ANN, bundle, chart, coded, resource, said, score, sertraline

UUID = "ae675672-f5f1-5c01-8e7a-d1c61bc98e30"
HERE, THERE = "https://here.example/fhir", "https://there.example/fhir"


def read(value: Any) -> list[Chart]:
    return charts(value, terms=terms(), place="f")


def whose(value: Any) -> list[tuple[str, int]]:
    return [(c.patient.id, len(c.observations)) for c in read(value)]


def entry(record: Any, url: str) -> dict[str, Any]:
    return {"fullUrl": url, "resource": record}


@pytest.mark.parametrize(
    ("urls", "reference"),
    [
        ((f"urn:uuid:{UUID}", "urn:uuid:1"), f"urn:uuid:{UUID}"),
        ((f"{HERE}/Patient/ann", f"{HERE}/Observation/x"), "Patient/ann"),
        ((f"{HERE}/Patient/ann", f"{HERE}/Observation/x"), f"{HERE}/Patient/ann"),
        ((f"{HERE}/Patient/ann", f"{HERE}/Observation/x"), f"{HERE}/Patient/ann/_history/3"),
        (("", ""), "Patient/ann"),
        (("", ""), f"{HERE}/Patient/ann"),
    ],
)
def test_every_form_of_reference(urls: tuple[str, str], reference: str) -> None:
    record = score(20, subject={"reference": reference})
    assert whose({"resourceType": "Bundle", "entry": [entry(ANN, urls[0]), entry(record, urls[1])]}) == [("ann", 1)]


def test_the_same_id_on_another_server_is_somebody_else() -> None:
    foreign = entry(score(20, subject={"reference": f"{THERE}/Patient/ann"}), f"{THERE}/Observation/x")
    assert whose({"resourceType": "Bundle", "entry": [entry(ANN, f"{HERE}/Patient/ann"), foreign]}) == [
        ("ann", 0),
        ("ann", 1),
    ]


def test_a_patient_by_identifier() -> None:
    ann = {**ANN, "identifier": [{"system": "urn:mrn", "value": "7"}]}
    for subject in ({"identifier": {"system": "urn:mrn", "value": "7"}}, {"reference": "Patient?identifier=urn:mrn|7"}):
        assert whose(bundle(ann, score(20, subject=subject))) == [("ann", 1)]


def test_an_absent_patient_is_one_chart_with_the_id_from_the_reference() -> None:
    assert whose(bundle(score(20), score(21, id="y"))) == [("ann", 2)]


def test_a_record_of_nobody_may_be_anybodys() -> None:
    (found,) = read(bundle(ANN, score(20, subject=None)))
    assert [p.place for p in found.problems] == ["f#Observation/x"]


def test_a_device_is_no_patient() -> None:
    assert whose(bundle(ANN, score(20, subject={"reference": "Device/1"}))) == [("ann", 0)]


def test_broken_entries_leave_a_trace_and_the_rest_is_read() -> None:
    value = {"resourceType": "Bundle", "entry": [7, {"resource": ANN}, {}, {"resource": []}, {"resource": score(20)}]}
    (found,) = read(value)
    assert len(found.observations) == 1
    assert [p.place for p in found.problems] == ["f#entry[0]", "f#entry[2]", "f#entry[3]"]


def test_a_record_without_an_id_is_cited_by_its_place() -> None:
    (found,) = read(bundle(ANN, score(20, id=None)))
    assert found.observations[0].ref == "f#entry[1]"


def test_the_same_record_twice_is_one_and_two_of_one_id_are_a_problem() -> None:
    assert whose(bundle(ANN, ANN, score(20), score(20))) == [("ann", 1)]
    (found,) = read(bundle(ANN, score(20), score(21)))
    assert (len(found.observations), len(found.problems)) == (2, 1)


def test_history_keeps_what_holds_now() -> None:
    gone = {"request": {"method": "DELETE", "url": "Observation/z"}, "response": {"status": "204"}}
    value = bundle(ANN, score(25), score(20), type="history")
    value["entry"] += [gone, {"resource": score(9, id="z")}]
    (found,) = read(value)
    assert [o.value for o in found.observations] == [25]


def test_requests_and_responses_are_no_records() -> None:
    asked = [{"request": {"method": "GET", "url": "Patient"}}, {"response": {"status": "200"}}]
    value = {
        "resourceType": "Bundle",
        "type": "batch-response",
        "entry": [*asked, {"resource": bundle(ANN, score(20))}],
    }
    assert whose(value) == [("ann", 1)]
    assert read(value)[0].problems == ()


def test_a_page_of_several_is_not_the_whole() -> None:
    (found,) = read(bundle(ANN, link=[{"relation": "next", "url": "x"}]))
    assert "one page of several" in said(found.problems[0])


def test_a_lone_resource_and_an_array_are_read() -> None:
    assert whose(score(20)) == [("ann", 1)]


@pytest.mark.parametrize(
    ("record", "version"),
    [
        (resource("Condition", code=coded("F33.2"), clinicalStatus="active"), "STU3"),
        (resource("MedicationOrder", status="active"), "DSTU2"),
        (sertraline(context={"reference": "Encounter/1"}), "STU3"),
        (resource("MedicationStatement", status="active", taken="y"), "STU3"),
        (sertraline(medication={"concept": {"text": "sertraline"}}), "R5"),
        (score(20, comment="x"), "STU3"),
        (sertraline(dosageInstruction=[{"doseQuantity": {"value": 1}}]), "STU3"),
    ],
)
def test_another_version_is_named_and_not_read(record: Any, version: str) -> None:
    found = chart(record)
    assert (found.conditions, found.exposures, found.observations) == ((), (), ())
    assert f"FHIR {version}" in said(found.problems[0])


# --- what was reviewed


def reviewed(**fields: Any) -> dict[str, Any]:
    fields = {"status": "current", "mode": "snapshot", "date": "2026-01-09", "emptyReason": coded("nilknown"), **fields}
    return resource("List", code=coded("48765-2", "http://loinc.org"), **fields)


@pytest.mark.parametrize(
    ("fields", "domains"),
    [
        ({}, ["allergies"]),
        ({"emptyReason": None}, []),
        ({"emptyReason": coded("unavailable")}, []),
        ({"mode": "working"}, []),
        ({"status": "retired"}, []),
        ({"date": None}, []),
        ({"date": "2026"}, []),
    ],
)
def test_what_counts_as_a_review(fields: dict[str, Any], domains: list[str]) -> None:
    assert [c.domain for c in chart(reviewed(**fields)).coverage] == domains


def test_a_review_of_records_that_are_not_here_leaves_that_part_open() -> None:
    found = chart(reviewed(entry=[{"item": {"reference": "AllergyIntolerance/lost"}}]))
    assert [p.place for p in found.problems] == ["f.json#AllergyIntolerance/lost"]


@pytest.mark.parametrize(("day", "domains"), [("2026-01-09", ["allergies"]), (None, [])])
def test_a_coded_nothing_known_is_a_review_if_it_has_its_day(day: str | None, domains: list[str]) -> None:
    found = chart(resource("AllergyIntolerance", code=coded("716186003"), recordedDate=day))
    assert (found.allergies, [c.domain for c in found.coverage]) == ((), domains)
