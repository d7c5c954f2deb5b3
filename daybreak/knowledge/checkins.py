"""What is a patient asked at home, when, and when were they followed up? (`checkins.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from daybreak.clinical.followup.coverage import Window
from daybreak.clinical.followup.schedule import Occasion
from daybreak.knowledge.store import loaded


@cache
def occasions() -> tuple[Occasion, ...]:
    """Every occasion, in the order of the file."""
    return tuple(
        Occasion(
            one["id"],
            one["form"],
            frozenset(one["phases"]),
            timedelta(hours=one["lasts_hours"]),
            after=_hours(one.get("after_hours")),
            before=_hours(one.get("before_hours")),
            every=_days(one.get("every_days")),
            stops=_days(one.get("stops_days")),
            lead=timedelta(hours=one["lead_hours"]),
            spares=timedelta(days=one["spares_days"]),
        )
        for one in loaded("checkins")["checkins"]["occasions"]
    )


def forms() -> Mapping[str, Mapping[str, Any]]:
    """Our own short forms by their ids."""
    return {one["id"]: one for one in loaded("checkins")["checkins"]["forms"]}


def windows() -> tuple[Window, ...]:
    """When somebody has to be heard of after a treatment, the nearest first."""
    return tuple(
        Window(one["id"], timedelta(hours=one["opens_hours"]), timedelta(hours=one["closes_hours"]))
        for one in loaded("checkins")["checkins"]["windows"]
    )


def window_words(id: str, language: str) -> str:
    """What a window is called. KeyError when there is none."""
    found = {one["id"]: one["words"][language] for one in loaded("checkins")["checkins"]["windows"]}
    return str(found[id])


def _hours(n: int | None) -> timedelta | None:
    return None if n is None else timedelta(hours=n)


def _days(n: int | None) -> timedelta | None:
    return None if n is None else timedelta(days=n)
