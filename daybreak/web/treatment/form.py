"""What was typed or tapped on a form of a session, as an event tells it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge import sessions


def measured(post: Mapping[str, Any]) -> dict[str, Any]:
    """Every row of which something was typed or tapped, as an event tells it."""
    found: dict[str, Any] = {}
    for id, line in sessions.rows().items():
        parts = {one["id"]: sent(post, id if one["id"] == "value" else one["id"]) for one in line["parts"]}
        if line["levels"] and (level := sent(post, id)):
            found[id] = int(level) if level.isascii() and level.isdigit() else level
        elif any(parts.values()):
            found[id] = parts.get("value", parts)
    return found


def given(post: Mapping[str, Any]) -> dict[str, Any]:
    """How much reached the patient: in full ({}), or between two figures, and why."""
    told: dict[str, Any] = {name: sent(post, name) for name in ("lot", "why") if sent(post, name)}
    if post.get("amount") == "other":
        told |= {"full": False, "mg_low": sent(post, "mg_low"), "mg_high": sent(post, "mg_high")}
    return told


def sent(post: Mapping[str, Any], name: str) -> str:
    return str(post.get(name, "")).replace("\0", "").strip()
