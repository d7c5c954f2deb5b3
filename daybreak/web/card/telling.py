"""How is a card told: each answer with its figures, in the reader's language, from what was signed?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from daybreak.clinical.clinic.quality import How, Said
from daybreak.knowledge import card
from daybreak.web.words import word

SAID = {
    Said.YES: "card.yes",
    Said.IN_PART: "card.in_part",
    Said.NO: "card.no",
    Said.COUNTED: "card.counted",
    Said.STATED: "card.stated",
    Said.EXPIRED: "card.expired",
    Said.TOO_FEW: "card.too_few",
    Said.NOT_RECORDED: "card.not_recorded",
}
AMOUNTS = {How.FEWER: "card.fewer", How.ALL_BUT: "card.all_but"}
BAD, SOME = (Said.EXPIRED, Said.NOT_RECORDED, Said.NO, Said.TOO_FEW), (Said.YES, Said.IN_PART)


def heads(document: Mapping[str, Any], language: str, *, on: date) -> list[dict[str, Any]]:
    """The answers under their heads, in order. A statement that ran out since it was signed has expired."""
    found = []
    for head in card.data()["heads"]:
        lines = [_line(one, document, language, on) for one in document["answers"] if one["head"] == head["id"]]
        found.append({"id": head["id"], "title": head["words"][language], "lines": lines})
    return found


def _line(one: Mapping[str, Any], document: Mapping[str, Any], language: str, on: date) -> dict[str, Any]:
    said, told = Said(one["said"]), one["statement"]
    if said is Said.STATED and told and on.isoformat() >= told["until"]:
        said = Said.EXPIRED
    return {
        "asks": one["asks"][language],
        "kind": word(SAID[said], language),
        "bad": said in BAD,
        "sentence": _sentence(one, said, document, language),
        "percent": _percent(one) if said in SOME else None,
        "counted": one["counted"][language],
        "statement": told,
    }


def _sentence(one: Mapping[str, Any], said: Said, document: Mapping[str, Any], language: str) -> str:
    small = document["small"]
    if said is Said.NOT_RECORDED:
        return word("card.no_record", language)
    if said is Said.TOO_FEW:
        few = one["few"]
        return str(few[language]).format(small=small) if few else word("card.few", language, small=small)
    if one["sentence"] is None:
        return ""
    values = {name: amount(one[name], language) for name in ("n", "of", "worst", "unknown")}
    return str(one["sentence"][language]).format(value=one["value"], least=one["least"], **values)


def amount(shown: Mapping[str, Any] | None, language: str) -> str:
    """A number as it left the clinic."""
    if shown is None:
        return "–"
    how, n = How(shown["how"]), f"{shown['value']:,}"
    return n if how is How.EXACT else word(AMOUNTS[how], language, n=n)


def _percent(one: Mapping[str, Any]) -> int | None:
    """Only of what is shown as it is."""
    n, of = one["n"], one["of"]
    exact = n and of and n["how"] == of["how"] == How.EXACT
    return 100 * n["value"] // of["value"] if exact else None
