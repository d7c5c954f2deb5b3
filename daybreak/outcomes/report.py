"""What does the whole report of a registry say, as one record and as plain data?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from daybreak.knowledge import outcomes as knowledge
from daybreak.outcomes import counting, treatments
from daybreak.outcomes.control import Chart
from daybreak.outcomes.counting import Group, Held, Outcome, Still
from daybreak.outcomes.poisson import per_hundred
from daybreak.outcomes.shares import Share
from daybreak.outcomes.tables import TABLES
from daybreak.outcomes.treatments import Charts, Harm, Spread, Treatments

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[str], None]
ROUNDED, FINE = 2, 4
SIZES = f"SELECT {', '.join(f'(SELECT count(*) FROM {table})' for table in TABLES)}"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the tables say on a day. `sizes`: how many rows each has."""

    today: date
    sizes: Mapping[str, int]
    outcomes: tuple[Outcome, ...]
    held: tuple[Held, ...]
    still: tuple[Still, ...]
    treatments: tuple[Treatments, ...]
    harms: tuple[Harm, ...]
    charts: tuple[Charts, ...]

    @property
    def groups(self) -> list[Group]:
        """Each product by each route, the most treated first."""
        whole = [one for one in self.treatments if not one.group.protocol and not one.phase]
        return [one.group for one in sorted(whole, key=lambda one: -one.sessions)]


def report(store: DuckDBPyConnection, *, today: date, tell: Progress = lambda _: None) -> Report:
    """`tell` hears what is counted next."""
    tell("courses")
    counting.prepare(store)
    still = [one for days in knowledge.retention() for one in counting.still(store, days, today)]
    shown: list[Outcome] = []
    held: list[Held] = []
    for cuts in knowledge.cuts():
        tell(cuts.scale)
        shown += counting.outcomes(store, cuts, knowledge.windows(), today)
        held += counting.held(store, cuts, today, knowledge.percent())
    tell("treatments")
    went = tuple(treatments.treatments(store))
    tell("harms")
    harms = tuple(treatments.harms(store))
    tell("charts")
    charts = tuple(treatments.charts(store, run=knowledge.in_a_row()))
    sizes = dict(zip(TABLES, store.execute(SIZES).fetchall()[0], strict=True))
    return Report(today, sizes, tuple(shown), tuple(held), tuple(still), went, harms, charts)


def plain(found: Report) -> dict[str, Any]:
    """For another program. Every share is told with how many it is of, who is missing, and its bounds."""
    sessions = {one.group: one.sessions for one in found.treatments if not one.phase}
    return {
        "counted_on": found.today.isoformat(),
        "rows": dict(found.sizes),
        "interval_percent": knowledge.percent(),
        "outcomes": [
            {**_group(one.group), "scale": one.scale, "window": one.window, "figure": figure, **share(of)}
            for one in found.outcomes
            for figure, of in one.shares.items()
        ],
        "durability": [{**_group(one.group), "scale": one.scale, **curve(one)} for one in found.held],
        "retention": [{**_group(one.group), "days": one.days, **share(one.share)} for one in found.still],
        "treatments": [
            {
                **_group(one.group),
                "phase": one.phase,
                "sessions": one.sessions,
                "patients": one.patients,
                "dose_mg": spread(one.dose_mg),
                "minutes_to_ready": spread(one.minutes_to_ready),
                "deviating": share(one.deviating),
                "not_heard_of_again": one.unheard,
            }
            for one in found.treatments
        ],
        "adverse_events": [
            {**_group(one.group), "term": one.term, "own_words": one.own_words, **harm(one, sessions[one.group])}
            for one in found.harms
        ],
        "charts": [
            {
                **_group(one.group),
                "ready": chart(one.ready),
                "harmed": chart(one.harmed),
                "deviating": chart(one.deviating),
            }
            for one in found.charts
        ],
    }


def _group(one: Group) -> dict[str, str]:
    return {"product": one.product, "route": one.route, "protocol": one.protocol}


def share(one: Share) -> dict[str, Any]:
    """With its interval, its coverage and its bounds; None is not known."""
    return {
        "n": one.n,
        "followed": one.followed,
        "of": one.of,
        "percent": _rounded(one.percent),
        "interval": _pair(one.interval(knowledge.percent())),
        "coverage_percent": _rounded(one.coverage),
        "bounds": _pair(one.bounds),
    }


def curve(one: Held) -> dict[str, Any]:
    """Told as far as enough people are followed. `known`: percent of all who are known to hold it still, whoever was lost sight
    of counted as having lost it."""
    least, steps = knowledge.least_at_risk(), []
    for day in knowledge.curve_days():
        step, at_risk = one.curve.at(day), one.curve.at_risk(day)
        if step is not None and at_risk >= least:
            told = {"percent": _rounded(100 * step.share), "interval": _pair((100 * step.low, 100 * step.high))}
            steps.append({"day": day, "at_risk": at_risk, **told, "known": _rounded(100 * at_risk / one.curve.of)})
    return {"of": one.curve.of, "median_days": one.curve.median, "days": steps}


def spread(one: Spread) -> dict[str, Any]:
    """Quartiles of those that are known."""
    return {"n": one.n, "of": one.of, "quartiles": list(one.quartiles) if one.quartiles else None}


def harm(one: Harm, sessions: int) -> dict[str, Any]:
    """Per hundred treatments, with an exact interval."""
    rate = per_hundred(one.events, sessions, knowledge.percent())
    told = rate and {"per_hundred": _rounded(rate[0]), "interval": _pair(rate[1:])}
    return {"events": one.events, "serious": one.serious, "sessions": sessions, **(told or {})}


def chart(one: Chart) -> dict[str, Any]:
    """By period."""
    told = [
        {
            "period": each.period,
            "of": each.of,
            "value": round(each.value, 4),
            "low": round(each.low, 4),
            "high": round(each.high, 4),
        }
        | {"signal": each.signal}
        for each in one.points
    ]
    return {"mean": None if one.mean is None else round(one.mean, 4), "points": told}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, ROUNDED)


def _pair(two: tuple[float, ...] | None) -> list[float] | None:
    return None if two is None else [round(one, ROUNDED) for one in two]
