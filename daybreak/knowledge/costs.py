"""What does a course of each way of giving it cost in a country, by who pays? (`costs/*.yaml`)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from daybreak.clinical.clinic import cost
from daybreak.clinical.clinic.cost import Price, Range, Rule, Visits
from daybreak.knowledge.store import loaded


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole course: `allowed`, what an insurance allows in all, or what the patient pays (`own`). `share` is its fact."""

    route: Mapping[str, Any]
    visits: Visits
    allowed: Range | None
    own: Range | None
    share: Mapping[str, Any] | None


def country(code: str) -> Mapping[str, Any]:
    """All that is known of one. KeyError: nobody wrote it down."""
    found: Mapping[str, Any] = loaded("costs")[code.lower()]
    return found


def rule(known: Mapping[str, Any]) -> Rule:
    """When a range is said."""
    return Rule(sources=known["headline"]["sources"], months=known["headline"]["months"])


def supervised(known: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The ways in which somebody is there. What is used alone at home is never among them."""
    return [one for one in known["routes"] if one["supervised"]]


def visits(route: Mapping[str, Any]) -> Visits | None:
    """How many a course of it has, where a source says so."""
    return cost.together([Visits(one["least"], one["most"]) for one in route["phases"]])


def sums(known: Mapping[str, Any], coverage: str, *, on: date) -> Iterator[Sum]:
    """What is known on a day of the course of each supervised way for whoever has this coverage."""
    for route in supervised(known):
        many = visits(route)
        if many is None:
            continue
        allowed, own = (_each(known, route["id"], coverage, pays, on=on) for pays in ("insurer", "patient"))
        share = _share(known, route["id"], coverage, on=on)
        allowed, own = (cost.course(each, many) if each else None for each in (allowed, own))
        if allowed and share:
            own = cost.share(
                allowed,
                percent=Decimal(share["percent"]),
                yearly=Decimal(share["yearly"]),
                years_most=share["years_most"],
            )
        yield Sum(route, many, allowed, own, share if allowed else None)


def _each(known: Mapping[str, Any], route: str, coverage: str, pays: str, *, on: date) -> Range | None:
    found = [
        Price(
            one["source"]["id"],
            date.fromisoformat(one["dated"]) if "dated" in one else None,
            Decimal(one["low"]),
            Decimal(one["high"]),
        )
        for one in known["prices"]
        if (one["route"], one["coverage"], one["pays"], one["per"]) == (route, coverage, pays, "visit")
    ]
    return cost.per_visit(found, rule=rule(known), on=on)


def _share(known: Mapping[str, Any], route: str, coverage: str, *, on: date) -> Mapping[str, Any] | None:
    for one in known["shares"]:
        told = [one["source"]["id"], *(more["source"]["id"] for more in one["also"])]
        if (one["route"], one["coverage"]) == (route, coverage):
            sure = cost.fresh(date.fromisoformat(one["dated"]), rule=rule(known), on=on)
            return one if sure and cost.enough(told, rule=rule(known)) else None
    return None
