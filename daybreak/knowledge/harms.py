"""Which harms between treatments and over months are asked about? (`harms.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from daybreak.clinical.followup.harms import Rule
from daybreak.knowledge.store import loaded


def items() -> Mapping[str, Mapping[str, Any]]:
    """Every question by its id, in order."""
    return {one["id"]: one for one in loaded("harms")["harms"]["items"]}


def schedule() -> tuple[Rule, ...]:
    """How often each part that builds up is asked about."""
    return tuple(
        Rule(one["domain"], one["treatments"], timedelta(days=one["days"]), one["refer"])
        for one in loaded("harms")["harms"]["schedule"]
    )


def again(domain: str) -> Mapping[str, Any]:
    """The same of one part as it stands in the file. KeyError when there is none."""
    found: dict[str, Mapping[str, Any]] = {one["domain"]: one for one in loaded("harms")["harms"]["schedule"]}
    return found[domain]


def tools() -> Mapping[str, Mapping[str, Any]]:
    """The published tools about the same, by id."""
    return {one["id"]: one for one in loaded("harms")["harms"]["tools"]}


def mapped() -> list[Mapping[str, Any]]:
    """Each part of ours beside their forms, in order."""
    return list(loaded("harms")["harms"]["mapped"])
