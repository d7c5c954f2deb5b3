"""Does a chart that was written as FHIR come back as it was, and is what others do to the file heard?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from daybreak.clinical.answers import UNREADABLE, Reason, Term
from daybreak.clinical.records import Chart, Condition, Coverage, Encounter, Exposure, Observation, Problem, When, on
from daybreak.demo import bundles
from daybreak.exchange.fhir import charts, read
from daybreak.exchange.fhir.apart import Identified, people_in
from daybreak.exchange.fhir.json_reader import parse
from daybreak.exchange.fhir.writer import bundle, document, provenance, written
from daybreak.knowledge.terms import LOCAL, terms
from tests.agreement.charts import charts as any_chart
from tests.clinical.screening.build import cleared
from tests.exchange.fhir.build import said

AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
EVERYTHING = Path(__file__).parents[2] / "cases" / "fhir" / "everything.json"
KINDS = {
    "Patient", "Condition", "MedicationStatement", "MedicationRequest", "MedicationAdministration", "Observation",
    "AllergyIntolerance", "Procedure", "Encounter", "List",
}  # fmt: skip


def made(chart: Chart) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(bundle(chart, terms=terms(), at=AT)))
    return found


def back(content: dict[str, Any]) -> Chart:
    (found,) = charts(parse(json.dumps(content).encode()).value, terms=terms(), place="f.json")
    return found


def resources(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in content["entry"] if one["resource"]["resourceType"] == kind]


@settings(max_examples=300, deadline=None)
@given(any_chart())
def test_any_chart_comes_back_as_it_was(chart: Chart) -> None:
    content = made(chart)
    assert back(content) == chart
    assert made(back(content)) == content
    assert {one["resource"]["resourceType"] for one in content["entry"]} <= KINDS
    ids = [one["fullUrl"] for one in content["entry"]]
    assert len(ids) == len(set(ids))


def test_charts_that_were_read_come_back_as_they_were(tmp_path: Path) -> None:
    bundles.write(tmp_path, today=date(2026, 6, 15))
    found = [one for one in read([tmp_path, EVERYTHING], terms=terms()) if isinstance(one, Chart)]
    assert len(found) > 60
    assert any(one.problems for one in found) | any(one.unmapped for one in found)
    for chart in found:
        assert back(made(chart)) == chart


def test_what_nobody_could_read_or_map_comes_back_too() -> None:
    wrong = Reason(
        "fhir.wrong", {"what": Reason("fhir.field", {"name": "onset"}), "given": "?", "expected": Term("fhir.date")}
    )
    chart = replace(
        cleared(),
        problems=(Problem("old.json#Condition/9", wrong),),
        encounters=(Encounter("Encounter/1", "psychosis", frozenset({"psychosis"}), on(date(2020, 1, 2)), None),),
        coverage=(Coverage("reproductive", date(2026, 6, 1), "A. Lee", "entry 7"),),
        observations=(
            Observation(
                "a/b c", "systolic", Decimal("128.50"), on(date(2026, 6, 14)), datetime(2026, 6, 15, 1, 5, tzinfo=UTC)
            ),
            Observation("a/b c", "diastolic", UNREADABLE, When(date(2026, 6, 3), date(2026, 6, 14))),
        ),
    )
    assert back(made(chart)) == chart


def test_same_chart_same_bytes_and_nothing_but_ascii() -> None:
    chart = replace(cleared(), conditions=(Condition("Condition/ü", "抑郁症"),))
    first = written(bundle(chart, terms=terms(), at=AT))
    assert first == written(bundle(chart, terms=terms(), at=AT))
    assert first.isascii()


def test_others_read_standard_elements() -> None:
    chart = replace(
        cleared(),
        exposures=(
            Exposure(
                "MedicationStatement/1", "sertraline", ("sertraline",), Decimal(150), on(date(2025, 1, 1)),
                on(date(2025, 3, 1)), "ended", "no effect", indication="depression", kind="MedicationStatement",
            ),
        ),
    )  # fmt: skip
    (taken,) = resources(made(chart), "MedicationStatement")
    assert taken["status"] == "completed"
    assert taken["effectivePeriod"] == {"start": "2025-01-01", "end": "2025-03-01"}
    assert taken["medicationCodeableConcept"]["coding"][0]["code"] == "36437"
    assert taken["dosage"][0]["doseAndRate"][0]["doseQuantity"]["value"] == 150
    assert json.loads(taken["extension"][0]["valueString"])["fields"] == {}
    codes = {
        c["code"] for o in resources(made(chart), "Observation") for c in o["code"]["coding"] if c["system"] != LOCAL
    }
    assert {"8480-6", "44261-6"} <= codes


def test_a_correction_by_others_is_heard() -> None:
    content = made(
        replace(
            cleared(), observations=(Observation("Observation/1", "systolic", Decimal(120), on(date(2026, 6, 14))),)
        )
    )
    (reading,) = resources(content, "Observation")
    reading["valueQuantity"]["value"] = 184
    assert back(content).observations[0].value == Decimal(184)
    reading["status"] = "entered-in-error"
    assert back(content).observations == ()
    reading["status"] = "final"
    reading["modifierExtension"] = [{"url": "urn:x"}]
    assert back(content).observations[0].value is UNREADABLE


def test_what_was_withdrawn_by_others_is_gone_though_nothing_in_fhir_says_it() -> None:
    content = made(replace(cleared(), problems=(Problem("x", Reason("fhir.focus")),)))
    kept = [one for one in resources(content, "Observation") if "could not be read" in one["code"]["text"]]
    kept[0]["status"] = "entered-in-error"
    assert back(content).problems == ()


NONSENSE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no object": lambda told: [],
    "no fields": lambda told: {**told, "fields": 3},
    "another kind": lambda told: {**told, "is": "nothing"},
    "no such field": lambda told: {**told, "fields": {"price": 3}},
    "a number as a text": lambda told: {**told, "fields": {"value": {"decimal": "many"}}},
    "no number": lambda told: {**told, "fields": {"value": {"decimal": "NaN"}}},
    "a list for a word": lambda told: {**told, "fields": {"kind": {"list": ["systolic"]}}},
    "a kind that nobody knows": lambda told: {**told, "fields": {"kind": "mood-ring"}},
    "two tags": lambda told: {**told, "fields": {"when": {"days": [], "unreadable": True}}},
    "a day that is none": lambda told: {**told, "fields": {"when": {"days": ["2026-02-30", "2026-02-30"]}}},
    "a problem without a sentence": lambda told: {
        "is": "problem", "whole": True, "fields": {"place": "x", "reason": {"reason": ["no.such", {}]}}
    },
    "a concept of nobody's": lambda told: {
        "is": "condition", "whole": True, "fields": {"ref": "x", "text": "y", "concepts": {"set": ["moonstruck"]}}
    },
    "a medicine of nobody's": lambda told: {
        "is": "exposure", "whole": True, "fields": {"ref": "x", "text": "y", "ingredients": {"list": ["moondust"]}}
    },
    "an allergy to it": lambda told: {
        "is": "allergy", "whole": True, "fields": {"ref": "x", "text": "y", "substances": {"set": ["moondust"]}}
    },
    "a status of nobody's": lambda told: {
        "is": "exposure", "whole": True, "fields": {"ref": "x", "text": "y", "status": "perhaps"}
    },
    "a therapy of nobody's": lambda told: {
        "is": "therapy", "whole": True, "fields": {"ref": "x", "text": "y", "kind": "moonlight"}
    },
    "a drug that is none of the two": lambda told: {
        "is": "ketamine", "whole": True, "fields": {"ref": "x", "text": "y", "drug": "sertraline"}
    },
    "numbers in a list of words": lambda told: {
        "is": "exposure", "whole": True, "fields": {"ref": "x", "text": "y", "ingredients": {"list": [3]}}
    },
    "true for a count": lambda told: {
        "is": "unmapped", "whole": True, "fields": {"ref": "x", "code": "y", "text": "z", "count": True}
    },
}  # fmt: skip


@pytest.mark.parametrize("name", NONSENSE)
def test_an_addition_that_does_not_hold_together_is_a_problem_and_the_rest_is_read(name: str) -> None:
    content = made(
        replace(
            cleared(), observations=(Observation("Observation/1", "systolic", Decimal(120), on(date(2026, 6, 14))),)
        )
    )
    (reading,) = resources(content, "Observation")
    told = NONSENSE[name](json.loads(reading["extension"][0]["valueString"]))
    reading["extension"][0]["valueString"] = json.dumps(told)
    chart = back(content)
    assert [one.value for one in chart.observations] == [Decimal(120)]
    assert [one.reason.id for one in chart.problems] == ["fhir.carried"]
    assert said(chart.problems[0])
    assert said(chart.problems[0], "zh-Hans")


@pytest.mark.parametrize("text", [None, 5, "{", '{"fields": {"birth": 5}}', '{"fields": {"name": "x"}}', "[]"])
def test_the_same_of_the_patient(text: Any) -> None:
    content = made(cleared())
    resources(content, "Patient")[0]["extension"] = [
        {"url": "https://daybreak.invalid/fhir/record", "valueString": text}
    ]
    chart = back(content)
    assert chart.patient == cleared().patient
    assert [one.reason.id for one in chart.problems] == ["fhir.carried"]


def test_who_it_is_is_said_only_when_asked() -> None:
    who = Identified("", "Müller", "Anna Maria", "1980-03-01", "female", "Deutsch", (("urn:x", "77"),))
    content = written(bundle(cleared(), terms=terms(), at=AT, who=who))
    (one,) = people_in(content, place="f")
    assert not isinstance(one, Problem)
    assert replace(one.who, ref="") == who
    assert b"name" not in json.dumps(resources(made(cleared()), "Patient")).encode()


def test_papers_and_who_made_it_travel_along() -> None:
    paper = document(id="d", patient="Patient/p", title="t", media_type="application/pdf", content=b"%PDF", at=AT)
    by = provenance(id="v", targets=["Patient/p"], by="A. Lee", site="North", at=AT)
    chart = cleared()
    content = json.loads(written(bundle(chart, terms=terms(), at=AT, more=[paper, by])))
    (kept,) = resources(content, "DocumentReference")
    assert kept["content"][0]["attachment"] == {
        "contentType": "application/pdf",
        "title": "t",
        "size": 4,
        "data": "JVBERg==",
    }
    assert resources(content, "Provenance")[0]["agent"] == [
        {"who": {"display": "A. Lee"}, "onBehalfOf": {"display": "North"}}
    ]
    assert back(content) == chart
