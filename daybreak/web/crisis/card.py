"""Which numbers stand on the crisis card? On any page: `{% crisis_card %}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language

from daybreak.knowledge.crisis import lines
from daybreak.knowledge.suicide import calling
from daybreak.web import zones
from daybreak.web.people.queries import organisation
from daybreak.web.words import known

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
    tenant, language = organisation(), known(get_language())
    country = tenant.country if tenant else ""
    found = lines(country, on=zones.today(context["request"].received_at))
    return {"mark": mark, "country": country, "lines": [_line(one, language) for one in found]}


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
