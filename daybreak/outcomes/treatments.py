"""How did treatments go: how much was given, what deviated, when were people ready, and what harm was there?

Counted by DuckDB over every treatment. Of a figure that nobody wrote down is said of how many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daybreak.outcomes.control import Chart, p_chart, xmr_chart
from daybreak.outcomes.counting import EVERY, Group
from daybreak.outcomes.shares import Share

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SESSIONS = """
SELECT product, route, coalesce(protocol, ''), coalesce(part, ''), count(*), count(DISTINCT s.patient),
    count(dose_mg), quantile_disc(dose_mg, [0.25, 0.5, 0.75]),
    count(minutes_to_ready), quantile_disc(minutes_to_ready, [0.25, 0.5, 0.75]),
    count(deviations), count(*) FILTER (deviations > 0), count(*) FILTER (NOT heard)
FROM (
    SELECT s.*, c.protocol, coalesce(phase, 'unplanned') AS part FROM sessions s JOIN courses c USING (course)
) s
GROUP BY GROUPING SETS ((product, route), (product, route, protocol), (product, route, protocol, part)) ORDER BY ALL
"""
EVENTS = """
SELECT product, route, coalesce(term, ''), grouping(term) = 1, count(*), count(*) FILTER (serious = 'yes')
FROM events e JOIN sessions s USING (session)
GROUP BY GROUPING SETS ((product, route), (product, route, term)) ORDER BY ALL
"""
MONTHS = """
SELECT product, route, strftime(day, '%Y-%m') AS month, count(*), count(minutes_to_ready), median(minutes_to_ready),
    count(deviations), count(*) FILTER (deviations > 0), count(*) FILTER (harmed)
FROM (
    SELECT s.*, e.session IS NOT NULL AS harmed
    FROM sessions s LEFT JOIN (SELECT DISTINCT session FROM events WHERE session IS NOT NULL) e USING (session)
)
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """Lower quartile, median and upper quartile of the `n` of `of` that are known; None where none is."""

    n: int
    of: int
    quartiles: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Treatments:
    """Of one group and, where it is told apart, one `phase` (`unplanned`: the plan
    has no such treatment). `unheard`: after so many nobody heard of the patient again."""

    group: Group
    phase: str
    sessions: int
    patients: int
    dose_mg: Spread
    minutes_to_ready: Spread
    deviating: Share
    unheard: int


@dataclass(frozen=True, slots=True)
class Harm:
    """So many events of a term; `term` EVERY and `own_words`: what was told in own words; EVERY alone: all of them."""

    group: Group
    term: str
    own_words: bool
    events: int
    serious: int


@dataclass(frozen=True, slots=True)
class Charts:
    """By month: the median minutes until ready, treatments with an adverse event, and with a deviation."""

    group: Group
    ready: Chart
    harmed: Chart
    deviating: Chart


def treatments(store: DuckDBPyConnection) -> Iterator[Treatments]:
    """By product and route, by protocol, and by phase of each."""
    for product, route, protocol, phase, n, patients, *told in store.execute(SESSIONS).fetchall():
        doses, dose, readies, ready, judged, deviating, unheard = told
        yield Treatments(
            Group(product, route, protocol),
            phase,
            n,
            patients,
            _spread(doses, n, dose),
            _spread(readies, n, ready),
            Share(deviating, judged, n),
            unheard,
        )


def harms(store: DuckDBPyConnection) -> Iterator[Harm]:
    """By product and route, by term and of all; those that no treatment is named for are in none."""
    for product, route, term, every, events, serious in store.execute(EVENTS).fetchall():
        yield Harm(Group(product, route), term, not every and term == EVERY, events, serious)


def charts(store: DuckDBPyConnection, *, run: int) -> Iterator[Charts]:
    """By product and route."""
    groups: dict[Group, list[tuple[str, int, int, float | None, int, int, int]]] = {}
    for product, route, *month in store.execute(MONTHS).fetchall():
        groups.setdefault(Group(product, route), []).append(tuple(month))
    for group, months in groups.items():
        yield Charts(
            group,
            xmr_chart([(name, n, ready) for name, _, n, ready, *_ in months if ready is not None], run=run),
            p_chart([(name, harmed, n) for name, n, *_, harmed in months], run=run),
            p_chart([(name, deviating, judged) for name, _, _, _, judged, deviating, _ in months], run=run),
        )


def _spread(n: int, of: int, quartiles: list[float] | None) -> Spread:
    if not n or quartiles is None:
        return Spread(0, of, None)
    low, middle, high = map(float, quartiles)
    return Spread(n, of, (low, middle, high))
