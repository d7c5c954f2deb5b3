"""What may hold records but is not read: is it named, and is the rest still read?"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Problem
from daybreak.exchange.fhir.files import Source, sources
from tests.exchange.fhir.build import ANN, LOINC, bundle, chart, coded, resource, said

ITEMS = "44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8"
RISK = "c-ssrs-screen.risk"


def test_a_folder_within_a_folder_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text(json.dumps(bundle(ANN)))
    (tmp_path / "pictures").mkdir()
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "bea.json").write_text("{}")
    (tmp_path / "old.xml").write_text("<Bundle/>")
    (tmp_path / "all.json.gz").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("hello")
    found = list(sources([tmp_path]))
    assert [Path(f.name).name for f in found if isinstance(f, Source)] == ["ann.json"]
    assert [Path(f.place).name for f in found if isinstance(f, Problem)] == ["all.json.gz", "old.xml", "ward"]


@pytest.mark.parametrize("name", ["ann.xml", "ann.json.gz", "ann.zip"])
def test_a_file_of_another_kind_says_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<x/>")
    (found,) = sources([tmp_path / name])
    assert isinstance(found, Problem)
    assert "Export" in said(found) or "Unpack" in said(found)


def asked(loinc: str, value: str, id_: str = "x") -> dict[str, Any]:
    fields = {"status": "final", "effectiveDateTime": "2026-01-09", "valueCodeableConcept": coded(value, LOINC)}
    return resource("Observation", id_, code=coded(loinc, LOINC), **fields)


def level(*answers: dict[str, Any]) -> Any:
    (found,) = [o for o in chart(*answers).observations if o.kind == RISK]
    return found.value


YES, NO = "LA33-6", "LA32-8"


def test_answers_of_one_day_make_the_level() -> None:
    first = (asked("93246-7", NO, "a"), asked("93247-5", NO, "b"))
    assert level(*first, asked("93267-3", NO, "c")) == "none"
    assert level(*first) is UNREADABLE  # behaviour was not asked about
    assert level(asked("93247-5", YES, "b"), asked("93250-9", YES, "e")) == "high"
    assert level(*first, asked("93250-9", YES, "e")) == "high"  # a contradiction keeps the higher level


def test_a_level_beside_the_answers_stands_unless_they_are_worse() -> None:
    low = resource(
        "Observation",
        "r",
        status="final",
        effectiveDateTime="2026-01-09",
        code=coded("93374-7", LOINC),
        valueString="Low",
    )
    assert level(low, asked("93246-7", YES)) == "low"
    both = [o.value for o in chart(low, asked("93250-9", YES)).observations if o.kind == RISK]
    assert both == ["low", "high"]


def test_a_panel_makes_its_total() -> None:
    parts = [{"code": coded(code, LOINC), "valueInteger": 2} for code in ITEMS.split()]
    panel = resource("Observation", status="final", code=coded("44249-1", LOINC), component=parts)
    assert [o.value for o in chart(panel).observations if o.kind == "phq-9"] == [Decimal(18)]
    panel["component"] = parts[:-1]
    assert [o.value for o in chart(panel).observations if o.kind == "phq-9"] == [UNREADABLE]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("MADRS total score", "madrs"), ("HAM-D17", "ham-d17"), ("QIDS-SR16 total", "qids-sr16"), ("MADRS item 3", None)],
)
def test_a_scale_without_a_code_is_known_by_its_whole_name(name: str, kind: str | None) -> None:
    read = chart(
        resource("Observation", status="final", code={"text": name}, effectiveDateTime="2026-01-09", valueInteger=20)
    )
    assert [o.kind for o in read.observations] == ([kind] if kind else [])
    assert [u.text for u in read.unmapped] == ([] if kind else [name])


def test_a_total_is_not_a_printed_answer() -> None:
    total = resource("Observation", status="final", code=coded("44261-6", LOINC), valueString="Several days")
    assert [o.value for o in chart(total).observations] == [UNREADABLE]
