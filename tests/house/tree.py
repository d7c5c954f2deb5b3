"""Which files are the project's own?"""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that Git knows and that is still there; in a copy without Git, every file outside hidden folders."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    files = [ROOT / name for name in names] if names else sorted(ROOT.rglob("*"))
    return tuple(file for file in files if file.is_file() and (names or not _hidden(file)))


@cache
def texts() -> dict[str, str]:
    """The tracked files that are UTF-8 text, by their path from the root."""
    found = {}
    for file in tracked():
        try:
            found[file.relative_to(ROOT).as_posix()] = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


@cache
def modules(folder: str = "daybreak") -> dict[str, ast.Module]:
    """The Python files of a folder, parsed, by their path from the root."""
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_bytes(), str(file))
        for file in sorted((ROOT / folder).rglob("*.py"))
    }


def _hidden(file: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in file.relative_to(ROOT).parts)
