"""How do the records of a clinic become the tables that are counted?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daybreak.outcomes.report import Report, report
from daybreak.outcomes.store import fill, opened
from daybreak.web import zones
from daybreak.web.people.models import Site
from daybreak.web.registry.courses import patients, treated
from daybreak.web.registry.ratings import ratings
from daybreak.web.registry.sessions import events, sessions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str, int], None]


def rows(sites: Collection[Site], *, at: datetime) -> tuple[tuple[str, Iterable[Any]], ...]:
    """Each table with its rows, in order."""
    of = treated(sites)
    return (
        ("patients", patients(of, at=at)),
        ("courses", of.courses),
        ("sessions", sessions(sites, of, at=at)),
        ("ratings", ratings(of)),
        ("events", events(sites, of)),
    )


@contextmanager
def stored(
    sites: Collection[Site], *, at: datetime, path: Path | None = None, tell: Tell = lambda *_: None
) -> Iterator[DuckDBPyConnection]:
    """The tables of these sites as they are at this moment. `tell` hears of each table, and how many rows it has."""
    with opened(path) as store:
        for table, those in rows(sites, at=at):
            tell(table, fill(store, table, those))
        yield store


def counted(sites: Collection[Site], *, at: datetime) -> Report:
    """The report of these sites on their day."""
    with stored(sites, at=at) as store:
        return report(store, today=today(sites, at=at))


def today(sites: Collection[Site], *, at: datetime) -> date:
    """The earliest of their days: no window is over before it is over everywhere."""
    return min(zones.day(at, one.zone) for one in sites)
