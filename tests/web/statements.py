"""Which tests does the second database have to be asked by? Those that send it something that no other of them sends.

With `DAYBREAK_STATEMENTS=FOLDER` a run on SQLite writes down what each test sends, from which line of the program; a run on
PostgreSQL reads it and leaves out the tests that would only repeat others. Where nothing is written down, all are run.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

OURS = f"{Path(__file__).parents[2] / 'daybreak'}{os.sep}"
# What is typed decides what a database does with it: order, case, letters, what fits; and who waits for whom.
ALWAYS = (
    *("tests/web/test_nasty.py", "tests/web/test_audit.py", "tests/web/test_keys.py", "tests/web/test_ids.py"),
    *("tests/web/test_together.py", "tests/web/test_twice.py", "tests/web/test_fresh.py", "tests/web/test_queries.py"),
    *("tests/web/test_questions.py", "tests/web/test_zones.py", "tests/web/test_commands.py"),
    "tests/web/treatment/test_killing.py",
    *("tests/web/patients/test_register.py", "tests/web/patients/test_one_person.py"),
    "tests/browser/",
)
VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b|%s|\b_?s\d+_x\d+\b")
SEVERAL = re.compile(r"\?(?:\s*,\s*\?)+|\(\?\)(?:, \(\?\))+")


@lru_cache(maxsize=20_000)
def form(sql: str) -> str:
    """A statement without its values."""
    return SEVERAL.sub("?", SEVERAL.sub("?", VALUE.sub("?", sql)))


def _line() -> str:
    """The nearest line of the program that sends it; nothing when the test itself does."""
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith(OURS):
        frame = frame.f_back  # type: ignore[assignment]
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else ""


@lru_cache(maxsize=50_000)
def _digest(said: str) -> str:
    return md5(said.encode(), usedforsecurity=False).hexdigest()[:12]


class Kept:
    """Writes down what each test sends, and what was refused, when the run ends."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.sent: dict[str, list[str]] = {}
        self.now: set[str] = set()

    def listen(self) -> None:
        """From here on everything that is sent is noticed."""
        before, now = CursorWrapper._execute, self.now  # type: ignore[attr-defined]

        def execute(cursor: Any, sql: Any, *rest: Any) -> Any:
            said = f"{_line()} {form(str(sql))}"
            try:
                answer = before(cursor, sql, *rest)
            except Exception as refused:
                now.add(f"{type(refused).__name__} {said}")
                raise
            now.add(said)
            return answer

        CursorWrapper._execute = execute  # type: ignore[attr-defined]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now.clear()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        answer = yield  # who is skipped here may have something to ask there
        self.sent[item.nodeid] = sorted(map(_digest, self.now))
        return answer

    def pytest_sessionfinish(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.sent), "utf-8")


def repeated(sent: dict[str, list[str]]) -> set[str]:
    """The tests that send nothing but what others send that are run; of several, whoever sends most is run."""
    seen: set[str] = set()
    found = set()
    for test in sorted(sent, key=lambda test: (not test.startswith(ALWAYS), -len(sent[test]), test)):
        if seen.issuperset(sent[test]) and not test.startswith(ALWAYS):
            found.add(test)
        seen.update(sent[test])
    return found


def only_what_differs(config: pytest.Config, items: list[pytest.Item], folder: Path) -> None:
    """On SQLite write into the folder, on PostgreSQL leave out what it says is repeated."""
    if connection.vendor == "sqlite":
        kept = Kept(folder / f"{os.environ.get('PYTEST_XDIST_WORKER', 'all')}.json")
        kept.listen()
        config.pluginmanager.register(kept)
        return
    sent: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.json")):
        sent |= json.loads(file.read_text("utf-8"))
    without = repeated(sent)
    config.hook.pytest_deselected(items=[one for one in items if one.nodeid in without])
    items[:] = [one for one in items if one.nodeid not in without]
