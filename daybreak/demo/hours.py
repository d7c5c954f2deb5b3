"""What time is it in the demo? Its clock begins within the hours of a clinic, and stands still while nobody runs it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CLOCK = "clock.json"
FIRST, LAST, ELSE = 9, 15, 11  # hours of the day: whoever makes it earlier or later finds eleven in the morning


@dataclass(frozen=True, slots=True)
class Kept:
    """Where its clock goes on, and up to when what happens by itself has happened."""

    here: datetime
    played: datetime


def opening(now: datetime, zone: str) -> datetime:
    """The moment up to which a demo is made: now, or the late morning of today while every clinic is shut."""
    local = now.astimezone(ZoneInfo(zone))
    if FIRST <= local.hour < LAST:
        return now
    return local.replace(hour=ELSE, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


def keep(folder: Path, kept: Kept) -> None:
    """Whole or not at all: it is written every second."""
    new = folder / f".{CLOCK}"
    new.write_text(json.dumps({"here": kept.here.isoformat(), "played": kept.played.isoformat()}), encoding="utf-8")
    os.replace(new, folder / CLOCK)


def kept(folder: Path) -> Kept:
    """As it was when the demo was stopped."""
    told = json.loads((folder / CLOCK).read_text("utf-8"))
    return Kept(*(datetime.fromisoformat(told[name]) for name in ("here", "played")))
