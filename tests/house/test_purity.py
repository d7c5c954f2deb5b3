"""Is clinical pure: no clock, no chance, no file, no network, no database, no text of its own on the screen?"""

from __future__ import annotations

import ast

import pytest

from tests.house.test_import_law import imported
from tests.house.tree import modules

IMPURE_MODULES = {
    *("asyncio", "contextvars", "ctypes", "glob", "http", "importlib", "io", "locale", "logging", "mmap"),
    *("multiprocessing", "os", "pathlib", "pickle", "random", "secrets", "shelve", "shutil", "signal", "socket"),
    *("sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"),
}
IMPURE_NAMES = {"open", "input", "print", "exec", "eval", "compile", "__import__", "breakpoint"}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}


def impurities(module: ast.Module, *, path: str) -> list[str]:
    """What the module does that a pure function may not, each with its line."""
    found = [f"imports {name}" for name in imported(module, path=path) if name.split(".")[0] in IMPURE_MODULES]
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_NAMES:
            found.append(f"line {node.lineno}: calls {node.func.id}")
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and _is_calendar(node.value):
            found.append(f"line {node.lineno}: reads the clock by {node.attr}")
        if isinstance(node, ast.Global):
            found.append(f"line {node.lineno}: keeps state in {', '.join(node.names)}")
    return found


def _is_calendar(node: ast.expr) -> bool:
    """`date.today`, `datetime.now`, `datetime.datetime.now`; a field of a record may well be called `now`."""
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).split(".")[-1] in {"date", "datetime"}


def test_clinical_is_pure() -> None:
    for path, module in modules("daybreak/clinical").items():
        assert impurities(module, path=path) == [], path


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from os import path",
        "open('x')",
        "date.today()",
        "datetime.datetime.now(UTC)",
        "today = date.today",
    ],
)
def test_the_test_sees_it(source: str) -> None:
    assert impurities(ast.parse(source), path="daybreak/clinical/x.py")


def test_a_field_may_be_called_now() -> None:
    assert impurities(ast.parse("session.now"), path="daybreak/clinical/x.py") == []
