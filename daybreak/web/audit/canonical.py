"""Which bytes of a line are protected, and how? (the same on SQLite and PostgreSQL)"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from daybreak.web.place import Key

# The columns of an entry in the order in which they are protected.
COLUMNS = ("id", "at", "via", "who", "action", "object_type", "object_id", "subject", "site", "digest", "key")
IDS = {"id", "who", "object_id", "subject", "site"}
_encoder = json.JSONEncoder(separators=(",", ":"))


def encoded(told: Sequence[Any]) -> bytes:
    """The bytes of a list: no two lists have the same."""
    return _encoder.encode(told).encode()


def entry_mac(values: Sequence[Any], *, key: Key) -> str:
    """The protection of one entry. `values` are those of COLUMNS, ids as 32 hexadecimal digits."""
    id, at, *rest = values
    return key.mac(encoded([id, at.isoformat(), *rest])).hex()


def seal_mac(place: int, *, entry_mac: str, before: str, key: Key) -> str:
    """The protection of one place in the chain; `before` is the seal's mac one place earlier, "" at the first."""
    return key.mac(f"{place} {entry_mac} {before} {key.id}".encode()).hex()
