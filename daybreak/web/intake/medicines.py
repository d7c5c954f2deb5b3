"""Which medicines does somebody name in their own words? Each becomes an entry of its own, in the words that were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from daybreak.clinical.records import Exposure, KetamineExposure, Unmapped, on
from daybreak.knowledge.store import loaded
from daybreak.knowledge.terms import terms
from daybreak.web.patients.forms import LONGEST
from daybreak.web.patients.kinds import Record

_BETWEEN = re.compile(r"[\n;；、]|(?<!\d)[,，]|[,，](?!\d)")  # a comma within a number parts nothing


def named(text: str, *, status: str | None, indication: str | None, today: date) -> Iterator[Record]:
    """Each medicine of a list that was typed, as taken now (`status` "active") or at a time that nobody said (None).

    A name that we do not know stands as an entry all the same, and beside it that nobody has read it: no review of the
    medicines from before holds then. Words that say that there is nothing make no entry.
    """
    for words in filter(None, (piece.strip(" .。") for piece in _BETWEEN.split(text))):
        if words.casefold() in loaded("intake")["intake"]["nothing"]:
            continue
        found, words = terms().medicine((), words), words[:LONGEST]
        ketamine = [one for one in found.ingredients if one in terms().ketamine]
        for drug in ketamine:
            yield KetamineExposure("", text=words, drug=drug)
        others = tuple(one for one in found.ingredients if one not in ketamine)
        if others or not ketamine:
            yield Exposure("", words, ingredients=others, status=status, indication=indication, kind="form")
        if not found.understood:
            yield Unmapped("", code="", text=words, domain="medicines", recorded=on(today))
