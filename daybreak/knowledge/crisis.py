"""Whom does somebody call in a crisis, in this country, on this day?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from daybreak.knowledge.protocols import in_force
from daybreak.knowledge.store import ROOT, loaded


def lines(country: str, *, on: date, root: Path = ROOT) -> list[Mapping[str, Any]]:
    """The numbers of a country (ISO 3166) that hold on that day, each with its other ways. Empty when none is on file."""
    file = loaded("crisis", root).get(country.lower())
    if file is None:
        return []
    return [
        {**line, "ways": [way for way in line["ways"] if in_force(way, on)]}
        for line in file["lines"]
        if in_force(line, on)
    ]
