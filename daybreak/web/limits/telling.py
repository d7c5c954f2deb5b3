"""How are the limits and minutes of a site said to a reader?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.clinical.treatment.stricter import Asked, numbers
from daybreak.knowledge import sessions
from daybreak.knowledge import watch as knowledge
from daybreak.knowledge.sentences import language as sentences
from daybreak.web.limits.models import Signed
from daybreak.web.limits.queries import numbers as signed_numbers
from daybreak.web.words import known, word

PARTS = {
    "above": "limits.part_above",
    "below": "limits.part_below",
    "caution": "limits.part_caution",
    "alarm": "limits.part_alarm",
    "is": "limits.part_is",
    "from": "limits.part_from",
    "watch": "limits.part_watch",
    "check": "limits.part_check",
    "from_first": "limits.part_from_first",
    "from_last": "limits.part_from_last",
}
MINUTES = {"before": "fresh", "leaving": "early"}  # where else than under its kind the minutes of a check stand


def name(id: str, protocol: str, language: str) -> str:
    """What a number is called: `systolic.above.alarm.is`."""
    told, checks = known(language), knowledge.titles(protocol)
    signs = {one["id"]: one["title"] for one in knowledge.signs()}
    parts = [
        word(PARTS[part], language) if part in PARTS else (signs.get(part) or checks[part])[told]
        for part in id.split(".")
    ]
    return " · ".join(parts)


def tables(protocol: str, row: Signed | None, typed: Mapping[str, str], *, language: str) -> list[dict[str, Any]]:
    """The form, a table for each sign and one for the minutes: what was typed, else signed, else the protocol's own."""
    signs = {one["id"]: one for one in knowledge.signs()}
    signed = signed_numbers(row) if row else {}
    found: dict[str, dict[str, Any]] = {}
    for one in numbers(knowledge.watch(), knowledge.schedule(protocol)):
        first, _, rest = one.name.partition(".")
        if sign := signs.get(first):
            unit = "" if sign["unit"] == "1" else sign["unit"]
            table = found.setdefault(first, {"title": sign["title"][known(language)], "unit": unit, "lines": []})
        else:
            table = found.setdefault("", {"title": word("limits.minutes", language), "unit": "min", "lines": []})
        title = name(rest if sign else one.name, protocol, language)
        table["lines"].append(_line(one, typed, signed) | {"title": title})
    return list(found.values())


def _line(one: Asked, typed: Mapping[str, str], signed: Mapping[str, Any]) -> dict[str, Any]:
    own = "" if one.own is None else str(one.own)
    value = typed.get(one.name, str(signed.get(one.name, own)))
    return {"name": one.name, "own": own, "least": one.least, "most": one.most, "value": value}


def checks(protocol: str, *, language: str) -> list[dict[str, Any]]:
    """What is signed along: each check with its minutes and rows, and on which source it rests."""
    told, rows = known(language), sessions.rows()
    return [
        {
            "title": one["title"][told],
            "minutes": one[MINUTES.get(kind, kind)],
            "rows": [rows[row]["title"][told] for row in one["rows"]],
            "source": one["source"],
            "standing": sentences(told).word(f"standing.{one['standing']}"),
        }
        for one in knowledge.data(protocol)["checks"]
        for kind in ("before", "after_first", "every", "falling", "leaving")
        if kind in one
    ]
