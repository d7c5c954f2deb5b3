"""Is what devices say told without contradiction: each number one thing, each spelling one unit that is watched?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daybreak.knowledge.store import load


def devices(root: Path) -> Iterator[str]:
    """A number is one sign, of a kind of source of which it is known how it ages, and a spelling is one unit that is watched."""
    signs = {one["id"]: one for one in load("watch", root)["watch"]["signs"]}
    file = load("devices", root)["devices"]
    for number, n in Counter(one["number"] for one in file["metrics"]).items():
        if n > 1:
            yield f"devices: the number {number} stands {n} times; once is right"
    for one in file["metrics"]:
        feeds = {each["id"] for each in signs.get(one["sign"], {"sources": []})["sources"]}
        if one["by"] not in feeds:
            yield f"devices/{one['number']}: no sign '{one['sign']}' in watch.yaml with the source '{one['by']}'"
    watched = {spelled for one in signs.values() for spelled in one["spelled"]}
    spelled = Counter(name for one in file["units"] for name in (str(one["number"]), one["name"], *one["ucum"]))
    yield from (f"devices: the unit '{name}' stands {n} times; once is right" for name, n in spelled.items() if n > 1)
    for one in file["units"]:
        if one["is"] not in watched:
            yield f"devices/{one['name']}: no sign in watch.yaml is in '{one['is']}'"
    yield from _recorder(file)
    yield from _pump(file["pump"], {one["number"] for one in file["metrics"]})


def _recorder(file: dict[str, Any]) -> Iterator[str]:
    """What a recorder means is one metric that is watched, and a spelling of it one unit."""
    told, metrics, units = (
        file["recorder"],
        {one["number"] for one in file["metrics"]},
        {one["number"] for one in file["units"]},
    )
    means = Counter(one["means"] for one in told["tracks"])
    spelled = Counter(text for one in told["units"] for text in one["spelled"])
    for name, n in (*means.items(), *spelled.items()):
        if n > 1:
            yield f"devices/recorder: '{name}' stands {n} times; once is right"
    yield from (
        f"devices/recorder: no metric {one['metric']}" for one in told["tracks"] if one["metric"] not in metrics
    )
    yield from (f"devices/recorder: no unit {one['unit']}" for one in told["units"] if one["unit"] not in units)


def _pump(pump: dict[str, Any], signs: set[int]) -> Iterator[str]:
    """A number is one figure and no sign; a spelling is one unit, a word says one thing, and each thing is so loud once."""
    told = {
        "number": [one["number"] for one in pump["figures"]] + sorted(signs),
        "unit": [name for one in pump["units"] for name in (*_codes(one), *one["ucum"])],
        "word": [word for one in pump["runs"] for word in one["words"]],
        "level": [one["id"] for one in pump["levels"]],
        "name": [name.casefold() for one in pump["drugs"] for name in one["names"]],
    }
    for what, every in told.items():
        for one, n in Counter(every).items():
            if n > 1:
                yield f"devices/pump: the {what} '{one}' stands {n} times; once is right"


def _codes(unit: dict[str, Any]) -> list[str]:
    return [str(unit["number"]), unit["name"]] if "number" in unit else []
