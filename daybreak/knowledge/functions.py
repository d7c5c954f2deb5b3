"""What is said of each function that is off until a clinic switches it on? (`functions.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.store import digest_of, loaded

URGENCY = "urgency"


def functions() -> Mapping[str, Mapping[str, Any]]:
    """By id, in the order in which a page shows them."""
    return {one["id"]: one for one in _file()["functions"]}


def says(language: str) -> str:
    """What is so of all of them."""
    return str(_file()["says"][language])


def text(id: str, language: str) -> str:
    """All that somebody reads before they sign for it."""
    one = functions()[id]
    return "\n".join((one["words"][language], one["does"][language], one["does_not"][language], says(language)))


def digest(id: str) -> str:
    """Of these sentences in every language, and of the rule that they tell: who signs for others is shown these first."""
    rule = [loaded("suicide")["suicide"][part] for part in ("urgency", "followup")] if id == URGENCY else []
    return digest_of([functions()[id], _file()["says"], *rule])


def _file() -> Mapping[str, Any]:
    return loaded("functions")["functions"]  # type: ignore[no-any-return]
