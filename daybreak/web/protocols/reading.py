"""What does a protocol ask for on one day, and what is different on another?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from daybreak.knowledge import periods
from daybreak.knowledge.protocols import UNDATED, UnknownProtocol, in_force
from daybreak.knowledge.store import load

Line = Mapping[str, Any]
# What of a criterion is compared; its dates are the history, not the content.
COMPARED = ("strength", "override", "bounds", "valid_for", "with", "standing", "source")


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion that differs: `what` is added, removed or changed; `parts` are (which, before, after)."""

    criterion: str
    when: str
    what: str
    parts: tuple[tuple[str, str, str], ...] = ()


def file(id_: str) -> Mapping[str, Any]:
    """The protocol as it stands in its file. Raises `UnknownProtocol`."""
    for data in load("protocols").values():
        if data["id"] == id_:
            found: Mapping[str, Any] = data
            return found
    raise UnknownProtocol(id_)


def files() -> list[Mapping[str, Any]]:
    """Every protocol as it stands in its file."""
    return list(load("protocols").values())


def lines(id_: str, *, as_of: date) -> list[dict[str, Any]]:
    """Its criteria in force on that day, as plain data."""
    return [dict(line) for line in file(id_)["criteria"] if in_force(line, as_of)]


def dates(id_: str) -> list[str]:
    """The days from which another wording holds, the newest first; "undated" when none is known."""
    data = file(id_)
    days = {line[key] for line in data["criteria"] for key in ("from", "until") if line.get(key)}
    return sorted(days | {data.get("from", UNDATED)}, reverse=True)


def changes(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """What differs, criterion by criterion, in the order of the new protocol."""
    before, after = ({(x["criterion"], x["when"]): x for x in lines_} for lines_ in (old, new))
    found = [Change(*key, "removed") for key in before if key not in after]
    for key, line in after.items():
        if key not in before:
            found.append(Change(*key, "added"))
        elif parts := _parts(before[key], line):
            found.append(Change(*key, "changed", parts))
    return found


def _parts(old: Line, new: Line) -> tuple[tuple[str, str, str], ...]:
    pairs = [(key, said(old, key), said(new, key)) for key in COMPARED]
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def said(line: Line, key: str) -> str:
    """One part of a line in a few words; a dash when it has none."""
    value = line.get(key)
    if not value:
        return "–"
    if key == "bounds":
        return ", ".join(f"{name} {bound}" for name, bound in value.items())
    if key == "valid_for":
        return period(value)
    if key == "source":
        return f"{value['id']}, {value['where']}"
    return ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, Mapping) else str(value)


def period(id_: str) -> str:
    """How long an answer counts, with its unit (UCUM)."""
    found = periods.period(id_)
    return f"{found['days']} d" if "days" in found else f"{found['minutes']} min"


@cache
def sources() -> Mapping[str, Mapping[str, Any]]:
    """Every source by its id."""
    return {source["id"]: source for file_ in load("sources").values() for source in file_["sources"]}
