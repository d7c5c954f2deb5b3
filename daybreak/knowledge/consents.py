"""To what does somebody agree before treatment, or beside it? (`consents/`)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from daybreak.knowledge.protocols import in_force
from daybreak.knowledge.store import ROOT, digest_of, loaded


def documents(*, on: date, root: Path = ROOT) -> list[Mapping[str, Any]]:
    """Every document that holds on that day, those for a treatment first, each with its statements and questions in full."""
    found = [_resolved(one, root) for one in _every("documents", root) if in_force(one, on)]
    return sorted(found, key=lambda one: not one["protocols"])


def document(id: str, *, on: date, root: Path = ROOT) -> Mapping[str, Any]:
    """The one with that id. KeyError when none holds on that day."""
    for one in _every("documents", root):
        if one["id"] == id and in_force(one, on):
            return _resolved(one, root)
    raise KeyError(f"no document {id!r} in consents/ on {on}")


def documents_for(protocol: str, root: Path = ROOT) -> list[str]:
    """The ids of what may be signed for treatment under that protocol: any of them will do."""
    return [one["id"] for one in _every("documents", root) if protocol in one["protocols"]]


def per_series(root: Path = ROOT) -> frozenset[str]:
    """The ids of what is signed anew for each series of treatments."""
    return frozenset(one["id"] for one in _every("documents", root) if one["per_series"])


def version(document: Mapping[str, Any]) -> str:
    """Another one when any word of it is another one, in whatever language."""
    return digest_of(document)[:16]


def _resolved(document: Mapping[str, Any], root: Path) -> Mapping[str, Any]:
    found = dict(document)
    for part in ("statements", "questions"):
        known = {one["id"]: one for one in _every(part, root)}
        found[part] = [known[id] for id in document[part]]
    return found


def _every(part: str, root: Path) -> Iterator[Mapping[str, Any]]:
    for file in loaded("consents", root).values():
        yield from file[part]
