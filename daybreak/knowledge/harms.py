"""Which harms between treatments and over months are asked about? (`harms.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.store import loaded


def items() -> Mapping[str, Mapping[str, Any]]:
    """Every question by its id, in order."""
    return {one["id"]: one for one in loaded("harms")["harms"]["items"]}


def tools() -> Mapping[str, Mapping[str, Any]]:
    """The published tools about the same, by id."""
    return {one["id"]: one for one in loaded("harms")["harms"]["tools"]}


def mapped() -> list[Mapping[str, Any]]:
    """Each part of ours beside their forms, in order."""
    return list(loaded("harms")["harms"]["mapped"])
