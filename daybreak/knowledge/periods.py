"""How long does an answer, an access or a duty last? (`periods.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.store import loaded


def periods() -> tuple[Mapping[str, Any], ...]:
    """Every period as it stands in the file: `days` or `minutes`, with its source and standing."""
    return tuple(loaded("periods")["periods"]["periods"])


def period(id: str) -> Mapping[str, Any]:
    """The one with that id. KeyError when there is none."""
    found = next((one for one in periods() if one["id"] == id), None)
    if found is None:
        raise KeyError(f"no period {id!r} in periods.yaml")
    return found
