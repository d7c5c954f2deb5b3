"""Within how long does somebody here see to what a patient waits for, and when is nothing sent to them? (`reach.yaml`)"""

from __future__ import annotations

from datetime import time, timedelta

from daybreak.knowledge.store import loaded


def within(id: str) -> timedelta:
    """The span of that id. KeyError when there is none."""
    found = next((one for one in loaded("reach")["reach"]["within"] if one["id"] == id), None)
    if found is None:
        raise KeyError(f"no span {id!r} in reach.yaml")
    return timedelta(days=found.get("days", 0), hours=found.get("hours", 0))


def risk_level(said: str) -> str | None:
    """How soon somebody looks at what a referral says about suicide: "now", "today"; None: it said no."""
    rules = loaded("reach")["reach"]["stated_risk"]
    return next((one["level"] for one in rules if one["said"] == said), None)


def quiet() -> tuple[time, time]:
    """From when until when, by the patient's clock, nothing is sent to them that nobody waits for; over midnight."""
    hours = loaded("reach")["reach"]["quiet"]
    return time.fromisoformat(hours["begins"]), time.fromisoformat(hours["ends"])


def texts_again() -> timedelta:
    """How long the numbers of help are not sent again to a phone that got them."""
    return timedelta(minutes=loaded("reach")["reach"]["texts_again"]["minutes"])


def after_stop() -> list[timedelta]:
    """How long after a treatment ended somebody calls and asks about suicide, in order."""
    return [timedelta(days=n) for n in sorted(loaded("reach")["reach"]["after_stop"]["days"])]


def stops(said: str) -> bool:
    """Does this text alone mean that no more are wanted?"""
    words: tuple[str, ...] = loaded("reach")["reach"]["stop_words"]["words"]
    return said.strip().strip(".!。！").casefold() in words
