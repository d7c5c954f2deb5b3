"""The page of patterns: what somebody who keeps the cupboard looks at, with the other explanations before anything else."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.clinical.treatment.diversion import Finding, Pattern
from daybreak.knowledge import cupboard as knowledge
from daybreak.web import posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cupboard import patterns
from daybreak.web.cupboard.models import Count, Entry
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.words import word

# What was seen, and what else it may be.
WORDS = {
    Pattern.WASTE: ("cupboard.pattern_waste", "cupboard.else_waste"),
    Pattern.UNWATCHED: ("cupboard.pattern_unwatched", "cupboard.else_unwatched"),
    Pattern.UNACCOUNTED: ("cupboard.pattern_unaccounted", "cupboard.else_unaccounted"),
    Pattern.SHORT: ("cupboard.pattern_short", "cupboard.else_short"),
    Pattern.UNBOOKED: ("cupboard.pattern_unbooked", "cupboard.else_unbooked"),
}
SHOWN = 20  # pieces of evidence of one finding
HUNDREDTHS = Decimal("0.01")


@needs(Permission.KEEP_CUPBOARD)
@require_safe
def looked_at(request: HttpRequest) -> HttpResponse:
    """Of one site. What is about the reader is shown to the others who keep the cupboard, and not to them."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.KEEP_CUPBOARD, at=at)
    site = posted.site(request, sites)
    found = [one for one in patterns.found(site, at=at) if one.who != str(request.person.pk)]
    people = {str(one.pk): one.display_name for one in Person.objects.filter(pk__in={one.who for one in found})}
    trail.read("cupboard_patterns", who=request.person.id, at=at, site=site.id)
    by_pattern: dict[Pattern, list[Finding]] = defaultdict(list)
    for one in found:
        by_pattern[one.pattern].append(one)
    moments = _moments(found)
    with timezone.override(ZoneInfo(site.zone)):
        shown = {
            "sites": sites,
            "site": site,
            "days": knowledge.time("patterns").days,
            "patterns": [
                {
                    "title": word(WORDS[pattern][0], language),
                    "otherwise": word(WORDS[pattern][1], language),
                    "findings": [_told(one, people, moments, language) for one in by_pattern[pattern]],
                }
                for pattern in Pattern
            ],
        }
        return render(request, "cupboard/patterns.html", shown)


def _moments(found: list[Finding]) -> dict[str, datetime]:
    """When each piece of the evidence was: a take or a count."""
    wanted = {UUID(one) for finding in found for one in finding.evidence[-SHOWN:]}
    rows = [*Entry.objects.filter(pk__in=wanted).values_list("pk", "happened")]
    rows += Count.objects.filter(pk__in=wanted).values_list("pk", "created")
    return {str(pk): when for pk, when in rows}


def _told(one: Finding, people: dict[str, str], moments: dict[str, datetime], language: str) -> dict[str, Any]:
    figures = ""
    if one.own is not None and one.others is not None:
        told = {"own": one.own.quantize(HUNDREDTHS), "others": one.others.quantize(HUNDREDTHS)}
        figures = word("cupboard.pattern_figures", language, **told)
    return {
        "who": people[one.who],
        "n": len(one.evidence),
        "figures": figures,
        "takes": one.pattern is not Pattern.SHORT,
        "evidence": [(id, zones.minute(moments[id])) for id in reversed(one.evidence[-SHOWN:])],
    }
