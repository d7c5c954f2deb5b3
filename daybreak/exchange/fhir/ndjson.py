"""Which lines of a set of NDJSON files belong to one patient, whatever the size of the set?

The lines stay where they are. A first pass notes in a temporary SQLite file whose each one is, a second one reads
patient by patient, so memory holds one patient at a time.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Chart, Problem
from daybreak.exchange.fhir.assemble import ABOUT_A_PATIENT, chart_of
from daybreak.exchange.fhir.bundle import (
    NOBODY,
    NOT_A_PERSON,
    charts_and_problems,
    outcome,
    subject_of,
    without_repeats,
)
from daybreak.exchange.fhir.entries import Entry, entry_of, shown
from daybreak.exchange.fhir.files import unreadable
from daybreak.exchange.fhir.json_reader import NotJson, parse
from daybreak.exchange.fhir.references import References, reference_of, short
from daybreak.knowledge.terms import Terms

LONGEST_LINE = 64 * 1024 * 1024  # bytes; one resource is far smaller


@dataclass(frozen=True, slots=True)
class _Line:
    file: int
    number: int
    offset: int
    data: bytes


def charts_of_lines(files: tuple[Path, ...], *, terms: Terms) -> Iterator[Chart | Problem]:
    """One chart for each patient of the set, in the order of their first line; problems of lines as they are met."""
    with _index() as index:
        yield from _note_whose(index, files, terms)
        _close(index)
        for ref, listed, streams in _patients(index, files):
            yield _chart(ref, listed, index, files, streams, terms)


def entries_of_lines(files: tuple[Path, ...], *, terms: Terms) -> Iterator[tuple[str, list[Entry]] | Problem]:
    """The same patients as their entries, with the medicines that those name: the reference of each, and its entries."""
    with _index() as index:
        for found in _note_whose(index, files, terms):
            yield found if isinstance(found, Problem) else Problem(found.patient.ref, Reason("fhir.bundle-line"))
        _close(index)
        for ref, listed, streams in _patients(index, files):
            named = dict.fromkeys(filter(None, (reference_of(e.resource.get("medicationReference")) for e in listed)))
            shared = [_shared(one, index, files, streams) for one in named]
            yield ref, listed + [entry for entry in shared if entry]


@contextmanager
def _index() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(prefix="daybreak-") as folder:
        index = sqlite3.connect(Path(folder) / "index.sqlite", isolation_level=None)
        try:
            index.execute("PRAGMA journal_mode = OFF")
            index.execute("PRAGMA synchronous = OFF")
            index.execute("CREATE TABLE owners (id INTEGER PRIMARY KEY, ref TEXT UNIQUE)")
            index.execute(
                "CREATE TABLE lines (owner INTEGER, file INTEGER, number INTEGER, offset INTEGER, size INTEGER)"
            )
            index.execute("CREATE TABLE shared (ref TEXT, file INTEGER, number INTEGER, offset INTEGER, size INTEGER)")
            index.execute("BEGIN")
            yield index
        finally:
            index.close()


def _close(index: sqlite3.Connection) -> None:
    """Everything is noted."""
    index.execute("CREATE INDEX by_owner ON lines (owner)")
    index.execute("CREATE INDEX by_ref ON shared (ref)")
    index.execute("COMMIT")


def _note_whose(index: sqlite3.Connection, files: tuple[Path, ...], terms: Terms) -> Iterator[Chart | Problem]:
    for line in _lines(files):
        if isinstance(line, Problem):
            yield line
            continue
        place = f"{files[line.file]}:{line.number}"
        try:
            parsed = parse(line.data)
        except NotJson as error:
            yield Problem(place, error.reason)
            continue
        if parsed.flaws:
            yield Problem(place, Reason("fhir.flaws-line", {"flaws": parsed.flaws[:3]}))
        value = parsed.value
        kind = value.get("resourceType") if isinstance(value, dict) else None
        where = (line.file, line.number, line.offset, len(line.data))
        if not isinstance(kind, str):
            yield Problem(place, Reason("fhir.untyped-line", {"given": shown(value)}))
        elif kind == "Bundle":
            charts, problems = charts_and_problems(value, terms=terms, place=place)
            yield from charts
            yield from problems
        elif kind == "OperationOutcome":
            yield from outcome(_entry(value, kind, place))
        elif kind == "Medication":
            index.execute("INSERT INTO shared VALUES (?, ?, ?, ?, ?)", (_entry(value, kind, place).ref, *where))
        elif kind == "Patient":
            _insert(index, _entry(value, kind, place).ref, where)
        elif kind in ABOUT_A_PATIENT:
            reference = subject_of(value)
            if reference is None or reference.startswith("#"):
                yield Problem(place, NOBODY)
            elif (ref := short(reference, kind="Patient")).partition("/")[0] not in NOT_A_PERSON:
                _insert(index, ref, where)


def _entry(value: Any, kind: str, place: str) -> Entry:
    return entry_of(value, kind=kind, url="", file=place, place=place)


def _insert(index: sqlite3.Connection, ref: str, where: tuple[int, int, int, int]) -> None:
    index.execute("INSERT OR IGNORE INTO owners (ref) VALUES (?)", (ref,))
    index.execute("INSERT INTO lines SELECT id, ?, ?, ?, ? FROM owners WHERE ref = ?", (*where, ref))


def _lines(files: tuple[Path, ...]) -> Iterator[_Line | Problem]:
    for i, path in enumerate(files):
        try:
            with path.open("rb") as stream:
                yield from _lines_of(stream, i, path)
        except OSError as error:
            yield unreadable(path, error)


def _lines_of(stream: BinaryIO, file: int, path: Path) -> Iterator[_Line | Problem]:
    number = offset = 0
    while data := stream.readline(LONGEST_LINE):
        number += 1
        start, offset = offset, offset + len(data)
        if len(data) == LONGEST_LINE and not data.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                offset += len(rest)
            offset += len(rest)
            yield Problem(f"{path}:{number}", Reason("fhir.long-line", {"most": LONGEST_LINE // 2**20}))
        elif not data.isspace():
            yield _Line(file, number, start, data)


def _patients(
    index: sqlite3.Connection, files: tuple[Path, ...]
) -> Iterator[tuple[str, list[Entry], list[BinaryIO | None]]]:
    streams = [_opened(path) for path in files]
    try:
        for owner, ref in index.execute("SELECT id, ref FROM owners ORDER BY id"):
            rows = index.execute(
                "SELECT file, number, offset, size FROM lines WHERE owner = ? ORDER BY rowid", (owner,)
            )
            yield ref, [e for row in rows if (e := _again(row, files, streams))], streams
    finally:
        for stream in streams:
            if stream is not None:
                stream.close()


def _opened(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except OSError:
        return None  # nothing of it was noted either


def _again(row: tuple[int, int, int, int], files: tuple[Path, ...], streams: list[BinaryIO | None]) -> Entry | None:
    file, number, offset, size = row
    stream = streams[file]
    if stream is None:
        return None
    stream.seek(offset)
    value = parse(stream.read(size)).value
    return _entry(value, value["resourceType"], f"{files[file]}:{number}")


def _chart(
    ref: str,
    listed: list[Entry],
    index: sqlite3.Connection,
    files: tuple[Path, ...],
    streams: list[BinaryIO | None],
    terms: Terms,
) -> Chart:
    problems: list[Problem] = []
    listed = without_repeats(listed, problems)
    references = References(listed)

    def find(reference: str, seen_from: Entry, kind: str) -> Entry | None:
        found = references.find(reference, seen_from=seen_from, kind=kind)
        if found is not None or kind != "Medication":
            return found
        return _shared(reference, index, files, streams)

    patient = next((e for e in listed if e.kind == "Patient"), None)
    records: Iterable[Entry] = (e for e in listed if e.kind != "Patient")
    return chart_of(patient, ref, records, terms=terms, find=find, problems=problems)


def _shared(
    reference: str, index: sqlite3.Connection, files: tuple[Path, ...], streams: list[BinaryIO | None]
) -> Entry | None:
    query = "SELECT file, number, offset, size FROM shared WHERE ref = ? LIMIT 1"
    row = index.execute(query, (short(reference, kind="Medication"),)).fetchone()
    return _again(row, files, streams) if row else None
