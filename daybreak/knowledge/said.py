"""Which words may stand in one sentence about a session? (`said.yaml`)"""

from __future__ import annotations

from functools import cache

from daybreak.clinical.treatment.said import Meaning, Row, Vocabulary, Word
from daybreak.knowledge import sessions
from daybreak.knowledge.store import loaded

ALONE = {
    "joints": Meaning.JOINT,
    "fillers": Meaning.FILLER,
    "gave": Meaning.GAVE,
    "waste": Meaning.WASTE,
    "no_waste": Meaning.NO_WASTE,
    "same_vial": Meaning.SAME_VIAL,
    "events": Meaning.EVENT,
}
NAMED = {
    "units": Meaning.UNIT,
    "routes": Meaning.ROUTE,
    "rows": Meaning.ROW,
    "levels": Meaning.LEVEL,
    "rescues": Meaning.RESCUE,
}


@cache
def vocabulary() -> Vocabulary:
    """Every phrase with what it means, and the rows with their units and levels."""
    told = loaded("said")["said"]
    words = {phrase.casefold(): Word(meaning) for name, meaning in ALONE.items() for phrase in told[name]}
    for name, meaning in NAMED.items():
        words |= {one.casefold(): Word(meaning, id) for id, phrases in told[name].items() for one in phrases}
    rows = {id: _row(id) for id in told["rows"]}
    return Vocabulary(words, rows, frozenset(told["levels"]))


def _row(id: str) -> Row:
    line = sessions.rows()[id]
    parts = tuple(one["id"] for one in line["parts"])
    return Row(line["unit"], parts, frozenset(str(one["value"]) for one in line["levels"]))


def ladders(route: str) -> frozenset[str]:
    """By which ladders a dose of that route is ordered."""
    return frozenset(loaded("said")["said"]["ladders"].get(route, ()))
