"""Within how many days does somebody have to act? (`deadlines.yaml`)"""

from __future__ import annotations

from daybreak.knowledge.store import loaded


def days(id: str) -> int:
    """The days of the deadline with that id. KeyError when there is none."""
    found = next((one for one in loaded("deadlines")["deadlines"]["deadlines"] if one["id"] == id), None)
    if found is None:
        raise KeyError(f"no deadline {id!r} in deadlines.yaml")
    return int(found["days"])
