"""Do bad input and large sets leave a clear line each, while everything else is read?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Chart, Problem
from daybreak.exchange.fhir import files, ndjson, read
from daybreak.knowledge.terms import terms
from tests.exchange.fhir.build import ANN, bundle, said, score, sertraline

GOOD = json.dumps(bundle(ANN, score(20))).encode()
VALUE = b'"valueInteger": 20'


def answers(*paths: Path) -> tuple[list[Chart], list[Problem]]:
    found = list(read(paths, terms=terms()))
    return [x for x in found if isinstance(x, Chart)], [x for x in found if isinstance(x, Problem)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"hello", "not JSON"),
        (GOOD[:-3], "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (GOOD.decode().encode("utf-16"), "UTF-8"),
        (GOOD.decode().encode("utf-32-le"), "UTF-8"),
        (GOOD.replace(b"2026", b"\xe92026"), "0xe9"),
        (b"3", "not FHIR"),
        (b"null", "not FHIR"),
        (b'{"a": 1}', "not FHIR"),
        (b'[{"a": 1}, {"a": 2}]', "not FHIR"),
        (b'{"resourceType": "Bundle", "entry": 7}', "list is expected"),
        (b'{"resourceType": "Bundle"}', "No patient"),
        (
            b'{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "too old"}]}',
            "too old",
        ),
    ],
)
def test_bad_files_are_one_clear_line_and_the_next_is_read(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.json").write_bytes(content)
    (tmp_path / "b.json").write_bytes(GOOD)
    charts, problems = answers(tmp_path)
    assert [c.patient.id for c in charts] == ["ann"]
    (problem,) = problems
    assert words in said(problem)
    assert problem.place.startswith(str(tmp_path / "a.json"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.replace(VALUE, VALUE + b', "valueInteger": 3'), "stands twice"),
        (GOOD.replace(VALUE, b'"valueInteger": NaN'), "NaN"),
        (GOOD.replace(VALUE, b'"valueInteger": -Infinity'), "Infinity"),
        (GOOD.replace(VALUE, b'"valueInteger": ' + b"1" * 5000), "5000 digits"),
        (GOOD.replace(VALUE, b'"valueInteger": "\\ud83d"'), "half a character"),
    ],
)
def test_a_value_that_cannot_be_relied_on_is_unreadable(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    (chart,), problems = answers(path)
    assert [o.value for o in chart.observations] == [UNREADABLE]
    assert words in said(problems[0])
    assert words in said(chart.problems[0])


def test_a_byte_order_mark_and_whole_emoji_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"PHQ-9 total score", b"\\ud83d\\ude00"))
    (chart,), problems = answers(path)
    assert (chart.observations[0].text, problems) == ("😀 20", [])


def test_paths_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop.json").symlink_to("loop.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "large.json").write_bytes(b" " * 100)
    monkeypatch.setattr(files, "LARGEST", 99)
    names = ("empty", "loop.json", "pipe.json", "large.json", "missing")
    _, problems = answers(*(tmp_path / name for name in names))
    words = ("holds no", "cannot be opened", "no ordinary file", "Export it as NDJSON", "no such file")
    assert [w in said(p) for w, p in zip(words, problems, strict=True)] == [True] * 5


def test_equal_ids_in_two_files_are_two_charts_and_a_problem(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(GOOD)
    charts, problems = answers(tmp_path)
    assert [c.patient.id for c in charts] == ["ann", "ann"]
    assert [p.place for p in problems] == [f"{tmp_path / 'b.json'}#Patient/ann"]


# --- NDJSON


def write(path: Path, *resources: Any) -> None:
    path.write_text("".join(json.dumps(r) + "\n" for r in resources))


def test_a_bulk_folder_is_one_set(tmp_path: Path) -> None:
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "sertraline"}}
    request = sertraline(medicationReference={"reference": "Medication/m"})
    del request["medicationCodeableConcept"]
    write(tmp_path / "Observation.ndjson", score(20), score(21, id="y", subject={"reference": "Patient/bob"}))
    write(tmp_path / "MedicationRequest.ndjson", request)
    write(tmp_path / "Medication.ndjson", medicine)
    write(tmp_path / "Patient.ndjson", ANN)
    charts, problems = answers(tmp_path)
    assert problems == []
    assert {c.patient.id: len(c.observations) for c in charts} == {"ann": 1, "bob": 1}
    assert next(c for c in charts if c.patient.id == "ann").exposures[0].ingredients == ("sertraline",)


def test_broken_lines_are_named_by_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "LONGEST_LINE", 1000)
    path = tmp_path / "all.ndjson"
    lines = [
        json.dumps(ANN),
        "",
        "{",
        json.dumps({"a": "x" * 2000}),
        "7",
        json.dumps(score(20, subject=None)),
        json.dumps(score(20)),
    ]
    path.write_text("\n".join(lines))
    (chart,), problems = answers(path)
    assert len(chart.observations) == 1
    assert [p.place for p in problems] == [f"{path}:{n}" for n in (3, 4, 5, 6)]


def test_bundle_and_lines_say_the_same(tmp_path: Path) -> None:
    everything = json.loads((Path(__file__).parents[2] / "cases/fhir/everything.json").read_text())
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one/a.json").write_text(json.dumps(everything))
    write(tmp_path / "two/a.ndjson", *(e["resource"] for e in everything["entry"]))
    ((one,), _), ((two,), _) = answers(tmp_path / "one"), answers(tmp_path / "two")
    assert one == two
