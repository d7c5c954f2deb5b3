"""Which signs may be of misuse, what else can they come of, and when are they talked about? (`misuse.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from daybreak.clinical.followup.misuse import Rule
from daybreak.knowledge.store import loaded


def signs() -> Mapping[str, Mapping[str, Any]]:
    """By id, in order."""
    return {one["id"]: one for one in loaded("misuse")["misuse"]["signs"]}


def explanations() -> Mapping[str, Mapping[str, Any]]:
    """By id, in order."""
    return {one["id"]: one for one in loaded("misuse")["misuse"]["explanations"]}


def rule() -> Rule:
    """When a conversation is proposed."""
    told = told_rule()
    return Rule(timedelta(hours=told["hours"]), told["least"], timedelta(days=told["days"]))


def told_rule() -> Mapping[str, Any]:
    """The same as it stands in the file, with its source."""
    return loaded("misuse")["misuse"]["rule"]  # type: ignore[no-any-return]
