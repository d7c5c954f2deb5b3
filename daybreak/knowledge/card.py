"""What does a clinic card answer, by which measure, and from how long a time? (`card.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from daybreak.clinical.clinic.quality import Kind, Measure
from daybreak.knowledge.store import loaded


def data() -> Mapping[str, Any]:
    """Everything as it stands in the file."""
    return loaded("card")["card"]  # type: ignore[no-any-return]


def small() -> int:
    """A count below it leaves the clinic as "fewer than" it."""
    return int(data()["small"])


def lengths() -> tuple[timedelta, ...]:
    """Of how long a time a card tells, from the shortest."""
    return tuple(timedelta(days=one) for one in data()["lengths_days"])


def days(name: str) -> timedelta:
    """One of `holds`, `states`, `score_before` and `result`."""
    return timedelta(days=data()[f"{name}_days"])


def measure(id: str) -> Mapping[str, Any]:
    """The one of that id as it stands in the file."""
    return next(one for one in data()["measures"] if one["id"] == id)


def asked() -> dict[str, Measure]:
    """Each question with its one measure, in order."""
    found = {one["id"]: Measure(one["id"], Kind(one["kind"]), one["plain"]) for one in data()["measures"]}
    return {one["id"]: found[one["measure"]] for one in data()["questions"]}


def stated() -> tuple[str, ...]:
    """The measures that the clinic states itself."""
    return tuple(one["id"] for one in data()["measures"] if one["kind"] == Kind.STATED)
