"""Do the examples of README print what README says they print?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.house.tree import texts


def examples(text: str) -> list[tuple[str, str]]:
    """Each command after a `$` (a line that ends in a backslash goes on), with the lines beneath it.

    `make` is left out: it runs this test.
    """
    blocks = "\n".join(re.findall(r"```console\n(.*?)```", text, re.S))
    pairs = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", blocks, re.M)
    return [(command, shown.rstrip()) for command, shown in pairs if not command.startswith("make ")]


def pattern(shown: str) -> re.Pattern[str]:
    """The output as shown; a line `…` stands for any number of lines, a `…` within a line for any text on it."""
    lines = [
        "(?:[^\n]*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", "[^\n]*") + "\n"
        for line in shown.splitlines()
    ]
    return re.compile("".join(lines))


def test_the_examples_print_what_is_shown(tmp_path: Path) -> None:
    """One after the other in one folder: later ones read what earlier ones wrote."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, shown in examples(texts()["README.md"]):
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert (ran.returncode, ran.stderr) == (0, ""), command
        printed = ran.stdout.rstrip("\n") + "\n"
        assert pattern(shown).fullmatch(printed), f"today `{command}` prints:\n{ran.stdout}"


def test_what_is_left_out_may_be_anything() -> None:
    assert pattern("a\n…\nb … d").fullmatch("a\nx\ny\nb c d\n")
    assert not pattern("a\n…\nb").fullmatch("a\nx\n")
