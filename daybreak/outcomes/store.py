"""Where do the tables of the registry lie while they are counted, and as which file does a researcher take them along?

In DuckDB, which counts; nothing is fetched and nothing is installed by it. Rows go in and out by the thousand, so that memory
does not grow with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daybreak.outcomes.tables import TABLES, columns, create, dictionary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AT_ONCE = 2000
ALONE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "2"}


def there() -> bool:
    """Is DuckDB installed (`pip install daybreak[outcomes]`)?"""
    return find_spec("duckdb") is not None


@contextmanager
def opened(path: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """A database with the empty tables: in memory, or as a new file."""
    import duckdb

    with duckdb.connect(str(path) if path else ":memory:", config=dict(ALONE)) as made:
        for table in TABLES:
            made.execute(create(table))
        yield made


def fill(into: DuckDBPyConnection, table: str, rows: Iterable[Any]) -> int:
    """The rows of one table. Returns how many there were."""
    shape = json.dumps([{one.name: one.type for one in columns(table)}])
    names = ", ".join(one.name for one in columns(table))
    every, n = iter(rows), 0
    while some := [asdict(one) for one in islice(every, AT_ONCE)]:
        told = json.dumps(some, default=str, ensure_ascii=False)
        told_as = f"INSERT INTO {table} ({names}) SELECT r.* FROM (SELECT unnest(from_json(?, ?)) r)"
        into.execute(told_as, [told, shape])
        n += len(some)
    return n


def with_dictionary(into: DuckDBPyConnection) -> None:
    """What each column means, as a table beside the others."""
    into.execute(
        'CREATE TABLE dictionary ("table" VARCHAR, "column" VARCHAR, "type" VARCHAR, unit VARCHAR, means VARCHAR, empty VARCHAR)'
    )
    into.executemany("INSERT INTO dictionary VALUES (?, ?, ?, ?, ?, ?)", [list(one.values()) for one in dictionary()])


def as_parquet(of: DuckDBPyConnection, folder: Path) -> list[Path]:
    """Each table, and the dictionary, as a file in that folder."""
    made = [folder / f"{table}.parquet" for table in (*TABLES, "dictionary")]
    for path in made:
        of.execute(f'COPY "{path.stem}" TO ? (FORMAT parquet, COMPRESSION zstd)', [str(path)])
    return made
