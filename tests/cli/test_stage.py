"""Does `daybreak stage` answer every history that can be read, name what cannot, and go on?"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from daybreak.cli import ndjson
from daybreak.cli.main import main

FAILED = {"drug": "sertraline", "dose": 100, "start": "2024-02-01", "end": "2024-04-10", "improvement": 10}
SECOND = {"drug": "duloxetine", "dose": 60, "start": "2024-05-01", "end": "2024-08-01", "improvement": 30}
KEYS = {
    *("trd", "failed", "possible", "adequate", "failed_drugs", "per_drug", "reasons", "rules", "dose_table"),
    *("msm", "msm_parts", "msm_range", "stage", "mgh_s", "mgh_s_is_lower_bound", "staging_days", "kim"),
    *("claims_rule", "claims_rules", "alt", "unmapped", "line"),
}


class Run:
    """What one run of the command left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.results: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
        self.problems = err.splitlines()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def of(content: bytes | Any, *options: str) -> Run:
        file = tmp_path / "in.ndjson"
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        code = main(["stage", str(file), *options])
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return of


def history(*courses: Any, **fields: Any) -> dict[str, Any]:
    return {
        "episode_start": "2024-01-01",
        "index": "2025-01-01",
        "severity": "moderate",
        "courses": list(courses),
        **fields,
    }


