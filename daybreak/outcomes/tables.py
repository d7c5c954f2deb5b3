"""Which plain tables is the registry counted from, and what does each column hold, in which unit, and what when it is empty?

The dictionary, the tables of DuckDB and the parquet files are all made from these records. Ids are opaque; nobody is named.
Days are those of the calendar of the site where it happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args, get_type_hints

SQL = {str: "VARCHAR", int: "INTEGER", bool: "BOOLEAN", date: "DATE", Decimal: "DECIMAL(9,3)"}


@dataclass(frozen=True, slots=True)
class Holds:
    """`empty`: what it means that nothing stands there; without it something always does."""

    means: str
    empty: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Somebody who was treated, or has a course."""

    patient: Annotated[str, Holds("opaque id; two records of one person have one")]
    site: Annotated[str, Holds("opaque id of the site of their first course")]
    birth_year: Annotated[int | None, Holds("year of birth", empty="not recorded", unit="year")] = None
    sex: Annotated[str | None, Holds("female, male or other", empty="not recorded")] = None
    language: Annotated[
        str | None, Holds("the language that they want to be spoken to in, as it was typed", empty="not recorded")
    ] = None
    volunteer: Annotated[bool, Holds("have they agreed that their facts go into a registry, and not taken it back?")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A plan of treatments under one wording of a protocol."""

    course: Annotated[str, Holds("opaque id")]
    patient: Annotated[str, Holds("whose it is")]
    site: Annotated[str, Holds("where")]
    number: Annotated[
        int, Holds("the how many-th of this person in which anything was given, or may yet be; 1: the first")
    ]
    protocol: Annotated[str, Holds("id of the protocol")]
    product: Annotated[str, Holds("esketamine or ketamine")]
    route: Annotated[str, Holds("nasal, iv, im, sc or oral")]
    started: Annotated[date | None, Holds("day of the first exposure", empty="nothing was given")] = None
    ended: Annotated[date | None, Holds("day on which it was ended", empty="nobody has ended it")] = None
    end_reason: Annotated[str | None, Holds("why it was ended", empty="nobody has ended it")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A treatment in which something reached the patient, or may have."""

    session: Annotated[str, Holds("opaque id")]
    course: Annotated[str, Holds("of which course")]
    patient: Annotated[str, Holds("who was treated")]
    site: Annotated[str, Holds("where")]
    number: Annotated[int, Holds("the how many-th treatment of the course")]
    phase: Annotated[
        str | None, Holds("induction, optimisation or maintenance, as it was planned", empty="not in the plan")
    ] = None
    day: Annotated[date, Holds("day of the first exposure")]
    product: Annotated[str, Holds("esketamine or ketamine, by the protocol")]
    route: Annotated[str, Holds("by the protocol")]
    dose_mg: Annotated[
        Decimal | None, Holds("given in all, where that is known exactly", empty="not known exactly", unit="mg")
    ] = None
    dose_mg_least: Annotated[Decimal | None, Holds("at least", empty="not known", unit="mg")] = None
    dose_mg_most: Annotated[Decimal | None, Holds("at most", empty="not known", unit="mg")] = None
    planned_mg: Annotated[Decimal | None, Holds("ordered in all", empty="no order is kept", unit="mg")] = None
    weight_kg: Annotated[Decimal | None, Holds("by which it was ordered", empty="not ordered by weight", unit="kg")] = (
        None
    )
    deviations: Annotated[
        int | None,
        Holds(
            "what was done without its gates or for a reason, counted",
            empty="cannot be told: the clinic's rules have changed",
        ),
    ] = None
    minutes_to_ready: Annotated[
        int | None,
        Holds(
            "from the first exposure until somebody judged the patient ready to leave; a minimum watch is in it",
            empty="nobody judged it",
            unit="min",
        ),
    ] = None
    outcome: Annotated[str | None, Holds("how it ended", empty="not ended")] = None
    heard: Annotated[bool, Holds("did anybody hear of the patient again after it ended?")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating on one scale: whole, in part, or asked for and never answered."""

    rating: Annotated[str, Holds("opaque id")]
    patient: Annotated[str, Holds("who was rated")]
    scale: Annotated[str, Holds("id of the scale, such as phq-9")]
    day: Annotated[date, Holds("when it was answered, or else asked for")]
    total: Annotated[int | None, Holds("points", empty="not complete, or never answered", unit="points")] = None
    suicide_item: Annotated[
        int | None,
        Holds(
            "points of the item about suicide, where the scale has one",
            empty="not answered, or the scale has none",
            unit="points",
        ),
    ] = None
    asked_by: Annotated[
        str | None, Holds("the occasion of the schedule that asked for it", empty="asked for by hand, or imported")
    ] = None
    door: Annotated[str | None, Holds("link, phone, desk or paper", empty="imported")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An adverse event, as its newest version tells it."""

    event: Annotated[str, Holds("opaque id")]
    patient: Annotated[str, Holds("who had it")]
    site: Annotated[str, Holds("where it was told")]
    session: Annotated[str | None, Holds("of which treatment", empty="of none")] = None
    term: Annotated[str | None, Holds("id of the term", empty="told in own words")] = None
    grade: Annotated[str | None, Holds("how bad", empty="not said")] = None
    serious: Annotated[str, Holds("yes, no or unknown")]
    day: Annotated[date | None, Holds("when it began", empty="not said")] = None


TABLES: Mapping[str, type[Any]] = {
    "patients": Patient,
    "courses": Course,
    "sessions": Session,
    "ratings": Rating,
    "events": Event,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as the dictionary tells it."""

    name: str
    type: str
    means: str
    empty: str
    unit: str


def columns(table: str) -> tuple[Column, ...]:
    """In order."""
    return tuple(_columns(TABLES[table]))


def _columns(row: type[Any]) -> Iterator[Column]:
    hints = get_type_hints(row, include_extras=True)
    for one in fields(row):
        sort, holds = get_args(hints[one.name])
        kinds = get_args(sort) or (sort,)
        yield Column(one.name, next(SQL[each] for each in kinds if each in SQL), holds.means, holds.empty, holds.unit)


def create(table: str) -> str:
    """The statement that makes it: what is never empty cannot be."""
    rows = ", ".join(f"{one.name} {one.type}{'' if one.empty else ' NOT NULL'}" for one in columns(table))
    return f"CREATE TABLE {table} ({rows})"


def dictionary() -> list[dict[str, str]]:
    """Every column of every table, as plain data."""
    return [
        {"table": table, "column": one.name, "type": one.type, "unit": one.unit, "means": one.means, "empty": one.empty}
        for table in TABLES
        for one in columns(table)
    ]
