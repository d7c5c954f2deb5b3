"""Does `daybreak score` score what can be read, name what cannot, and go on?"""

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

FORM = b"[[1, 1, 1, 1, 1, 0, 0, 0, 0]]"


class Run:
    """What one run of the command left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.results: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
        self.problems = err.splitlines()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def of(content: bytes, scale: str = "phq-9") -> Run:
        file = tmp_path / "in.ndjson"
        file.write_bytes(content)
        code = main(["score", scale, str(file)])
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return of


def test_each_line_gives_a_line(run: Any) -> None:
    done = run(FORM + b"\n[[3, 3, 3, 3, 3, 3, 3, 3, 3]]\n")
    assert (done.code, done.problems) == (0, [])
    assert [(one["line"], one["total"], one["safety"]) for one in done.results] == [
        (1, 5, "negative"),
        (2, 27, "positive"),
    ]


def test_answers_that_do_not_fit_are_results(run: Any) -> None:
    done = run(b'[[9, 0, 0, 0, 0, 0, 0, 0, 0]]\n["x"]\n[]\n["\\ud800"]\n[1e999]\n')
    assert (done.code, done.problems) == (0, [])
    assert {one["status"] for one in done.results} == {"invalid"}
    assert len(done.results) == 5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"[[1, 2", "not JSON at character"),
        (b"{}", "JSON, but not a list"),
        (b"7", "JSON, but not a list"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b'[{"a": 1, "a": 2}]', "the same key twice"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", "too long to be an answer"),
        (b'["\xff"]', "not UTF-8 (byte 3)"),
        (b"[" + b" " * ndjson.LONGEST_LINE + b"]", f"longer than {ndjson.LONGEST_LINE} bytes"),
        (b"[" + b" " * (3 * ndjson.LONGEST_LINE) + b"]", f"longer than {ndjson.LONGEST_LINE} bytes"),
        (b"[1] [2]", "not JSON at character 5"),
        (b"\xff\xfe", "UTF-16"),
    ],
    ids=range(13),
)
def test_an_unreadable_line_is_named_and_the_rest_is_scored(run: Any, line: bytes, words: str) -> None:
    done = run(FORM + b"\n" + line + b"\n" + FORM)
    assert done.code == 3
    assert [one["line"] for one in done.results] == [1, 3]
    (problem,) = done.problems
    assert "in.ndjson:2: " in problem
    assert words in problem or (words == "UTF-16" and "not UTF-8" in problem)


def test_bom_windows_line_ends_and_empty_lines(run: Any) -> None:
    done = run(b"\xef\xbb\xbf" + FORM + b"\r\n\r\n  \n" + FORM + b"\r\n")
    assert (done.code, done.problems) == (0, [])
    assert [one["line"] for one in done.results] == [1, 4]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_said_once(run: Any, encoding: str) -> None:
    done = run((FORM.decode() + "\n").encode(encoding) * 3)
    assert done.code == 3
    assert done.results == []
    assert len(done.problems) == 1
    assert "save the file as UTF-8" in done.problems[0]


def test_an_empty_file_is_nothing_to_do(run: Any) -> None:
    done = run(b"")
    assert (done.code, done.results, done.problems) == (0, [], [])


def test_an_unknown_scale(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "phq9", "nowhere"]) == 2
    error = capsys.readouterr().err
    assert "Did you mean phq-9?" in error
    assert "c-ssrs-screen" in error


@pytest.mark.parametrize("name", [".", "nowhere.ndjson", "nul\0l"])
def test_a_file_that_cannot_be_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "phq-9", name]) == 3
    (problem,) = capsys.readouterr().err.splitlines()
    assert f"{name}: cannot be read" in problem


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FORM + b"\nx\n")))
    assert main(["score", "phq-9"]) == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out)["total"] == 5
    assert "standard input:2: " in captured.err


def test_progress_on_a_terminal_only(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "LINES_BETWEEN_NEWS", 2)
    assert run((FORM + b"\n") * 4).problems == []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run((FORM + b"\n") * 4).problems == ["", "2 lines", "4 lines"]


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    file = tmp_path / "many.ndjson"
    file.write_bytes((FORM + b"\n") * 20_000)
    words = f"'{sys.executable}' -m daybreak score phq-9 '{file}' | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", words], capture_output=True, check=False)
    assert done.stderr == b""
    assert done.returncode == 0
    assert json.loads(done.stdout)["line"] == 1


def test_the_command_starts_without_what_it_does_not_need() -> None:
    main(["score", "phq-9", "/dev/null"])  # the compiled copy of the knowledge is there now
    code = "import sys; from daybreak.cli.main import main; main(['score', 'phq-9', '/dev/null']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    heavy = ("pydantic", "yaml", "decimal", "datetime", "difflib", "hypothesis")
    assert [name for name in heavy if name in loaded] == []
