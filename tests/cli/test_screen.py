"""Does `daybreak screen` read what can be read, decide it, and say the rest on standard error?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentTypeError
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daybreak.cli.main import main
from daybreak.cli.screen import moment
from daybreak.clinical.records import AsOf
from daybreak.demo.people import AS_OF, records
from daybreak.knowledge.protocols import protocol_ids

ADA = next(r for r in records() if r.id == "demo-ada").bundle()
DAY = AS_OF.isoformat()


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    return written(tmp_path / "ada.json", ADA)


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


class Done:
    """What one run left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.problems = code, out, err.splitlines()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def of(*words: Any, as_of: str = DAY, form: str = "json") -> Done:
        code = main(["screen", *map(str, words), "--as-of", as_of, "--format", form])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return of


def test_one_line_for_each_patient_and_protocol(run: Any, ada: Path) -> None:
    done = run(ada)
    assert (done.code, done.problems) == (0, [])
    assert [line["protocol"]["id"] for line in done.lines] == list(protocol_ids())
    for line in done.lines:
        assert line["patient"] == {"id": "demo-ada", "birth_date": "1979-05-14", "sex": "female"}
        assert line["protocol"]["as_of"] == DAY
        assert line["adopted"] is None
        assert set(line["trd"]) >= {"trd", "failed", "possible", "rules", "trials"}
        for finding in line["findings"]:
            needed = {
                "criterion",
                "when",
                "verdict",
                "strength",
                "reason",
                "evidence",
                "missing",
                "sources",
                "override",
            }
            assert set(finding) >= needed


def test_claims_rules_stand_beside_every_line(run: Any, ada: Path) -> None:
    for line in run(ada).lines:
        assert set(line["claims"]) == {"cepeda-2018", "ohdsi-1009"}
        assert set(line["claims"].values()) <= {True, False, None}
    assert "Claims rules (proxies" in run(ada, form="text").out


def test_protocols_by_name_each_once_and_in_order(run: Any, ada: Path) -> None:
    names = ["ketamine-iv-va", "esketamine-nasal-us", "ketamine-iv-va"]
    done = run(ada, *(word for name in names for word in ("--protocol", name)))
    assert [line["protocol"]["id"] for line in done.lines] == names[:2]


def test_an_unknown_protocol_is_wrong_usage(run: Any, ada: Path) -> None:
    done = run(ada, "--protocol", "esketamine")
    assert (done.code, done.out) == (2, "")
    assert "'esketamine' is not one of esketamine-nasal-eu, " in done.problems[0]


def test_a_protocol_that_is_not_in_force_is_named_and_the_others_decide(run: Any, ada: Path) -> None:
    done = run(ada, "--protocol", "esketamine-nasal-us", "--protocol", "ketamine-iv-va", as_of="2019-03-04")
    assert done.code == 3
    assert [line["protocol"]["id"] for line in done.lines] == ["ketamine-iv-va"]
    (problem,) = done.problems
    assert (
        "is not in force on 2019-03-04: it begins on 2019-03-05; choose a later --as-of or another protocol" in problem
    )
    alone = run(ada, "--protocol", "esketamine-nasal-us", as_of="2019-03-04", form="text")
    assert (alone.code, alone.out) == (3, "")


def test_the_text_is_a_board(run: Any, ada: Path) -> None:
    done = run(ada, form="text")
    assert done.code == 0
    assert "DECISION" in done.out
    assert "demo-ada" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_a_chinese_board(capsys: pytest.CaptureFixture[str], ada: Path) -> None:
    assert main(["screen", str(ada), "--as-of", DAY, "--lang", "zh-Hans"]) == 0
    out = capsys.readouterr().out
    assert "重度抑郁症" in out
    assert "DECISION" not in out
    assert main(["screen", str(ada), "--as-of", DAY, "--lang", "zh-Hans", "--format", "json"]) == 0
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert line["findings"][0]["title"] == "在世"


