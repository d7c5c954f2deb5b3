"""Is a whole small chart read as it was meant, and does damage anywhere in it leave a trace?"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.answers import UNREADABLE, Reason
from daybreak.clinical.records import Chart, Coverage, KetamineExposure, Observation, When, on
from daybreak.exchange.fhir import charts
from daybreak.exchange.fhir.bundle import charts_and_problems
from daybreak.exchange.fhir.json_reader import Flaw
from daybreak.knowledge.terms import terms
from tests.conftest import ROOT
from tests.exchange.fhir.build import sayable

EVERYTHING = json.loads((ROOT / "tests/cases/fhir/everything.json").read_text())


@pytest.fixture(scope="module")
def chart() -> Chart:
    (found,) = charts(EVERYTHING, terms=terms(), place="f")
    return found


def values(chart: Chart) -> dict[str, Any]:
    return {o.kind: o.value for o in chart.observations if not o.kind.startswith("phq-9")}


def test_the_patient(chart: Chart) -> None:
    assert chart.patient.id == "ann"
    assert chart.patient.birth == When(date(1979, 5, 1), date(1979, 5, 31))
    assert chart.problems == ()


def test_conditions(chart: Chart) -> None:
    depression, refuted, odd = chart.conditions
    assert depression.concepts == {"major_depression", "severity_severe"}
    assert (depression.clinical, depression.verification, depression.onset) == (
        "active",
        "confirmed",
        on(date(2025, 1, 5)),
    )
    assert (refuted.verification, "aneurysmal_vascular_disease" in refuted.concepts) == ("refuted", True)
    assert odd.concepts == frozenset()
    assert [(u.ref, u.code, u.domain) for u in chart.unmapped] == [
        ("Condition/odd", "urn:example:house|Q-17", "conditions")
    ]


def test_medicines(chart: Chart) -> None:
    first, second, fill = chart.exposures
    assert (first.ingredients, first.dose, first.stop, first.indication) == (
        ("sertraline",), Decimal(100), "no effect", "depression",
    )  # fmt: skip
    assert (first.start, first.end, first.status) == (on(date(2025, 2, 3)), on(date(2025, 4, 30)), "ended")
    assert (second.ingredients, second.dose, second.start, second.end) == (
        ("venlafaxine",), Decimal(150), on(date(2025, 5, 1)), None,
    )  # fmt: skip
    assert (fill.start, fill.end, fill.status) == (on(date(2025, 5, 1)), on(date(2025, 5, 30)), None)
    assert chart.ketamine == (
        KetamineExposure(
            "MedicationAdministration/spray",
            "esketamine, 56 mg, nasal",
            "esketamine",
            on(date(2025, 12, 1)),
            Decimal(56),
            "nasal",
        ),
    )


def test_measurements(chart: Chart) -> None:
    assert values(chart) == {"systolic": 142, "diastolic": 88, "pregnancy_status": "not_pregnant"}
    pressure = chart.observations[0]
    assert (pressure.text, pressure.ref) == ("142/88 mm[Hg]", "Observation/pressure")
    assert pressure.instant == datetime(2026, 1, 10, 7, 30, tzinfo=UTC)


def test_the_questionnaire_makes_a_total_and_keeps_item_9(chart: Chart) -> None:
    day, at = on(date(2026, 1, 9)), datetime(2026, 1, 9, 9, tzinfo=UTC)
    form = {o.kind: o for o in chart.observations if o.ref == "QuestionnaireResponse/form"}
    assert form["phq-9"].value == 3 + 3 + 2 + 3 + 2 + 2 + 2 + 1 + 0
    assert form["phq-9.item-9"] == Observation(
        "QuestionnaireResponse/form", "phq-9.item-9", Decimal(0), day, at, "Better off dead 0"
    )


def test_sessions_and_reviews(chart: Chart) -> None:
    (ect,) = chart.therapies
    assert (ect.kind, ect.sessions, ect.start, ect.end) == ("ect", 2, on(date(2024, 6, 3)), on(date(2024, 6, 5)))
    assert Coverage("conditions", date(2026, 1, 9), "Dr Quill", "List/problems") in chart.coverage


# --- damage

WRONG = st.sampled_from(
    [
        None, True, False, 0, -1, 1.5, float("nan"), float("inf"), 10**5000, "", "x", "\ud800", "2012", "2012-13-45",
        [], {}, [[]], [{}], {"a": 1}, [None], ["x"], Flaw(Reason("fhir.half-text")), "Patient/ann", "#m",
    ]
)  # fmt: skip
GONE = object()
# A list without its code or date is no review, a procedure without its code is any procedure, a panel without parts
# measured nothing: these say nothing any more. The others must leave a trace, whatever happens to them.
MAY_FALL_SILENT = {"Patient", "Medication", "List", "Procedure"}


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from paths(child, (*path, key))


PATHS = [path for path in paths(EVERYTHING) if path]


def damaged(path: tuple[Any, ...], value: Any) -> Any:
    whole = copy.deepcopy(EVERYTHING)
    node = whole
    for key in path[:-1]:
        node = node[key]
    if value is GONE:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return whole


def cited(found: list[Chart]) -> set[str]:
    families = ("conditions", "exposures", "observations", "allergies", "ketamine", "therapies", "unmapped")
    refs = {record.ref for chart in found for family in families for record in getattr(chart, family)}
    places = {problem.place for chart in found for problem in chart.problems}
    return {ref.removeprefix("f#") for ref in refs | places}


@given(st.sampled_from(PATHS), WRONG | st.just(GONE))
def test_no_damage_raises_or_loses_a_record_silently(path: tuple[Any, ...], value: Any) -> None:
    whole = damaged(path, value)
    found = charts(whole, terms=terms(), place="f")
    sayable(problem for one in found for problem in one.problems)
    if path[0] != "entry" or len(path) < 4 or path[3] in ("resourceType", "component"):
        return
    for i, entry in enumerate(EVERYTHING["entry"]):
        kind, id_ = entry["resource"]["resourceType"], entry["resource"]["id"]
        now = whole["entry"][i]["resource"].get("id")
        refs = {f"{kind}/{id_}", f"entry[{i}]", *([f"{kind}/{now}"] if isinstance(now, str) else [])}
        assert kind in MAY_FALL_SILENT or refs & cited(found), (path, kind, id_)


KEYS = st.sampled_from(["resourceType", "entry", "resource", "id", "subject", "code", "coding"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["Bundle", "Condition"])
ANY_JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(ANY_JSON)
def test_any_value_is_answered(value: Any) -> None:
    found, problems = charts_and_problems(value, terms=terms(), place="f")
    assert found or problems
    sayable([*problems, *(problem for one in found for problem in one.problems)])


def test_a_damaged_value_is_unreadable_not_absent() -> None:
    index = next(i for i, e in enumerate(EVERYTHING["entry"]) if e["resource"]["id"] == "score")
    (found,) = charts(damaged(("entry", index, "resource", "valueInteger"), "many"), terms=terms(), place="f")
    assert [o.value for o in found.observations if o.ref == "Observation/score"] == [UNREADABLE]
    assert [p.place for p in found.problems] == ["f#Observation/score"]
