"""Do the examples of README print what README says they print?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, texts


def examples(text: str) -> list[tuple[str, str]]:
    """Each command after a `$`, with the lines beneath it. `make` is left out: it runs this test."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.S)
    parts = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.M) if part.strip()]
    pairs = [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]
    return [(command, shown.rstrip()) for command, shown in pairs if not command.startswith("make ")]


def pattern(shown: str) -> re.Pattern[str]:
    """The output as shown; a line `…` stands for any number of lines, a `…` within a line for any text on it."""
    lines = [
        "(?:[^\n]*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", "[^\n]*") + "\n"
        for line in shown.splitlines()
    ]
    return re.compile("".join(lines))


@pytest.mark.parametrize(("command", "shown"), examples(texts()["README.md"]))
def test_an_example_prints_what_is_shown(command: str, shown: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=60
    )
    assert ran.stderr == ""
    assert ran.returncode == 0
    assert pattern(shown).fullmatch(ran.stdout), f"README.md shows another output; this is today's:\n{ran.stdout}"


def test_what_is_left_out_may_be_anything() -> None:
    assert pattern("a\n…\nb … d").fullmatch("a\nx\ny\nb c d\n")
    assert not pattern("a\n…\nb").fullmatch("a\nx\n")
