"""Does every page turn round for a language that is written from right to left? No rule of ours names a side."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT

SIDE = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border)-)?(?:left|right)(?:-\w+)?\s*:|(?:text-align|float):\s*(?:left|right)"
)


def named(style: str) -> list[str]:
    return SIDE.findall(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))


def test_no_rule_names_a_side() -> None:
    files = sorted(Path(ROOT, "daybreak/web/static/daybreak").glob("*.css"))
    assert files
    assert {file.name: found for file in files if (found := named(file.read_text()))} == {}


def test_the_check_itself_notices() -> None:
    assert named("a { left: 0 } b { border-left-width: 2px } c { text-align: right }") != []
    assert named("/* left: */ a { inset-inline-start: 0; border-inline-start: 1px; margin-inline: 4px }") == []
