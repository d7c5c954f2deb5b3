"""A copy of the knowledge folder to damage, and a cache of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from daybreak.knowledge.store import ROOT

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge files."""
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schema"))
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace a text in one file of the copy, the first time that it stands there."""

    def replaced(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}; the test needs another example"
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replaced