@pytest.mark.parametrize(
    ("text", "as_of"),
    [
        ("2026-01-10", AsOf(date(2026, 1, 10))),
        ("2026-01-10T09:00Z", AsOf(date(2026, 1, 10), datetime(2026, 1, 10, 9, tzinfo=UTC))),
        ("2026-01-10T01:00+02:00", AsOf(date(2026, 1, 9), datetime(2026, 1, 9, 23, tzinfo=UTC))),
        ("2026-01-10T09:00:30.5Z", AsOf(date(2026, 1, 10), datetime(2026, 1, 10, 9, 0, 30, 500000, tzinfo=UTC))),
    ],
)
def test_a_day_or_a_moment(text: str, as_of: AsOf) -> None:
    assert moment(text) == as_of


@pytest.mark.parametrize(
    "text", ["", "today", "2026-1-1", "2026-02-30", "2026-01-10T09:00", "10.1.2026", "2026-01-10T25:00Z"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"write (it with one, such as )?2026-01-10"):
        moment(text)


def test_a_bad_day_is_wrong_usage(ada: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["screen", str(ada), "--as-of", "soon"])
    assert caught.value.code == 2
    assert "'soon' is no date; write 2026-01-10, or 2026-01-10T09:00Z" in capsys.readouterr().err


def test_a_moment_stands_in_the_answer_and_none_means_today(run: Any, ada: Path, capsys: Any) -> None:
    done = run(ada, "--protocol", "ketamine-iv-va", as_of=f"{DAY}T09:00Z")
    assert done.lines[0]["protocol"]["as_of"] == f"{DAY}T09:00:00+00:00"
    before = datetime.now(UTC).date()
    assert main(["screen", str(ada), "--format", "json", "--protocol", "ketamine-iv-va"]) == 0
    as_of = date.fromisoformat(json.loads(capsys.readouterr().out)["protocol"]["as_of"])
    assert before <= as_of <= before + timedelta(days=1)


def test_a_file_appears_whole_or_not_at_all(run: Any, ada: Path, tmp_path: Path, monkeypatch: Any) -> None:
    out = tmp_path / "out.ndjson"
    done = run(ada, "--out", out)
    assert (done.code, done.out) == (0, "")
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(protocol_ids())
    assert out.stat().st_mode & 0o777 == 0o600
    before = out.read_bytes()

    def broken(*args: Any, **fields: Any) -> Any:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("daybreak.cli.screen.decision_json", broken)
    with pytest.raises(RuntimeError):
        run(ada, "--out", out)
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ada.json", "out.ndjson"]


def test_a_place_that_cannot_be_written(run: Any, ada: Path, tmp_path: Path) -> None:
    done = run(ada, "--out", tmp_path / "nowhere" / "out.ndjson")
    assert (done.code, done.out) == (3, "")
    assert "out.ndjson: cannot be written" in done.problems[0]


def test_what_cannot_be_read_is_named_and_the_rest_is_decided(run: Any, ada: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.json", "{")
    done = run(bad, ada, tmp_path / "nowhere.json", "--protocol", "ketamine-iv-va")
    assert done.code == 3
    assert [line["patient"]["id"] for line in done.lines] == ["demo-ada"]
    assert len(done.problems) == 2
    assert all(problem.startswith("daybreak screen: ") for problem in done.problems)
    assert "bad.json" in done.problems[0]
    assert "nowhere.json" in done.problems[1]


def test_an_empty_folder(run: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run(empty)
    assert (done.code, done.out, len(done.problems)) == (3, "", 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(run: Any, ada: Path) -> None:
    ada.chmod(0)
    assert run(ada).code == 3


def test_a_broken_entry_is_a_problem_of_its_patient(run: Any, tmp_path: Path) -> None:
    bundle = json.loads(json.dumps(ADA))
    bundle["entry"].append({"resource": {"resourceType": "Condition", "id": "c", "subject": 7, "code": 7}})
    done = run(written(tmp_path / "b.json", bundle), "--protocol", "ketamine-iv-va")
    assert done.code == 3
    assert len(done.lines) == 1
    assert done.problems


def test_what_cannot_be_read_is_told_in_the_language_asked_for(run: Any, tmp_path: Path) -> None:
    bundle = json.loads(json.dumps(ADA))
    bundle["entry"].append({"resource": {"resourceType": "Condition", "id": "c", "code": {"coding": "x", "text": "y"}}})
    bundle["entry"][-1]["resource"]["subject"] = {"reference": "Patient/demo-ada"}
    path = written(tmp_path / "b.json", bundle)
    chinese = '字段 code.coding 为："x"；应为列表。请在原记录处更正。'
    asked = (path, "--protocol", "ketamine-iv-va", "--lang", "zh-Hans")
    (line,) = run(*asked).lines
    assert line["problems"] == [{"resource": f"{path}#Condition/c", "text": chinese}]
    board = run(*asked, form="text")
    assert "应为列表。请在原记录处更正。" in board.out
    assert chinese in board.problems[0]


def test_lone_surrogates_go_out_as_escapes(run: Any, tmp_path: Path) -> None:
    bundle = json.loads(json.dumps(ADA))
    bundle["entry"][0]["resource"]["id"] = "ada"
    bundle["entry"][1]["resource"]["code"]["text"] = "MDD \ud800 重"
    path = tmp_path / "s.json"
    path.write_text(json.dumps(bundle), encoding="ascii")
    for form in ("json", "text"):
        run(path, form=form).out.encode("utf-8")
    out = tmp_path / "out.txt"
    run(path, "--out", out, form="text")
    out.read_text(encoding="utf-8")


def test_a_policy_of_the_clinic(run: Any, ada: Path, tmp_path: Path) -> None:
    source = "source: {id: daybreak-policy, where: ours}, standing: local_policy"
    text = f"""
id: ours
title: {{en: Ours, zh-Hans: 本诊所}}
about: {{en: Ours., zh-Hans: 本诊所。}}
product: esketamine
route: nasal
source: {{id: daybreak-policy, where: ours}}
standing: local_policy
over: esketamine-nasal-us
criteria:
  - {{criterion: adult, strength: absolute, override: none, bounds: {{years: "YEARS a"}}, {source}}}
"""
    policy = tmp_path / "policy.yaml"
    policy.write_text(text.replace("YEARS", "60"), encoding="utf-8")
    done = run(ada, "--protocol", "esketamine-nasal-us", "--policy", policy)
    adult = next(f for f in done.lines[0]["findings"] if f["criterion"] == "adult")
    assert (done.lines[0]["status"], adult["verdict"], adult["layer"]) == ("not_eligible", "not_met", "ours")
    assert done.lines[0]["not_yet"] == "2039-05-14"
    policy.write_text(text.replace("YEARS", "16"), encoding="utf-8")
    done = run(ada, "--protocol", "esketamine-nasal-us", "--policy", policy)
    assert (done.code, done.out) == (2, "")
    assert "the bound 'years' may become higher, not 16 a from 18 a" in done.problems[0]
    done = run(ada, "--policy", tmp_path / "nowhere.yaml")
    assert (done.code, done.out) == (2, "")


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for record in records(20):
        written(folder / f"{record.id}.json", record.bundle())
    words = f"'{sys.executable}' -m daybreak screen '{folder}' --as-of {DAY} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", words], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_terminal_that_knows_no_chinese(ada: Path) -> None:
    words = [sys.executable, "-m", "daybreak", "screen", str(ada), "--as-of", DAY, "--lang", "zh-Hans"]
    done = subprocess.run(words, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert "重度抑郁症" in done.stdout.decode("utf-8")


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["screen", "--help"])
    assert caught.value.code == 0
    assert "daybreak screen patient.json" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["screen"], ["nothing"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: Any = main(words)
    except SystemExit as error:
        code = error.code
    assert code == 2
    said = capsys.readouterr()
    assert "usage: daybreak" in said.out + said.err
