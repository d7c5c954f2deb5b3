"""What does one page of care ask, how long may an answer be, and what is a carer asked after a treatment? (`careplan.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from daybreak.knowledge.store import loaded

LOOK, NOW = "look", "now"


def topics() -> dict[str, Mapping[str, Any]]:
    """By their ids, in the order of the page."""
    return {one["id"]: one for one in _file()["topics"]}


def beside() -> tuple[str, ...]:
    """The topics that stand beside the ratings and at the time-out of a session."""
    return tuple(_file()["beside"])


def longest() -> int:
    """How many characters an answer, or a line from outside, may have."""
    return int(_file()["longest"])


def line_days() -> int:
    """Within how many days somebody here reads a line from outside."""
    return int(_file()["line_days"])


@dataclass(frozen=True, slots=True)
class Times:
    """From when after the last dose a carer is asked, until when, and how soon somebody looks at the answer."""

    opens: timedelta
    closes: timedelta
    look: timedelta


def times() -> Times:
    """Those in force."""
    told = _file()["carer"]
    return Times(*(timedelta(hours=told[name]) for name in ("after_hours", "closes_hours", "look_hours")))


def questions() -> dict[str, Mapping[str, Any]]:
    """What a carer is asked, by id, in order."""
    return {one["id"]: one for one in _file()["carer"]["questions"]}


def tells(said: Mapping[str, str]) -> frozenset[str]:
    """What these answers ask for: "look", "now", both or nothing. A blank, and what is no answer, asks for a look."""
    found = (
        {one["id"]: one.get("tells") for one in each["choices"]}.get(said.get(id, ""), LOOK)
        for id, each in questions().items()
    )
    return frozenset(one for one in found if one)


def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = loaded("careplan")["careplan"]
    return found
