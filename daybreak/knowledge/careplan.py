"""What does one page of care ask, and how long may an answer be? (`careplan.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.store import loaded


def topics() -> dict[str, Mapping[str, Any]]:
    """By their ids, in the order of the page."""
    return {one["id"]: one for one in _file()["topics"]}


def longest() -> int:
    """How many characters an answer, or a line from outside, may have."""
    return int(_file()["longest"])


def line_days() -> int:
    """Within how many days somebody here reads a line from outside."""
    return int(_file()["line_days"])


def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = loaded("careplan")["careplan"]
    return found
