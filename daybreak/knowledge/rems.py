"""What does the monitoring form of the REMS ask, in which version, and by when? (`rems.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from daybreak.knowledge.store import loaded

Line = Mapping[str, Any]
# What a field can be of, by its kind.
IDENTITIES = frozenset(
    {"given", "family", "birth", "sex", "monitor", "site_phone", "site", "site_email", "site_address"}
)
FIGURES = frozenset({"day", "dose", "lots", "minutes", "before", "about", "last"})


def form() -> Line:
    """All of it."""
    found: Line = loaded("rems")["rems"]
    return found


def asks(protocol: str) -> bool:
    """Is a session under that protocol one that the programme asks about?"""
    return protocol in form()["protocols"]


def settings() -> dict[str, Line]:
    """By id, in order; the first is meant where nobody said otherwise."""
    return {one["id"]: one for one in form()["settings"]}


def versions() -> dict[str, Line]:
    """By id, the oldest first."""
    return {one["id"]: one for one in sorted(form()["versions"], key=lambda one: str(one["from"]))}


def version_on(day: date) -> str:
    """The newest one that we know of on that day; on an earlier one the oldest."""
    every = list(versions().values())
    return str(next((one["id"] for one in reversed(every) if one["from"] <= day.isoformat()), every[0]["id"]))


def fields(version: str) -> list[Line]:
    """The fields of that version, in order."""
    return [one for one in form()["fields"] if version in one["versions"]]


def last_day(day: date) -> date:
    """Until when the form about a session of that day is filed, at the site's own calendar."""
    return day + timedelta(days=form()["deadline"]["days"])
