"""How is what every page asks put to the database, without working out its SQL for every page?

Only the words of a question are kept. It is asked anew each time, so that no answer outlives what it was about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

MARKS: dict[type, Callable[[int], Any]] = {
    UUID: lambda n: UUID(int=0x6461796272656B00 + n),
    datetime: lambda n: datetime(1, 1, 1, 0, 0, n, tzinfo=UTC),
    str: lambda n: f"\ue000{n}",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """The SQL; its parameters, with for each the number of the value that takes its place or None; how answers are read."""

    sql: str
    parameters: list[tuple[int | None, Any]]
    readers: list[tuple[int, list[Callable[..., Any]], Any]]


class Question:
    """A query of one shape: `Question(lambda id, at: ….values_list(…), UUID, datetime)`, asked by `question(id, at)`.

    What differs from time to time has to be one of the values, of the types of MARKS; the rest is asked always the same.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *types: type) -> None:
        self.make, self.types = make, types
        self.words: dict[str, _Words] = {}  # by the kind of database

    def __call__(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows, in the order of its `values_list`. ValueError when a value of the question has no place in the SQL."""
        words = self.words.get(connection.vendor)
        if words is None:
            words = self.words[connection.vendor] = self._work_out()
        given = [_stored(value) for value in values]
        with connection.cursor() as cursor:
            cursor.execute(words.sql, [value if n is None else given[n] for n, value in words.parameters])
            rows = cursor.fetchall()
        return [_read(row, words.readers) for row in rows] if words.readers else rows

    def _work_out(self) -> _Words:
        marks = [MARKS[type_](n) for n, type_ in enumerate(self.types)]
        compiler = self.make(*marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        places = {_stored(mark): n for n, mark in enumerate(marks)}
        placed = [(places.get(parameter), parameter) for parameter in parameters]
        if missing := set(range(len(marks))) - {n for n, _ in placed}:
            raise ValueError(f"values {sorted(missing)} of the question stand nowhere in: {sql}")
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns)
        return _Words(sql, placed, [(n, readers, column) for n, (readers, column) in found.items()])


def _stored(value: Any) -> Any:
    """As this database keeps it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _read(row: tuple[Any, ...], readers: list[tuple[int, list[Callable[..., Any]], Any]]) -> tuple[Any, ...]:
    found = list(row)
    for n, read, column in readers:
        for one in read:
            found[n] = one(found[n], column, connection)
    return tuple(found)
