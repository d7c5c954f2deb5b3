"""Do the tables of the registry say what they hold, name nobody, and take what is unknown as nothing?"""

from __future__ import annotations

import re
from datetime import date

import pytest

from daybreak.outcomes import tables
from daybreak.outcomes.tables import TABLES, Course, Event, columns, create, dictionary

duckdb = pytest.importorskip("duckdb")
NAMES = re.compile("name|phone|mail|address|birth_d|birthday|text|note")


def test_every_column_says_what_it_holds() -> None:
    told = dictionary()
    assert {one["table"] for one in told} == {"patients", "courses", "sessions", "ratings", "events"}
    assert all(one["means"] for one in told)
    assert all(one["unit"] for one in told if one["column"].endswith(("_mg", "_kg")) or "_mg_" in one["column"])


def test_no_column_can_hold_a_name_or_free_words() -> None:
    assert not [one["column"] for one in dictionary() if NAMES.search(one["column"])]


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_makes_the_table(table: str) -> None:
    with duckdb.connect() as made:
        made.execute(create(table))
        found = [(name, kind, null) for name, kind, null, *_ in made.execute(f"DESCRIBE {table}").fetchall()]
    assert found == [(one.name, one.type, "YES" if one.empty else "NO") for one in columns(table)]


def test_what_is_not_told_is_nothing() -> None:
    course = Course(course="a", patient="b", site="c", number=1, protocol="p", product="ketamine", route="iv")
    assert (course.started, course.ended, course.end_reason) == (None, None, None)
    event = Event(event="a", patient="b", site="c", serious="unknown", day=date(2026, 3, 1))
    assert event.term is None
    with pytest.raises(TypeError):
        Event(event="a", patient="b", site="c")  # type: ignore[call-arg]


def test_a_type_that_no_database_knows_is_an_error_of_ours() -> None:
    assert set(tables.SQL.values()) >= {one["type"] for one in dictionary()}
