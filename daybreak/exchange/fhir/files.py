"""Which files do these paths mean, and which of them belong together?"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Problem

LARGEST = 256 * 1024 * 1024  # bytes of one JSON value; memory stays bounded
LINES = (".ndjson", ".jsonl")
JSON = (".json", *LINES)
# Records may stand in these too. They are named, so that nobody takes a part of a folder for the whole.
UNOPENED = {
    ".xml": Reason("fhir.xml"),
    ".gz": Reason("fhir.compressed"),
    ".zip": Reason("fhir.compressed"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One bundle file, or NDJSON files that make one set of patients."""

    name: str
    files: tuple[Path, ...]
    lines: bool


def sources(paths: Iterable[Path]) -> Iterator[Source | Problem]:
    """A file as it is; of a folder its JSON files in order of name, all NDJSON files of it as one set."""
    for path in paths:
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            yield Problem(str(path), Reason("fhir.no-file"))
        except (OSError, ValueError) as error:
            yield _not_opened(path, error)
        else:
            if stat.S_ISDIR(mode):
                yield from _folder(path)
            else:
                yield from _file(path)


def _folder(folder: Path) -> Iterator[Source | Problem]:
    try:
        inside = sorted(os.scandir(folder), key=lambda entry: entry.name)
        names = [entry.name for entry in inside if entry.name.lower().endswith(JSON)]
        left = [problem for entry in inside if (problem := _left_out(entry))]
    except OSError as error:
        yield _not_opened(folder, error)
        return
    yield from left
    if not names:
        yield Problem(str(folder), Reason("fhir.no-json"))
        return
    lines: list[Path] = []
    for name in names:
        for found in _file(folder / name):
            if isinstance(found, Source) and found.lines:
                lines += found.files
            else:
                yield found
    if lines:
        yield Source(str(folder), tuple(lines), lines=True)


def _left_out(entry: os.DirEntry[str]) -> Problem | None:
    """What stands in a folder and may hold records, but is not read."""
    if entry.is_dir():
        try:
            inside = any(name.lower().endswith(JSON) for name in os.listdir(entry.path))
        except OSError as error:
            return _not_opened(Path(entry.path), error)
        return Problem(entry.path, Reason("fhir.folder-within")) if inside else None
    why = _unopened(entry.name)
    return Problem(entry.path, why) if why else None


def _unopened(name: str) -> Reason | None:
    return next((why for ending, why in UNOPENED.items() if name.lower().endswith(ending)), None)


def _file(path: Path) -> Iterator[Source | Problem]:
    """A named pipe or a device is never opened: it might not end."""
    lines = path.name.lower().endswith(LINES)
    try:
        about = path.stat()
    except OSError as error:
        yield _not_opened(path, error)
        return
    why = _unopened(path.name)
    if why is not None:
        yield Problem(str(path), why)
    elif not stat.S_ISREG(about.st_mode):
        yield Problem(str(path), Reason("fhir.odd-file"))
    elif about.st_size > LARGEST and not lines:
        size = f"{about.st_size / 2**20:,.0f}"
        yield Problem(str(path), Reason("fhir.large-file", {"size": size, "most": LARGEST // 2**20}))
    else:
        yield Source(str(path), (path,), lines=lines)


def _not_opened(path: Path, error: Exception) -> Problem:
    why = getattr(error, "strerror", None) or str(error)
    return Problem(str(path), Reason("fhir.not-opened", {"why": why}))


def unreadable(path: Path, error: OSError) -> Problem:
    """A file that was there but could not be read."""
    return _not_opened(path, error)
