"""The page that says who comes on a day, where they sit, and what is missing for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.web import posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.courses import queries, who
from daybreak.web.courses.telling import told
from daybreak.web.onsite import queries as staff
from daybreak.web.onsite import telling
from daybreak.web.patients import identity as identities
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.words import word


@needs(Permission.SEE_CALENDAR)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One day of one site, by time, and how many come on the days around it."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.SEE_CALENDAR, at=at)
    site = posted.site(request, sites)
    today = zones.day(at, site.zone)
    day = _day(request.GET.get("day", ""), today)
    visits = queries.on(site, day)
    names = {id: identities.of(row).name for id, row in who.details(visits).items()}
    trail.read("calendar", who=request.person.id, at=at, site=site.id)
    monday = day - timedelta(days=day.weekday())
    weekdays = word("courses.weekdays", language).split(" ")
    shown: dict[str, Any] = {
        "sites": sites,
        "site": site,
        "day": day,
        "is_today": day == today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "today": today,
        "week": [(monday + timedelta(days=n), name) for n, name in enumerate(weekdays)],
        "visits": [one | {"name": names[one["patient"]]} for one in told(visits, language, at=at)],
        "chairs": bool(visits) or bool(queries.chairs([site.id])),
        "plans": [telling.plan(one, language) for one in staff.planned(site, day, at=at)],
    }
    return render(request, "courses/calendar.html", shown)


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if date.min.year < found.year < date.max.year else today  # the days around it have to exist
