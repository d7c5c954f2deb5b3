"""How is one treatment of the registry told on a page: coverage first, then what came of it, with whom it is of?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from daybreak.knowledge import adverse, outcomes, scales
from daybreak.outcomes.control import Chart
from daybreak.outcomes.counting import LESS, MORE, REMISSION, RESPONSE, WORSE, Group
from daybreak.outcomes.poisson import per_hundred
from daybreak.outcomes.report import Report
from daybreak.outcomes.shares import HUNDRED, Share
from daybreak.outcomes.treatments import Spread
from daybreak.web.adverse.rates_told import PRODUCTS, ROUTES
from daybreak.web.registry import drawn
from daybreak.web.words import word

FIGURES = {
    RESPONSE: "registry.response",
    REMISSION: "registry.remission",
    WORSE: "registry.worse",
    LESS: "registry.suicidal_less",
    MORE: "registry.suicidal_more",
}
PHASES = {
    "induction": "registry.induction",
    "optimisation": "registry.optimisation",
    "maintenance": "registry.maintenance",
    "unplanned": "registry.unplanned",
}
MONTHLY = {
    "ready": "registry.chart_ready",
    "harmed": "registry.chart_harmed",
    "deviating": "registry.chart_deviating",
}


def title(group: Group, language: str) -> str:
    """The product and the way it is given."""
    said = [(PRODUCTS, group.product), (ROUTES, group.route)]
    return " · ".join(word(table[id], language) if id in table else id for table, id in said)


def page(found: Report, group: Group, scale: str, language: str) -> dict[str, Any]:
    """Everything of one product by one route, with the ratings of one scale."""
    return {
        "scale_name": scales.data(scale)["title"][language],
        "windows": list(_windows(found, group, scale, language)),
        "definition": _definition(scale, language),
        "curve": _curve(found, group, scale),
        "still": [
            {"days": one.days, "n": one.share.n, "of": one.share.of, "percent": _percent(one.share.percent)}
            for one in found.still
            if one.group == group
        ],
        "harms": list(_harms(found, group, language)),
        "treatments": list(_treatments(found, group, language)),
        "charts": list(_charts(found, group, language)),
    }


def _windows(found: Report, group: Group, scale: str, language: str) -> Iterator[dict[str, Any]]:
    """In order; one that is over for nobody is told as such."""
    counted = {one.window: one.shares for one in found.outcomes if (one.group, one.scale) == (group, scale)}
    for window in outcomes.windows():
        shares = counted.get(window["id"])
        told = {"id": window["id"], "title": window["short"][language], "explained": window["words"][language]}
        if shares is None:
            yield {**told, "of": 0}
            continue
        first = shares[RESPONSE]
        lines = [_line(one, shares[one], language) for one in FIGURES]
        coverage = {"followed": first.followed, "of": first.of, "missing": first.of - first.followed}
        yield {
            **told,
            **coverage,
            "coverage": _percent(first.coverage),
            "drawn": round((first.coverage or 0) / HUNDRED * drawn.WIDTH, 1),
            "lines": lines,
            "published": list(_published(window["id"], group, language)),
        }


def _line(figure: str, share: Share, language: str) -> dict[str, Any]:
    """One figure, with what it is of, its interval and its bounds."""
    return {"name": word(FIGURES[figure], language), **_told(share, language)}


def _told(share: Share, language: str) -> dict[str, Any]:
    percent = outcomes.percent()
    return {
        "n": share.n,
        "followed": share.followed,
        "of": share.of,
        "percent": _percent(share.percent),
        "interval": _from_to(share.interval(percent), language),
        "bounds": _from_to(share.bounds, language),
        "drawn": drawn.across(share, percent),
    }


def _published(window: str, group: Group, language: str) -> Iterator[dict[str, Any]]:
    """Cohorts of others that were looked at about then; the interval is worked out here from their counts."""
    for one in outcomes.published():
        if one["window"] != window or one["product"] != group.product:
            continue
        lines = []
        for figure, percent in one["percent"].items():
            n = round(Fraction(percent) * one["followed"] / HUNDRED)
            share = Share(n, one["followed"], one.get("of", one["followed"]))
            told = _told(share, language) | {"percent": percent, "name": word(FIGURES[figure], language)}
            lines.append(told if "of" in one else told | {"of": None, "bounds": None, "drawn": None})
        yield {"name": one["name"], "lines": lines, "differs": one["differs"][language]}


def _definition(scale: str, language: str) -> str:
    (cuts,) = [one for one in outcomes.cuts() if one.scale == scale]
    worse = "registry.worse_points" if cuts.worse_points is not None else "registry.worse_percent"
    amount = cuts.worse_points if cuts.worse_points is not None else cuts.worse_percent
    told = {"response": cuts.response_percent, "remission": cuts.remission_at_most, "days": cuts.baseline_days}
    return word("registry.definition", language, **told) + " " + word(worse, language, n=amount)


def _curve(found: Report, group: Group, scale: str) -> dict[str, Any] | None:
    """None where nobody responded yet."""
    curve = next((one.curve for one in found.held if (one.group, one.scale) == (group, scale)), None)
    if curve is None:
        return None
    least, lines = outcomes.least_at_risk(), []
    for day in outcomes.curve_days():
        step, at_risk = curve.at(day), curve.at_risk(day)
        if step is not None and at_risk >= least:
            interval = f"{HUNDRED * step.low:.0f}–{HUNDRED * step.high:.0f}"
            known = Share(at_risk, curve.of, curve.of).percent
            lines.append(
                {
                    "day": day,
                    "at_risk": at_risk,
                    "percent": _percent(HUNDRED * step.share),
                    "interval": interval,
                    "known": _percent(known),
                }
            )
    return {"of": curve.of, "lines": lines, "least": least, "drawn": drawn.falling(curve, least)}


def _harms(found: Report, group: Group, language: str) -> Iterator[dict[str, Any]]:
    """All of them, then each term, the most frequent first."""
    sessions = next(one.sessions for one in found.treatments if one.group == group and not one.phase)
    mine = [one for one in found.harms if one.group == group]
    for one in sorted(mine, key=lambda one: -one.events):
        if one.term:
            name = str(adverse.terms()[one.term]["words"][language])
        else:
            name = word("adverse.rate_own_words" if one.own_words else "registry.all_events", language)
        rate, low, high = per_hundred(one.events, sessions, outcomes.percent()) or (0.0, 0.0, 0.0)
        told = {"events": one.events, "serious": one.serious, "sessions": sessions, "rate": f"{rate:.2f}"}
        yield {"name": name, **told, "interval": _from_to((low, high), language, digits=2)}


def _treatments(found: Report, group: Group, language: str) -> Iterator[dict[str, Any]]:
    """All of them, then each phase over every protocol of the group."""
    for one in found.treatments:
        if (one.group.product, one.group.route) != (group.product, group.route):
            continue
        parts = [one.group.protocol, word(PHASES[one.phase], language) if one.phase in PHASES else ""]
        yield {
            "name": " · ".join(filter(None, parts)) or word("registry.all_treatments", language),
            "sessions": one.sessions,
            "patients": one.patients,
            "dose": _spread(one.dose_mg),
            "ready": _spread(one.minutes_to_ready),
            "deviating": f"{one.deviating.n}/{one.deviating.followed}",
            "unheard": one.unheard,
        }


def _charts(found: Report, group: Group, language: str) -> Iterator[dict[str, Any]]:
    """By month."""
    for one in found.charts:
        if one.group == group:
            charts: Mapping[str, Chart] = {"ready": one.ready, "harmed": one.harmed, "deviating": one.deviating}
            for name in MONTHLY:
                factor, digits = (1, 0) if name == "ready" else (HUNDRED, 1)
                points = [_point(each, factor, digits) for each in charts[name].points]
                told = {"id": name, "title": word(MONTHLY[name], language), "points": points}
                yield {**told, "signals": len(charts[name].signals), "drawn": drawn.running(charts[name])}


def _point(one: Any, factor: int, digits: int) -> dict[str, Any]:
    limits = f"{factor * one.low:.{digits}f}–{factor * one.high:.{digits}f}"
    return {
        "period": one.period,
        "of": one.of,
        "value": f"{factor * one.value:.{digits}f}",
        "limits": limits,
        "signal": one.signal,
    }


def _spread(one: Spread) -> dict[str, Any]:
    if one.quartiles is None:
        return {"n": 0, "of": one.of, "middle": "", "quartiles": ""}
    low, middle, high = one.quartiles
    return {"n": one.n, "of": one.of, "middle": f"{middle:g}", "quartiles": f"{low:g}–{high:g}"}


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}"


def _from_to(two: tuple[float, float] | None, language: str, *, digits: int = 1) -> str | None:
    return two and word("adverse.from_to", language, low=f"{two[0]:.{digits}f}", high=f"{two[1]:.{digits}f}")
