"""Whom has a clinic to tell when a treatment moves to another one? (`notices.yaml`)"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from daybreak.knowledge.store import loaded


def notices(protocols: Collection[str]) -> list[Mapping[str, Any]]:
    """Those for somebody who had a course under one of these protocols, each with what it `says` in every language."""
    found = loaded("notices")["notices"]["notices"]
    return [one for one in found if set(one["protocols"]) & set(protocols)]
