"""Which facts of volunteers may leave the clinic, when nobody is to know whose they are?

By a list of what is given; a column that is not on it is left out, and the report says why. A word is given only when it is one
of those that are known beforehand, so that nothing that somebody typed gets through. Ids are drawn anew each time and kept by
nobody. A day becomes how many days after the person's first treatment it was; no year stands beside it, because of somebody
treated for long the two together would tell the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from daybreak.outcomes.tables import TABLES, columns

ID, WORD, NUMBER, DAYS, BIRTH = "id", "word", "number", "days", "birth"
GIVEN: Mapping[str, Mapping[str, str]] = {
    "patients": {"patient": ID, "birth_year": BIRTH, "sex": WORD},
    "courses": {
        "course": ID, "patient": ID, "number": NUMBER, "protocol": WORD, "product": WORD, "route": WORD,
        "started": DAYS, "ended": DAYS,
    },
    "sessions": {
        "session": ID, "course": ID, "patient": ID, "number": NUMBER, "phase": WORD, "day": DAYS, "product": WORD,
        "route": WORD, "dose_mg": NUMBER, "dose_mg_least": NUMBER, "dose_mg_most": NUMBER, "planned_mg": NUMBER,
        "deviations": NUMBER, "minutes_to_ready": NUMBER, "outcome": WORD, "heard": NUMBER,
    },
    "ratings": {
        "rating": ID, "patient": ID, "scale": WORD, "day": DAYS, "total": NUMBER, "suicide_item": NUMBER, "door": WORD
    },
    "events": {
        "event": ID, "patient": ID, "session": ID, "term": WORD, "grade": WORD, "serious": WORD, "day": DAYS
    },
}  # fmt: skip
LEFT_OUT = {
    "site": "a place smaller than a state",
    "language": "as somebody typed it",
    "volunteer": "all of them are",
    "end_reason": "may be in somebody's own words",
    "weight_kg": "of whoever is very heavy or light it may tell who they are",
    "asked_by": "names an occasion of the clinic's own schedule",
}
SAYS = {
    ID: "drawn anew for this export, and kept by nobody",
    WORD: "one of the words that are known beforehand; anything else is left out",
    NUMBER: "as it stands",
    DAYS: "days after the person's first treatment, below zero before it; empty of whom no treatment is known",
    BIRTH: "the year; of everybody who has turned the joined age, or does within the year, one and the same year",
}


@dataclass(frozen=True, slots=True)
class Given:
    """The rows by table, whose they are (in the clinic's own ids, which do not leave), and what was left out, how often."""

    rows: Mapping[str, list[dict[str, Any]]]
    whose: frozenset[str]
    left: Mapping[str, int]


def given(
    tables: Mapping[str, Iterable[Any]],
    *,
    known: Mapping[str, Collection[str]],
    today: date,
    joined_age: int,
    draw: Callable[[], str],
) -> Given:
    """The rows of volunteers. `known`: by column the words that may stand there; `draw`: a new id, the same to nobody."""
    read = {table: list(tables[table]) for table in TABLES}
    whose = frozenset(one.patient for one in read["patients"] if one.volunteer)
    first: dict[str, date] = {}
    for one in read["sessions"]:
        first[one.patient] = min(one.day, first.get(one.patient, one.day))
    left: Counter[str] = Counter()
    drawn: dict[tuple[str, str], str] = {}

    def value(row: Any, column: str, how: str) -> Any:
        told = getattr(row, column)
        if told is None or how == NUMBER:
            return told
        if how == ID:
            return drawn.setdefault((column, told), draw())
        if how == BIRTH:
            return max(told, today.year - joined_age)
        if how == DAYS:
            begun = first.get(row.patient)
            return None if begun is None else (told - begun).days
        if told in known[column]:
            return told
        left[column] += 1
        return None

    rows = {
        table: [
            {column: value(row, column, how) for column, how in GIVEN[table].items()}
            for row in read[table]
            if row.patient in whose
        ]
        for table in TABLES
    }
    for those in rows.values():
        those.sort(key=lambda row: next(iter(row.values())))  # by the drawn id: the order tells nothing
    return Given(rows, whose, dict(left))


def dictionary() -> list[dict[str, str]]:
    """Every column that is given, and what was done to it."""
    return [
        {"table": table, "column": one.name, "unit": "days" if GIVEN[table][one.name] == DAYS else one.unit,
         "means": one.means, "given": SAYS[GIVEN[table][one.name]], "empty": one.empty}
        for table in TABLES
        for one in columns(table)
        if one.name in GIVEN[table]
    ]  # fmt: skip


def left_out() -> list[dict[str, str]]:
    """Every column that is not given, and why."""
    return [
        {"table": table, "column": one.name, "why": LEFT_OUT[one.name]}
        for table in TABLES
        for one in columns(table)
        if one.name not in GIVEN[table]
    ]