def test_every_vector(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = json.loads((shared / "vectors" / "trd.json").read_text())
    file = tmp_path / "trd.ndjson"
    file.write_text(
        "".join(json.dumps({k: v for k, v in c.items() if k not in ("expect", "alt")}) + "\n" for c in cases)
    )
    assert main(["stage", str(file)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == len(cases)
    for one, answer in zip(cases, answers, strict=True):
        expected = {"id": one["id"], "alt": one["alt"], "dose_table": one["dose_table"], **one["expect"]}
        assert {key: answer[key] for key in expected} == expected


def test_all_of_an_answer(run: Any) -> None:
    done = run(history(FAILED, SECOND, id="H-1", name="two"))
    assert (done.code, done.problems) == (0, [])
    (answer,) = done.results
    assert answer.keys() >= KEYS
    assert (answer["id"], answer["name"], answer["line"]) == ("H-1", "two", 1)
    assert answer["rules"] == "sforzini-28d"
    assert answer["reasons"]["sertraline"] == ["Sertraline: 70 days at 50 mg or more, 10 % better: failed."]
    assert answer["alt"] == {"lt50_28d": "yes", "le25_42d": "no", "lt25_56d": "no"}
    assert answer["claims_rules"] == {"cepeda-2018": False, "ohdsi-1009": False}
    assert answer["kim"] == {"failures": 1, "resistant": False}


def test_a_rule_set_changes_the_top_level_only(run: Any) -> None:
    plain, other = (
        run(history(FAILED, SECOND), *options).results[0] for options in ((), ("--rules", "canadian-lt50-28d"))
    )
    assert (plain["trd"], other["trd"]) == ("no", "yes")
    assert (plain["failed"], other["failed"]) == (1, 2)
    assert other["rules"] == "canadian-lt50-28d"
    for key in ("alt", "msm", "msm_parts", "mgh_s", "claims_rule"):
        assert plain[key] == other[key]


def test_an_unknown_rule_set(run: Any) -> None:
    done = run(history(), "--rules", "best")
    assert (done.code, done.results) == (2, [])
    assert done.problems[0].startswith("daybreak stage: --rules best: not one of ")
    assert "sforzini-28d" in done.problems[0]


def test_another_language(run: Any) -> None:
    reasons = run(history(FAILED), "--lang", "zh-Hans").results[0]["reasons"]["sertraline"]
    assert "舍曲林" in reasons[0]


def test_an_unknown_language(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        run(history(), "--lang", "tlh")
    assert error.value.code == 2


def line(**fields: Any) -> bytes:
    return json.dumps(history(**fields)).encode()


def course(**fields: Any) -> bytes:
    return json.dumps(history({**FAILED, **fields})).encode()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b'{"courses": [', "not JSON at character 14"),
        (b"[]", "JSON, but not an object; expected one JSON object with episode_start"),
        (b'"x"', "JSON, but not an object"),
        (b"null", "JSON, but not an object"),
        (b'{"courses": [{"dose": NaN}]}', "NaN is not JSON; write null"),
        (b'{"courses": [{"dose": Infinity}]}', "Infinity is not JSON"),
        (b'{"courses": [], "courses": []}', "has the same key twice ('courses')"),
        (b'{"courses": ' * 50_000, "nested too deeply"),
        (b'{"courses": [{"dose": ' + b"9" * 5000 + b"}]}", "a number in it is too long"),
        (b'{"index": "\xff"}', "not UTF-8 (byte 12)"),
        (b'{"index": "' + b" " * ndjson.LONGEST_LINE + b'"}', f"longer than {ndjson.LONGEST_LINE} bytes"),
        (b"{}", "courses: None, expected a list of courses"),
        (line(courses={}), "courses: {}, expected a list"),
        (line(courses=["x"]), "courses[0]: 'x', expected an object"),
        (line(psychotherapy=7), "psychotherapy: 7, expected a list"),
        (line(index="2025-13-01"), "index: '2025-13-01', expected a date such as 2024-02-01 or null"),
        (line(index="2025-02-30"), "index: '2025-02-30'"),
        (line(index="20250101"), "index: '20250101'"),
        (line(index="2025-1-1"), "index: '2025-1-1'"),
        (line(index=20250101), "index: 20250101"),
        (line(episode_start="yesterday"), "episode_start: 'yesterday'"),
        (line(episode_start="2025-01-02"), "episode_start: 2025-01-02, expected a day up to 2025-01-01"),
        (line(severity="bad"), "severity: 'bad', expected one of subsyndromal, mild"),
        (line(severity=3), "severity: 3"),
        (line(severity="psychotic"), "severity: 'psychotic'"),
        (course(dose=-1), "courses[0].dose: -1, expected a number of 0 or more or null"),
        (course(dose="100 mg"), "courses[0].dose: '100 mg'"),
        (course(dose=True), "courses[0].dose: True"),
        (course(dose=1e999), "Infinity is not JSON"),
        (b'{"courses": [{"drug": "sertraline", "dose": 1e999}]}', "courses[0].dose: inf"),
        (course(drug=None), "courses[0].drug: None, expected the name of a medicine"),
        (course(drug="  "), "courses[0].drug: '  '"),
        (course(drug=["x"] * 40), "…, expected the name"),
        (course(start="2024-02-31"), "courses[0].start: '2024-02-31'"),
        (course(end="soon"), "courses[0].end: 'soon'"),
        (course(end=""), "courses[0].end: ''"),
        (course(status="lost"), "courses[0].status: 'lost', expected one of stopped, completed"),
        (course(status=1), "courses[0].status: 1"),
        (course(stop=1), "courses[0].stop: 1, expected a reason in words or null"),
        (course(improvement="10 %"), "courses[0].improvement: '10 %', expected a number or null"),
        (course(adherence=-5), "courses[0].adherence: -5"),
        (course(adherence=0.95), "courses[0].adherence: 0.95, expected percent; is that 95 %?"),
        (course(drug="lithium", level=-1), "courses[0].level: -1"),
        (course(drug="ECT", sessions=-1), "courses[0].sessions: -1, expected a whole number or null"),
        (course(drug="ECT", sessions=6.5), "courses[0].sessions: 6.5"),
        (course(drug="ECT", sessions=True), "courses[0].sessions: True"),
    ],
    ids=range(46),
)
def test_a_line_that_cannot_be_read_is_named_and_the_rest_is_answered(run: Any, bad: bytes, words: str) -> None:
    good = json.dumps(history(FAILED)).encode()
    done = run(good + b"\n" + bad + b"\n" + good)
    assert (done.code, [one["line"] for one in done.results]) == (3, [1, 3])
    (problem,) = done.problems
    assert problem.startswith("daybreak stage: ")
    assert "in.ndjson:2: " in problem
    assert words in problem


def test_all_problems_of_a_line_at_once(run: Any) -> None:
    (problem,) = run(history({**FAILED, "dose": -1, "start": "x"}, severity="bad")).problems
    for words in ("courses[0].dose", "courses[0].start", "severity"):
        assert words in problem


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_said_once(run: Any, encoding: str) -> None:
    done = run((json.dumps(history(FAILED)) + "\n").encode(encoding) * 3)
    assert (done.code, done.results, len(done.problems)) == (3, [], 1)
    assert "save the file as UTF-8" in done.problems[0]


def test_lone_surrogates_come_back_as_they_were(run: Any) -> None:
    done = run(b'{"id": "\\ud800", "courses": [{"drug": "\\ud800x"}], "index": "2025-01-01"}')
    assert done.code == 0
    assert (done.results[0]["id"], done.results[0]["unmapped"]) == ("\ud800", ["\ud800x"])


def test_empty_lines_and_windows_line_ends(run: Any) -> None:
    good = json.dumps(history(FAILED)).encode()
    done = run(b"\xef\xbb\xbf" + good + b"\r\n\r\n" + good)
    assert (done.code, [one["line"] for one in done.results]) == (0, [1, 3])
    assert run(b"").results == []


@pytest.mark.parametrize("name", [".", "nowhere.ndjson", "nul\0l"])
def test_a_file_that_cannot_be_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stage", name]) == 3
    assert f"{name}: cannot be read" in capsys.readouterr().err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.dumps(history(FAILED)).encode() + b"\nx\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert main(["stage"]) == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out)["failed"] == 1
    assert "standard input:2: " in captured.err


def test_the_ends_of_the_calendar(run: Any) -> None:
    late = history(
        {**FAILED, "start": "9999-01-01", "end": "9999-12-31"}, episode_start="9999-01-01", index="9999-12-31"
    )
    early = history(
        {**FAILED, "start": "0001-01-01", "end": "0001-02-01"}, episode_start="0001-01-01", index="0001-03-01"
    )
    done = run(json.dumps(late).encode() + b"\n" + json.dumps(early).encode())
    assert (done.code, [one["failed"] for one in done.results]) == (0, [1, 1])


def test_without_an_index_it_is_today(run: Any) -> None:
    still = {**FAILED, "end": None, "status": "active"}
    (answer,) = run(history(still, index=None)).results
    assert answer["per_drug"]["sertraline"][1] > 700


def staged(run: Any, *courses: Any, **fields: Any) -> dict[str, Any]:
    done = run(history(*courses, **fields))
    assert (done.code, done.problems) == (0, [])
    answer: dict[str, Any] = done.results[0]
    return answer


@pytest.mark.parametrize(
    ("fields", "parts", "mgh"),
    [
        ({}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": 8}, [1, 3, 1, 0, 1], 4.0),
        ({"ect": 5}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": 0}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": False}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": None}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": True}, None, 1.0),
        ({"ect_sessions": 6}, [1, 3, 1, 0, 1], 4.0),
        ({"ect": {"sessions": 8}}, [1, 3, 1, 0, 1], 4.0),
        ({"ect": {"sessions": 8, "improvement": 70}}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": {"sessions": 8, "start": "2023-01-01", "end": "2023-02-01"}}, [1, 3, 1, 0, 0], 1.0),
        ({"ect": [{"sessions": 3}, {"sessions": 3}]}, [1, 3, 1, 0, 1], 4.0),
        ({"procedures": [{"kind": "ECT", "sessions": 8, "start": "2024-05-01"}]}, [1, 3, 1, 0, 1], 4.0),
        ({"therapies": [{"therapy": "rTMS", "sessions": 30, "start": "2024-05-01"}]}, [1, 3, 1, 0, 0], 1.0),
        ({"psychotherapy": [{"sessions": 12, "start": "2024-05-01"}]}, [1, 3, 1, 0, 0], 1.0),
        (
            {"augmentation": [{"drug": "lithium", "dose": 900, "start": "2024-05-01", "end": "2024-08-01"}]},
            [1, 3, 1, 1, 0],
            1.5,
        ),
        (
            {"augmentations": {"drug": "lithium", "level": 0.3, "start": "2024-05-01", "end": "2024-08-01"}},
            [1, 3, 1, 0, 0],
            1.0,
        ),
    ],
)
def test_what_stands_beside_the_courses(run: Any, fields: dict[str, Any], parts: Any, mgh: float) -> None:
    answer = staged(run, FAILED, **fields)
    assert (answer["msm_parts"], answer["mgh_s"], answer["failed"], answer["unmapped"]) == (parts, mgh, 1, [])


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"status": "Completed"}, "FAILED"),
        ({"end": None, "status": "ongoing"}, "FAILED"),
        ({"end": None, "status": "current"}, "FAILED"),
        ({"end": None, "status": "discontinued"}, "possible"),
        ({"status": "on-hold"}, "possible"),
        ({"improvement": None, "stop": "Lack of efficacy"}, "FAILED"),
        ({"improvement": None, "stop": "ineffective"}, "FAILED"),
        ({"improvement": None, "stop": "moved away"}, "adequate, outcome unknown"),
        ({"end": "2024-02-10", "stop": "side effects"}, "intolerant"),
        ({"indication": "major depressive disorder"}, "FAILED"),
        ({"indication": "insomnia"}, "not for depression"),
        ({"indication": "???"}, "possible"),
        ({"indication": 7}, "possible"),
        ({"adherence": 0}, "possible"),
        ({"adherence": 100.0}, "FAILED"),
        ({"drug": "Zoloft 100 mg tablets"}, "FAILED"),
    ],
)
def test_words_of_other_programs(run: Any, given: dict[str, Any], label: str) -> None:
    assert staged(run, {**FAILED, **given})["per_drug"]["sertraline"][0] == label


