"""What stands on the page of costs on a day: sums with their bars, prices with their sources, hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation

from daybreak.clinical.clinic import cost
from daybreak.clinical.clinic.cost import Range
from daybreak.knowledge import costs
from daybreak.knowledge.store import loaded
from daybreak.web.words import known as language_of

COUNTRY = "us"
WIDTH = 1000
# Minutes of the way to the clinic and home together, by which the hours are shown.
WAYS = (30, 60, 120)


def told(*, on: date) -> dict[str, Any]:
    """All of it in the language of the page."""
    known = costs.country(COUNTRY)
    sources = {one["id"]: one for file in loaded("sources").values() for one in file["sources"]}
    coverages = [{**_own(one), "sums": [], "unknown": []} for one in known["coverages"]]
    highest = Decimal(1)
    for coverage in coverages:
        for found in costs.sums(known, coverage["id"], on=on):
            route = _own(found.route)
            if found.own is None:
                coverage["unknown"].append(route)
            if found.allowed or found.own:
                highest = max(highest, *(each.high for each in (found.allowed, found.own) if each))
                coverage["sums"].append(
                    {"route": route, "visits": found.visits, "found": found, "share": _own(found.share)}
                )
    for one in (one for coverage in coverages for one in coverage["sums"]):
        one["lines"] = list(_lines(one["found"], highest=highest))
    prices = [_sourced(one, sources) for one in known["prices"]]
    routes = {one["id"]: one for one in known["routes"]}
    rule = costs.rule(known)
    for one in prices:
        one["low"], one["high"] = (_exact(Decimal(one[end])) for end in ("low", "high"))
        one["route_words"] = _own(routes[one["route"]])["words"]
        one["counts"] = one["day"] is not None and cost.fresh(one["day"], rule=rule, on=on)
    return {
        "on": on,
        "rule": rule,
        "coverages": coverages,
        "prices": [one for one in prices if routes[one["route"]]["supervised"]],
        "apart_prices": [one for one in prices if not routes[one["route"]]["supervised"]],
        "shares": [_sourced(one, sources) for one in known["shares"]],
        "hours": list(_hours(known)),
        "ways": WAYS,
        **{
            name: [_sourced(one, sources) for one in known[name]]
            for name in ("first", "rules", "help", "apart", "others")
        },
        **{name: [_words(one) for one in known[name]] for name in ("ask", "keep")},
    }


def _lines(found: costs.Sum, *, highest: Decimal) -> Iterator[dict[str, Any]]:
    for id, each in (("own", found.own), ("allowed", found.allowed)):
        if each is not None:
            yield {"id": id, "low": _whole(each.low), "high": _whole(each.high), **_bar(each, highest=highest)}


def _bar(each: Range, *, highest: Decimal) -> dict[str, int]:
    low, high = (int(one / highest * WIDTH) for one in (each.low, each.high))
    return {"x": low, "width": max(high - low, 1)}


def _exact(sum: Decimal) -> str:
    return f"{sum:,.0f}" if sum == sum.to_integral_value() else f"{sum:,.2f}"


def _whole(sum: Decimal) -> str:
    return f"{sum:,.0f}"


def _hours(known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Hours away from home of each way whose stay a source gives, by how long the road is."""
    for route in costs.supervised(known):
        visits = costs.visits(route)
        if visits is not None and "stay" in route:
            stay = route["stay"]["minutes"]
            each = [cost.hours(visits, minutes=stay + way) for way in WAYS]
            yield {**_own(route), "visits": visits, "minutes": stay, "each": each}


def _sourced(one: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    day = date.fromisoformat(one["dated"]) if "dated" in one else None
    more = [sources[each["source"]["id"]] for each in one.get("also", ())]
    return {**_own(one), "from_sources": [sources[one["source"]["id"]], *more], "day": day}


def _own(one: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fact with its texts in the language of the page."""
    return {name: _words(value) for name, value in (one or {}).items()}


def _words(value: Any) -> Any:
    return value[language_of(translation.get_language())] if isinstance(value, dict) and "zh-Hans" in value else value
