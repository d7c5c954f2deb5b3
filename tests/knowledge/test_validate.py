"""Does a knowledge file that is not valid say what, where and what to do, all at once?"""

from __future__ import annotations

from pathlib import Path

import pytest

from daybreak.knowledge.store import load
from daybreak.knowledge.validate import Invalid
from tests.knowledge.conftest import Edit

PERIOD = "  - {id: history, days: 365, source: {id: daybreak-policy, where: periods}, standing: local_policy}"


def refused(folder: Path, section: str = "periods") -> list[str]:
    with pytest.raises(Invalid) as caught:
        load(section, folder)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (PERIOD.replace("source: {id: daybreak-policy, where: periods}, ", ""), "periods.0.source: field required"),
        (PERIOD.replace("where: periods", "where: ''"), "at least 1 character, not ''"),
        (PERIOD.replace("local_policy", "hearsay"), "not 'hearsay'"),
        (PERIOD.replace("days: 365", "days: soon"), "periods.0.days: input should be a valid integer"),
        (PERIOD.replace("days: 365", "dayz: 365"), "periods.0.dayz: extra inputs are not permitted, not '365'"),
        (PERIOD.replace("days: 365", "from: 2026-13-01"), "periods.0.from: input should be a valid date"),
        (PERIOD.replace("days: 365", "days: 365, days: 364"), "the key 'days' stands twice; keep one of them"),
        (PERIOD.replace("days: 365", "days: [365"), "not readable as YAML"),
        (PERIOD.replace("history", "His tory"), "periods.0.id: string should match pattern"),
    ],
)
def test_each_problem_names_file_line_and_place(folder: Path, edit: Edit, line: str, words: str) -> None:
    edit("periods.yaml", PERIOD, line)
    (problem,) = refused(folder)
    assert problem.startswith("periods.yaml:")
    assert int(problem.split(":")[1]) in (3, 4)  # a list that is never closed is noticed on the next line
    assert words in problem


def test_all_problems_of_a_section_at_once(folder: Path, edit: Edit) -> None:
    edit("trial_rules/sforzini-28d.yaml", "standing: ", "standin: ")
    edit("trial_rules/cigna-le25-42d.yaml", "minimum_days: ", "minimum_days: x")
    (folder / "trial_rules" / "a-broken.yaml").write_text("a: [")
    (folder / "trial_rules" / "b-list.yaml").write_text("- 1\n")
    (folder / "trial_rules" / "c-empty.yaml").write_text("")
    (folder / "trial_rules" / "d-latin.yaml").write_bytes(b"id: caf\xe9\n")
    problems = refused(folder, "trial_rules")
    assert [p.split(":")[0] for p in problems] == [
        "a-broken.yaml",
        "b-list.yaml",
        "c-empty.yaml",
        "cigna-le25-42d.yaml",
        "d-latin.yaml",
        "sforzini-28d.yaml",
        "sforzini-28d.yaml",
    ]
    assert "b-list.yaml:1: the whole file: " in problems[1]
    assert "c-empty.yaml:1: the whole file: " in problems[2]


def test_a_section_without_files(tmp_path: Path) -> None:
    assert refused(tmp_path) == ["periods: no file periods.yaml in the knowledge folder"]


def test_dates_and_decimals_are_plain_text_and_nothing_unset_stands_there(folder: Path) -> None:
    protocol = load("protocols", folder)["esketamine-nasal-us"]
    assert protocol["from"] == "2019-03-05"
    assert "until" not in protocol
    assert load("dose_tables", folder)["atrq"]["minimum"]["sertraline"] == "50"
