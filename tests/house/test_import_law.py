"""Does every room import only the rooms it may?"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from tests.house.tree import modules

ALL = {"clinical", "knowledge", "exchange", "population", "outcomes", "web", "demo", "cli"}
MAY_IMPORT = {
    "clinical": {"clinical"},
    "knowledge": {"clinical", "knowledge"},
    "exchange": {"clinical", "knowledge", "exchange"},
    "outcomes": {"clinical", "knowledge", "outcomes"},
    "population": {"clinical", "knowledge", "exchange", "population"},
    "web": ALL - {"demo", "cli"},
    "demo": ALL,
    "cli": ALL,
}


def imported(module: ast.Module, *, path: str) -> Iterator[str]:
    """The dotted names that a module imports, also by name at run time (`import_module("daybreak.x")`)."""
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    if not path.endswith("/__init__.py"):
        package = package[:-1]
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*base, *(node.module.split(".") if node.module else [])])
            yield from (f"{whole}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.match(r"daybreak\.\w", node.value):
            yield node.value


def test_a_room_imports_only_what_it_may() -> None:
    for path, module in modules().items():
        room = path.split("/")[1].removesuffix(".py")
        allowed = MAY_IMPORT.get(room, ALL)  # daybreak/__main__.py belongs to no room and runs the command line
        for name in imported(module, path=path):
            steps = name.split(".")
            if steps[0] == "daybreak" and len(steps) > 1 and steps[1] in ALL:
                assert steps[1] in allowed, f"{path} imports {name}; {room} may import {sorted(allowed)}"


def test_clinical_needs_only_the_standard_library() -> None:
    for path, module in modules("daybreak/clinical").items():
        for name in imported(module, path=path):
            first, *rest = name.split(".")
            ours = first == "daybreak" and rest[:1] == ["clinical"]
            assert ours or first in sys.stdlib_module_names, f"{path} imports {name}; clinical is standard library only"


def test_the_law_sees_every_way_to_import() -> None:
    source = ast.parse(
        "import daybreak.web\nfrom daybreak import web\nfrom .. import web\nfrom ..web import row\nload('daybreak.web')"
    )
    names = list(imported(source, path="daybreak/clinical/x.py"))
    assert [name.split(".")[:2] for name in names] == [["daybreak", "web"]] * 5
