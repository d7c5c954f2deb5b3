"""Do the documents name only what exists?"""

from __future__ import annotations

import re

import pytest

from daybreak.cli.main import COMMANDS
from tests.house.tree import ROOT, texts

DOCUMENTS = [path for path in texts() if re.fullmatch(r"[A-Z]+\.md|docs/[\w-]+\.md", path)]
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", texts()["Makefile"], re.M))


@pytest.mark.parametrize("path", DOCUMENTS)
def test_paths_exist(path: str) -> None:
    for name in re.findall(r"`((?:daybreak|tests|docs|benchmarks)/[\w./*-]+)`", texts()[path]):
        assert list(ROOT.glob(name.rstrip("/"))), f"{path} names {name}, which does not exist"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_commands_exist(path: str) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", texts()[path], re.S))
    for command in re.findall(r"(?:[`$|] ?|^)daybreak ([a-z]\S*)", code, re.M):
        assert command.rstrip("`") in COMMANDS, f"{path} names the command daybreak {command}, which does not exist"
    for target in re.findall(r"(?:[`$] ?|^)make ([a-z-]+)", code, re.M):
        assert target in TARGETS, f"{path} names make {target}, which does not exist"


def test_the_readme_shows_the_two_commands_and_every_command() -> None:
    readme = texts()["README.md"]
    assert {"make demo", "make test"} <= set(re.findall(r"make \w+", readme))
    for command in COMMANDS:
        assert f"daybreak {command}" in readme, f"README.md does not show daybreak {command}"
