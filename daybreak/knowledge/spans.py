"""How long is what of a clinic's day? (`spans.yaml`)"""

from __future__ import annotations

from datetime import timedelta

from daybreak.knowledge.store import loaded


def span(id: str) -> timedelta:
    """The span of that id. KeyError when there is none."""
    found = next((one for one in loaded("spans")["spans"]["spans"] if one["id"] == id), None)
    if found is None:
        raise KeyError(f"no span {id!r} in spans.yaml")
    return timedelta(days=found.get("days", 0), hours=found.get("hours", 0), minutes=found.get("minutes", 0))
