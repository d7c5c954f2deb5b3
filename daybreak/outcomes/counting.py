"""How many who began a first course had a response, a remission, or grew worse, and who still held what was gained?

Counted by DuckDB, course by course of each person's first; what nobody knows of a person makes nobody better. For every figure
everybody is in the denominator whose window is over, whether they were rated or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from daybreak.knowledge.outcomes import Cuts
from daybreak.outcomes.shares import Share
from daybreak.outcomes.survival import Curve, kaplan_meier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EVERY = ""  # of a group that is not told apart by it
RESPONSE, REMISSION, WORSE = "response", "remission", "worse"
LESS, MORE = "suicidal_less", "suicidal_more"

# The first course of everybody in which anything was given, and when the last treatment of its induction was.
FIRSTS = """
CREATE OR REPLACE TEMP TABLE firsts AS
SELECT c.course, c.patient, c.site, c.product, c.route, c.protocol, c.started, s.induction
FROM courses c LEFT JOIN (
    SELECT course, max(day) AS induction FROM sessions WHERE phase = 'induction' GROUP BY course
) s USING (course)
WHERE c.started IS NOT NULL AND c.number = 1
"""
# Of each of them the rating before the first treatment: the last one that was asked for and is recent enough. When it was not
# answered to the end it is not known, whatever an earlier one says: leaving out an answer never lets another one take its place.
BEFORE = """
CREATE OR REPLACE TEMP TABLE before AS
SELECT f.*, r.total AS base, r.suicide_item AS base_item
FROM firsts f LEFT JOIN (
    SELECT f.course, r.total, r.suicide_item
    FROM firsts f JOIN ratings r USING (patient)
    WHERE r.scale = $scale AND r.day BETWEEN f.started - CAST($baseline AS INTEGER) AND f.started
    QUALIFY row_number() OVER (PARTITION BY f.course ORDER BY r.day DESC, r.total IS NULL, r.rating DESC) = 1
) r USING (course)
"""
# The last rating that was asked for within the window, of all whose window is over; and what it shows.
WITHIN = """
WITH due AS (
    SELECT *, CASE WHEN $after = 'first' THEN started ELSE induction END AS anchor FROM before
), over AS (
    SELECT * FROM due WHERE anchor + CAST($closes AS INTEGER) < $today
), now AS (
    SELECT o.course, r.total, r.suicide_item
    FROM over o JOIN ratings r USING (patient)
    WHERE r.scale = $scale
      AND r.day BETWEEN o.anchor + CAST($opens AS INTEGER) AND o.anchor + CAST($closes AS INTEGER)
    QUALIFY row_number() OVER (PARTITION BY o.course ORDER BY r.day DESC, r.total IS NULL, r.rating DESC) = 1
), told AS (
    SELECT o.product, o.route, o.protocol,
        base > 0 AND now.total IS NOT NULL AS followed,
        now.total * 100 <= base * (100 - $response) AS response,
        now.total * 100 <= base * (100 - $response) AND now.total <= $remission AS remission,
        CASE WHEN $points IS NULL THEN (now.total - base) * 100 >= base * $percent
             ELSE now.total - base >= $points END AS worse,
        base_item, now.suicide_item AS item
    FROM over o LEFT JOIN now USING (course)
)
SELECT product, route, coalesce(protocol, ''), count(*),
    count(*) FILTER (followed),
    count(*) FILTER (followed AND response), count(*) FILTER (followed AND remission), count(*) FILTER (followed AND worse),
    count(*) FILTER (base_item IS NULL OR base_item > 0), count(*) FILTER (base_item > 0 AND item IS NOT NULL),
    count(*) FILTER (base_item > 0 AND item < base_item),
    count(*) FILTER (base_item IS NOT NULL AND item IS NOT NULL), count(*) FILTER (item > base_item)
