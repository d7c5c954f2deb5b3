"""Does `daybreak knowledge` check, list, show and compare?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from daybreak.cli.main import main
from daybreak.knowledge.store import ROOT, SECTIONS


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def of(*words: Any) -> tuple[int, list[str], list[str]]:
        code = main(["knowledge", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err.splitlines()

    return of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "other"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schema"))
    return copy


def changed(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_check_says_how_many_facts_rest_on_what(run: Any) -> None:
    code, out, err = run("check")
    assert (code, err) == (0, [])
    total = int(out[0].split()[0])
    assert out[0].startswith(f"{total} facts, {total} with a source")
    assert sum(int(line.split()[1]) for line in out[1:]) == total
    assert {line.split()[0] for line in out[1:]} >= {"label", "local_policy", "secondary"}


def test_check_names_every_problem(run: Any, folder: Path) -> None:
    changed(folder, "periods.yaml", "days: 365", "days: x")
    code, out, err = run("check", folder)
    assert (code, out) == (3, [])
    assert err[0].startswith("periods.yaml:3: periods.0.days: ")
    assert err[-1] == "1 problem"
    changed(folder, "periods.yaml", "days: 90", "days: y")
    assert run("check", folder)[2][-1] == "2 problems"


def test_list_shows_one_section_or_all(run: Any) -> None:
    code, out, _ = run("list", "protocols")
    assert code == 0
    assert "protocols/esketamine-nasal-us" in out
    _, medicines, _ = run("list", "medicines")
    assert "medicines/antidepressants/sertraline" in medicines
    _, every, _ = run("list")
    assert set(out) | set(medicines) <= set(every)
    assert {line.split("/")[0] for line in every} == set(SECTIONS)


def test_show_by_id_or_by_place(run: Any) -> None:
    code, out, _ = run("show", "sertraline")
    assert (code, out[0]) == (0, "medicines/antidepressants/sertraline")
    text = "\n".join(out)
    assert "antidepressant: ssri" in text
    assert "id: ohdsi-1009" in text
    assert "舍曲林" in text
    assert run("show", "medicines/antidepressants/sertraline")[1] == out
    code, out, _ = run("show", "esketamine-nasal-us")
    assert out[0] == "protocols/esketamine-nasal-us"
    assert any("2019-03-05" in line for line in out)


def test_show_of_nothing(run: Any) -> None:
    code, out, err = run("show", "nothing")
    assert (code, out) == (2, [])
    assert err == ["daybreak knowledge: nothing is called 'nothing'; `daybreak knowledge list` shows all names"]


def test_diff_shows_what_came_went_and_changed(run: Any, folder: Path) -> None:
    assert run("diff", ROOT, folder) == (0, [], [])
    changed(folder, "periods.yaml", "days: 365", "days: 364")
    changed(folder, "medicines/augmentation.yaml", "- {id: quetiapine", "- {id: quetiapin")
    code, out, err = run("diff", ROOT, folder)
    assert (code, err) == (0, [])
    assert out == [
        "+ medicines/augmentation/medicines/quetiapin",
        "- medicines/augmentation/medicines/quetiapine",
        "~ periods/periods/periods/history",
        "    days: 365 -> 364",
    ]


def test_a_new_line_of_a_protocol_is_one_line(run: Any, folder: Path) -> None:
    changed(folder, "protocols/ketamine-iv-va.yaml", '"15"', '"16"')
    _, out, _ = run("diff", ROOT, folder)
    assert out == [
        "~ protocols/ketamine-iv-va/criteria/phq9_severe_enough",
        '    bounds: {"phq-9": "15"} -> {"phq-9": "16"}',
    ]


@pytest.mark.parametrize("words", [("check", "nowhere"), ("list", "--folder", "nowhere"), ("diff", ROOT, "nowhere")])
def test_a_folder_that_is_none(run: Any, words: tuple[Any, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out, err) == (3, [], ["daybreak knowledge: nowhere: not a folder; expected a knowledge folder"])


def test_an_empty_folder_lacks_every_section(run: Any, tmp_path: Path) -> None:
    code, _, err = run("check", tmp_path)
    assert (code, len(err)) == (3, len(SECTIONS) + 1)
    code, _, err = run("list", "--folder", tmp_path)
    assert (code, len(err)) == (3, 1)


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["list", "nothing"], ["mend"]):
        with pytest.raises(SystemExit) as caught:
            main(["knowledge", *words])
        assert caught.value.code == 2
    assert "usage: daybreak knowledge" in capsys.readouterr().err
