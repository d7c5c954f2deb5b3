"""Does `daybreak demo --board` show what each of its people is there to show?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daybreak.cli.main import main
from daybreak.demo.people import AS_OF, CHINESE, PEOPLE, records, shows


def test_the_demo_prints_a_board_for_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--board"]) == 0
    out = capsys.readouterr().out
    for id_, *_ in PEOPLE:
        assert f"{id_}: {shows(id_, 'en')}" in out
    assert out.count("DECISION") == len(PEOPLE)


def test_the_demo_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--board", "--lang", "zh-Hans"]) == 0
    out = capsys.readouterr().out
    assert all(text in out for text in CHINESE.values())
    assert set(CHINESE) == {id_ for id_, *_ in PEOPLE}


def test_written_records_are_screened_like_any_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "people"
    assert main(["demo", "--write", str(folder)]) == 0
    assert f"{len(PEOPLE)} records in {folder}; try: daybreak screen" in capsys.readouterr().out
    words = [
        "screen",
        str(folder),
        "--as-of",
        AS_OF.isoformat(),
        "--format",
        "json",
        "--protocol",
        "esketamine-nasal-us",
    ]
    assert main(words) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {line["patient"]["id"]: line for line in lines}
    assert {id_: line["status"] for id_, line in found.items()} == {
        "demo-ada": "eligible_with_review",
        "demo-bo": "needs_information",
        "demo-cy": "not_eligible",
        "demo-dee": "needs_information",
        "demo-eva": "not_eligible",
        "demo-finn": "not_eligible",
    }
    assert found["demo-ada"]["trd"]["trd"] == "yes"
    assert found["demo-dee"]["trd"]["trd"] == "indeterminate"
    assert found["demo-finn"]["unmapped"]


def test_copies_have_ids_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--write", str(tmp_path), "--copies", "3"]) == 0
    assert len(list(tmp_path.glob("*.json"))) == 3 * len(PEOPLE)
    assert len({r.id for r in records(3)}) == 3 * len(PEOPLE)
    assert main(["demo", "--copies", "0"]) == 2
    assert "--copies 0: expected 1 or more" in capsys.readouterr().err
