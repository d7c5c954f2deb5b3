"""Which files are the project's own?"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator, Mapping
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
def modules(folder: str = "daybreak") -> Mapping[str, ast.Module]:
    """The Python files of a folder by their path from the root, each parsed when it is asked for."""
    return _Parsed(file.relative_to(ROOT).as_posix() for file in sorted((ROOT / folder).rglob("*.py")))


class _Parsed(Mapping[str, ast.Module]):
    """A worker that only wants the names, to give out tests, must not wait until a thousand files are parsed."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = dict.fromkeys(paths)

    def __getitem__(self, path: str) -> ast.Module:
        return _parsed(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@cache
def _parsed(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_bytes(), path)


def _hidden(file: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in file.relative_to(ROOT).parts)
