"""When after a treatment is a talk offered? (`window.yaml`)"""

from __future__ import annotations

from datetime import timedelta

from daybreak.knowledge.store import loaded


def hours() -> tuple[timedelta, timedelta]:
    """So long after the last dose of a treatment the time for a talk opens, and closes."""
    found = loaded("window")["window"]
    return timedelta(hours=found["opens_hours"]), timedelta(hours=found["closes_hours"])


def counted() -> timedelta:
    """Over which time it is counted how often it was met."""
    return timedelta(days=loaded("window")["window"]["counted_days"])