@pytest.mark.parametrize(
    ("severity", "points"),
    [
        ("Subsyndromal", 1),
        ("mild", 2),
        ("moderate", 3),
        ("severe", 4),
        ("severe without psychosis", 4),
        ("severe, without psychotic features", 4),
        ("severe, non-psychotic", 4),
        ("moderate without psychosis", 3),
        ("severe-psychotic", 5),
        ("severe with psychosis", 5),
        ("severe_psychotic", 5),
        ("Severe with psychotic features", 5),
    ],
)
def test_words_for_severity(run: Any, severity: str, points: int) -> None:
    assert staged(run, FAILED, severity=severity)["msm_parts"][1] == points


def test_a_name_that_nobody_knows_is_listed_once(run: Any) -> None:
    answer = staged(run, FAILED, {"drug": "wonderdrug"}, {"drug": "wonderdrug"}, {"drug": "other"})
    assert answer["unmapped"] == ["wonderdrug", "other"]
    assert list(answer["per_drug"]) == ["sertraline"]


def test_the_command_starts_from_the_compiled_knowledge() -> None:
    main(["stage", "/dev/null"])
    code = "import sys; from daybreak.cli.main import main; main(['stage', '/dev/null']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert [name for name in ("pydantic", "yaml", "hypothesis") if name in loaded] == []
