"""Which numbers stand on the crisis card, and beside a box for somebody's own words? `{% crisis_card %}`, `{% read_by … %}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.translation import get_language

from daybreak.knowledge.crisis import lines
from daybreak.knowledge.suicide import calling
from daybreak.web import zones
from daybreak.web.people.queries import organisation
from daybreak.web.words import known, word

register = template.Library()


@dataclass(frozen=True, slots=True)
class Line:
    """One number, ready to be called; `ways`: other ways to it, each with its words and where they lead."""

    number: str
    name: str
    hours: str
    ways: list[tuple[str, str]]


@register.inclusion_tag("crisis/_card.html", takes_context=True)
def crisis_card(context: Mapping[str, Any], mark: str = "crisis") -> dict[str, Any]:
    """The numbers of the organisation's country that hold today. `mark`: the id of its heading, once on a page."""
    country, found = _lines(context)
    return {"mark": mark, "country": country, "lines": found}


@register.inclusion_tag("crisis/_read_by.html", takes_context=True)
def read_by(context: Mapping[str, Any], says: str, mark: str, day: date | None = None) -> dict[str, Any]:
    """Beside a box for own words: who reads them and when (`says`, a sentence that may name the `day`), and whom to call
    instead. `mark`: the id of that sentence, for the box to be described by."""
    _, found = _lines(context)
    return {"mark": mark, "says": word(says, get_language(), day=day.isoformat() if day else ""), "lines": found}


def _lines(context: Mapping[str, Any]) -> tuple[str, list[Line]]:
    return numbers(on=zones.today(context["request"].received_at), language=known(get_language()))


def numbers(*, on: date, language: str, kind: str = "") -> tuple[str, list[Line]]:
    """The organisation's country, and the numbers there that hold on that day; of one `kind` alone: "comes" (an ambulance)."""
    tenant = organisation()
    country = tenant.country if tenant else ""
    return country, [_line(one, language) for one in lines(country, on=on) if kind in ("", one["kind"])]


def _line(line: Mapping[str, Any], language: str) -> Line:
    return Line(
        number=line["number"],
        name=line["name"][language],
        hours=line["hours"][language],
        ways=[(way["says"][language], leads_to(way)) for way in line["ways"]],
    )


def about_suicide(kind: str) -> bool:
    """Is it an observation about suicide, so that the card stands where it is asked or shown?"""
    return kind == "suicide_assessment" or kind in calling().clear


def leads_to(way: Mapping[str, Any]) -> str:
    """What happens when somebody touches it: a call, a text message, a page."""
    if "call" in way:
        return f"tel:{way['call']}"
    return f"sms:{way['text']}" if "text" in way else str(way["web"])