FROM told GROUP BY GROUPING SETS ((product, route), (product, route, protocol)) ORDER BY ALL
"""
# Of everybody who responded at any rating: the day on which the response was lost for good, or the last complete rating.
HELD = """
WITH rated AS (
    SELECT b.course, b.product, b.route, r.day, r.rating, r.total,
        r.total * 100 <= b.base * (100 - $response) AS good,
        CASE WHEN $relapse IS NULL THEN r.total * 100 > b.base * (100 - $response) ELSE r.total >= $relapse END AS bad
    FROM before b JOIN ratings r USING (patient)
    WHERE r.scale = $scale AND r.total IS NOT NULL AND b.base > 0 AND r.day > b.started AND r.day <= $today
), since AS (
    SELECT *, min(day) FILTER (good) OVER (PARTITION BY course) AS gained,
        sum(CAST(NOT bad AS INTEGER)) OVER (PARTITION BY course ORDER BY day, rating) AS island
    FROM rated
), run AS (
    SELECT *, min(day) OVER (PARTITION BY course, island, bad) AS began,
        count(*) OVER (PARTITION BY course, island, bad ORDER BY day, rating) AS n
    FROM since WHERE day >= gained
), each AS (
    SELECT course, any_value(product) AS product, any_value(route) AS route, min(gained) AS gained, max(day) AS seen,
        min(day) FILTER (bad AND n >= $in_a_row AND day - began >= $apart) AS lost
    FROM run GROUP BY course
)
SELECT product, route, coalesce(lost, seen) - gained, lost IS NOT NULL, count(*) FROM each GROUP BY ALL ORDER BY ALL
"""
STILL = """
SELECT product, route, coalesce(protocol, ''), count(*),
    count(*) FILTER (last >= started + CAST($days AS INTEGER))
FROM firsts LEFT JOIN (SELECT course, max(day) AS last FROM sessions GROUP BY course) USING (course)
WHERE started + CAST($days AS INTEGER) < $today
GROUP BY GROUPING SETS ((product, route), (product, route, protocol)) ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Which treatment; `protocol` EVERY: all of them."""

    product: str
    route: str
    protocol: str = EVERY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scale shows in one window of one group."""

    group: Group
    scale: str
    window: str
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Held:
    """How long a response on a scale was held."""

    group: Group
    scale: str
    curve: Curve


@dataclass(frozen=True, slots=True)
class Still:
    """Of whom a first course went on so many days after its first treatment. Our own records say it of everybody."""

    group: Group
    days: int
    share: Share


def prepare(store: DuckDBPyConnection) -> None:
    """Once before anything is counted."""
    store.execute(FIRSTS)


def outcomes(store: DuckDBPyConnection, cuts: Cuts, windows: list[Mapping[str, Any]], today: date) -> Iterator[Outcome]:
    """Of one scale, in every window."""
    _before(store, cuts)
    for window in windows:
        told = {
            "scale": cuts.scale,
            "after": window["after"],
            "opens": window["opens"],
            "closes": window["closes"],
            "today": today,
            "response": cuts.response_percent,
            "remission": cuts.remission_at_most,
            "points": cuts.worse_points,
            "percent": cuts.worse_percent,
        }
        for product, route, protocol, of, followed, better, well, worse, *items in store.execute(
            WITHIN, told
        ).fetchall():
            had, had_followed, less, both, more = items
            shares = {
                RESPONSE: Share(better, followed, of),
                REMISSION: Share(well, followed, of),
                WORSE: Share(worse, followed, of),
                LESS: Share(less, had_followed, had),
                MORE: Share(more, both, of),
            }
            yield Outcome(Group(product, route, protocol), cuts.scale, window["id"], shares)


def held(store: DuckDBPyConnection, cuts: Cuts, today: date, percent: int) -> Iterator[Held]:
    """Of one scale, by product and route."""
    _before(store, cuts)
    told = {
        "scale": cuts.scale,
        "today": today,
        "response": cuts.response_percent,
        "relapse": cuts.relapse_at_least,
        "in_a_row": cuts.in_a_row,
        "apart": cuts.days_apart,
    }
    groups: dict[Group, list[tuple[int, bool]]] = {}
    for product, route, day, lost, n in store.execute(HELD, told).fetchall():
        groups.setdefault(Group(product, route), []).extend([(day, lost)] * n)
    for group, times in groups.items():
        yield Held(group, cuts.scale, kaplan_meier(times, percent))


def still(store: DuckDBPyConnection, days: int, today: date) -> Iterator[Still]:
    """By product and route, and by protocol."""
    for product, route, protocol, of, n in store.execute(STILL, {"days": days, "today": today}).fetchall():
        yield Still(Group(product, route, protocol), days, Share(n, of, of))


def _before(store: DuckDBPyConnection, cuts: Cuts) -> None:
    store.execute(BEFORE, {"scale": cuts.scale, "baseline": cuts.baseline_days})
