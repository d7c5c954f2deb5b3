"""What can somebody read before they choose, and where can they check it? (`education.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.store import loaded


def sections() -> tuple[Mapping[str, Any], ...]:
    """In the order in which they are read."""
    return tuple(loaded("education")["education"]["sections"])


def side_effects() -> Mapping[str, Any]:
    """How many told of what, with the spray and with a dummy spray."""
    found: Mapping[str, Any] = loaded("education")["education"]["side_effects"]
    return found


def of_100(n: int, of: int) -> int:
    """So many of 100 people, to the nearest one; a half goes up."""
    return (200 * n + of) // (2 * of)
