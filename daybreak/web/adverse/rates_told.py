"""How are the rates of adverse events told: on a page, as data, and as a table?"""

from __future__ import annotations

import json
from typing import Any

from daybreak.knowledge import adverse
from daybreak.web.adverse import rates
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.rates import Line, Rates
from daybreak.web.tables import table
from daybreak.web.words import word

COLUMNS = ("product", "route", "by", "which", "n", "sessions", "per_100", "low", "high", "unknown", "worst_per_100")
ROUTES = {"nasal": "adverse.nasal", "iv": "adverse.iv", "im": "adverse.im", "sc": "adverse.sc", "oral": "adverse.oral"}
PRODUCTS = {"esketamine": "adverse.esketamine", "ketamine": "adverse.ketamine"}


def row(one: Line) -> dict[str, Any]:
    """One rate as plain data; what there is not is None."""
    low, high = one.rate.interval(adverse.percent()) or (None, None)
    told = (one.product, one.route, one.by, one.which or None, one.rate.n, one.rate.of)
    figures = (one.rate.per_hundred, low, high)
    return dict(zip(COLUMNS, (*told, *map(_rounded, figures), one.rate.unknown, _rounded(one.rate.worst)), strict=True))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def as_json(found: Rates) -> str:
    """For another program: counts, and nobody by name."""
    told = {
        "site": found.site.name,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "sessions": len(found.treated),
        "unheard": len(found.unheard),
        "not_of_a_session": found.beside,
        "not_judged": found.unjudged,
        "interval": {"percent": adverse.percent(), "method": "Clopper-Pearson"},
        "rows": [row(one) for one in found.lines],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_csv(found: Rates) -> str:
    """For a table."""
    return table(COLUMNS, (row(one).values() for one in found.lines))


def groups(found: Rates, language: str) -> list[dict[str, Any]]:
    """For the page: each product by its route, with its rates in tables."""
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for one in found.lines:
        group = made.setdefault((one.product, one.route), {"title": _title(one, language), "lines": []})
        group["lines"].append({"title": _which(one, language), "by": one.by, **_figures(one, language)})
    return list(made.values())


def _figures(one: Line, language: str) -> dict[str, str]:
    low, high = one.rate.interval(adverse.percent()) or (0.0, 0.0)
    return {
        "count": f"{one.rate.n}/{one.rate.of}",
        "rate": f"{one.rate.per_hundred or 0:.1f}",
        "interval": word("adverse.from_to", language, low=f"{low:.1f}", high=f"{high:.1f}"),
        "unknown": str(one.rate.unknown),
        "worst": f"{one.rate.worst or 0:.1f}",
    }


def _title(one: Line, language: str) -> str:
    said = [(PRODUCTS, one.product), (ROUTES, one.route)]
    return " · ".join(word(table[id], language) if id in table else id for table, id in said)


def _which(one: Line, language: str) -> str:
    if one.by == rates.EVERY:
        return word("adverse.rate_any", language)
    if one.by == rates.GRADE:
        grade = adverse.choices("grades").get(one.which)
        return str(grade["words"][language]) if grade else word("adverse.rate_no_grade", language)
    if one.by == rates.SERIOUS:
        return word(tellings.SERIOUS[one.which], language)
    if one.by == rates.TERM:
        term = adverse.terms().get(one.which)
        return str(term["words"][language]) if term else word("adverse.rate_own_words", language)
    return one.which
