"""How is the end of the chain kept outside the database, so that a shortened chain is noticed?

`latest` is replaced at every sealing; one file for each day is written by its first sealing and never again. Copy the
folder to where the database's keeper cannot write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from daybreak.web.audit.canonical import encoded
from daybreak.web.audit.models import Seal
from daybreak.web.place import Key

LATEST = "latest.json"


@dataclass(frozen=True, slots=True)
class Head:
    """At that moment the chain ended at that place with that mac."""

    file: str
    place: int
    seal: str
    at: str


def write(last: Seal, *, at: datetime) -> None:
    """Keep this end of the chain; the day's own file only if the day has none."""
    folder: Path = settings.PLACE.heads
    folder.mkdir(mode=0o700, exist_ok=True)
    key = settings.PLACE.key("audit")
    told = {"place": last.place, "seal": last.mac, "at": at.isoformat(), "key": key.id}
    text = json.dumps({**told, "mac": _mac(told, key=key)}) + "\n"
    for name in (f"{at:%Y-%m-%d}.json", LATEST):
        if name == LATEST or not (folder / name).exists():
            _replace(folder / name, text)


def read() -> tuple[list[Head], list[str]]:
    """The heads that can be believed, and the names of files that cannot."""
    good, bad = [], []
    for file in sorted(settings.PLACE.heads.glob("*.json")):
        try:
            told = json.loads(file.read_text("utf-8"))
            mac = told.pop("mac")
            key = settings.PLACE.key("audit", told["key"])
            genuine = key is not None and mac == _mac(told, key=key)
            head = Head(file.name, told["place"], told["seal"], told["at"])
        except (ValueError, KeyError, TypeError, AttributeError):
            genuine = False
        if genuine:
            good.append(head)
        else:
            bad.append(file.name)
    return good, bad


def _mac(told: Mapping[str, object], *, key: Key) -> str:
    return key.mac(encoded(["head", *sorted(told.items())])).hex()


def _replace(file: Path, text: str) -> None:
    new = file.with_suffix(".new")
    with open(new, "w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    new.replace(file)
