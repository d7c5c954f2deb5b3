"""The week of each site: who is called when, who said so themselves, and where the gaps of the next days are."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, sites_of, who_may
from daybreak.web.posted import clock, day, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.rota import actions
from daybreak.web.rota.burden import burden
from daybreak.web.rota.cover import A_MOMENT, Cover, Stretch, cover, last_time
from daybreak.web.rota.models import LEVELS, Shift
from daybreak.web.tasks.models import Named
from daybreak.web.words import word

WEEKDAYS = (
    *("rota.monday", "rota.tuesday", "rota.wednesday", "rota.thursday", "rota.friday"),
    *("rota.saturday", "rota.sunday"),
)


@needs(Permission.SEE_TASKS)
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest) -> HttpResponse:
    """Of each site where the reader sees tasks; whoever lays down who is called adds and ends shifts."""
    person, at = request.person, request.received_at
    sites = sites_of(person, Permission.SEE_TASKS, at=at)
    problems, status = [], 200
    if request.method == "POST":
        try:
            ACTS.get(request.POST.get("do", ""), _nothing)(request, sites)
            return redirect("/rota/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    laid = cover(sites, since=at, until=at + span("rota-shown"))
    may_order = {site.id for site in sites_of(person, Permission.CALLING_ORDER, at=at)}
    people = who_may(Permission.READ_PATIENTS, may_order, at=at)
    called = burden(sites, at=at)
    trail.read("rota", who=person.id, at=at)
    shown = {
        "sites": [
            {**_site(site, laid[site.id], request, people.get(site.id)), "burden": called[site.id]} for site in sites
        ],
        "weekdays": [(n, word(id, get_language())) for n, id in enumerate(WEEKDAYS)],
        "levels": LEVELS,
        "key": ids.new(),
        "problems": problems,
    }
    return render(request, "rota/week.html", shown, status=status)


def _site(site: Site, laid: Cover, request: HttpRequest, people: list[Person] | None) -> dict[str, Any]:
    at, language = request.received_at, get_language()
    again = request.POST if request.POST.get("site") == str(site.id) else {}
    with timezone.override(ZoneInfo(site.zone)):
        ahead = [_stretch(one) for one in laid.stretches(at, at + span("rota-shown"))]
        orders = [_named(one, request) for order in laid.counting for one in order.named.all()]
    return {
        "site": site,
        "now": ahead[0],
        "ahead": ahead,
        "gaps": [one for one in ahead if one["gap"]],
        "shown": span("rota-shown").days,
        "last_day": _last_day(laid.last_day(zones.day(at, site.zone)), language),
        "days": [
            (word(WEEKDAYS[n], language), [_shift(one, request, may=people is not None) for one in those])
            for n in range(7)
            if (those := sorted((one for one in laid.shifts if one.weekday == n), key=lambda one: one.begins))
        ],
        "exceptions": [one for one in orders if one["mine"]],
        "people": people,
        "told": {
            "weekday": again.get("weekday", ""),
            "person": again.get("person", ""),
            "begins": again.get("begins", ""),
            "ends": again.get("ends", ""),
            "level": again.get("level", ""),
            "first": again.get("first", str(zones.day(at, site.zone))),
        },
        "today": zones.day(at, site.zone),
    }


def _last_day(day: date | None, language: str) -> str:
    """Until when somebody has said that they are there."""
    if day is None:
        return word("rota.no_day", language)
    return word("rota.no_last_day", language) if day == date.max else word("rota.last_day", language, day=day)


def _counts(last: date, language: str) -> str:
    """Until when one's own word counts, where an end is laid down."""
    return "" if last == date.max else word("rota.counts_until", language, day=last)


def _stretch(one: Stretch) -> dict[str, Any]:
    return {
        "begins": zones.minute(one.begins),
        "ends": zones.minute(one.ends),
        "turns": [(turn.person.display_name, turn.confirmed) for turn in one.turns],
        "gap": one.gap,
    }


def _shift(one: Shift, request: HttpRequest, *, may: bool) -> dict[str, Any]:
    last = one.ending.last if hasattr(one, "ending") else None
    return {
        "row": one,
        "begins": f"{one.begins:%H:%M}",
        "ends": f"{one.ends:%H:%M}",
        "later": one.first if one.first > zones.day(request.received_at, one.site.zone) else None,
        "last": last,
        "there": one.there,
        "mine": one.person_id == request.person.pk,
        "counts": _counts(last_time(one), get_language()),
        "may_end": may and last is None,
        "key": ids.new(),
    }


def _named(one: Named, request: HttpRequest) -> dict[str, Any]:
    order = one.order
    return {
        "row": one,
        "begins": zones.minute(order.starts),
        "ends": zones.minute(order.ends) if order.ends else word("rota.no_end", get_language()),
        "there": one.there,
        "mine": one.person_id == request.person.pk,
        "counts": _counts(
            zones.day(order.ends - A_MOMENT, order.site.zone) if order.ends else date.max, get_language()
        ),
        "key": ids.new(),
    }


def _add(request: HttpRequest, sites: list[Site]) -> None:
    site = next((one for one in sites if one.id == uuid(request, "site")), None)
    if site is None:
        raise Refused("people.no_site_chosen")
    person = Person.objects.filter(pk=uuid(request, "person")).first()
    if person is None:
        raise Refused("rota.nobody_chosen", in_field="person")
    actions.add_shift(
        site,
        person,
        weekday=_number(request, "weekday"),
        begins=clock(request, "begins"),
        ends=clock(request, "ends"),
        level=_number(request, "level"),
        first=_day(request, "first", site),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _end(request: HttpRequest, sites: list[Site]) -> None:
    shift = _shift_of(request, sites)
    last = _day(request, "last", shift.site)
    actions.end_shift(shift, last=last, by=request.person, at=request.received_at, key=key(request))


def _say(request: HttpRequest, sites: list[Site]) -> None:
    about: Shift | Named
    if uuid(request, "shift"):
        about = _shift_of(request, sites)
    else:
        found = Named.objects.filter(pk=uuid(request, "named"), order__site__in=sites).first()
        if found is None:
            raise Refused("error.bad_request")
        about = found
    there = request.POST.get("there") == "yes"
    actions.say(about, there=there, by=request.person, at=request.received_at, key=key(request))


def _nothing(request: HttpRequest, sites: list[Site]) -> None:
    raise Refused("error.bad_request")


ACTS = {"add": _add, "end": _end, "say": _say}


def _shift_of(request: HttpRequest, sites: list[Site]) -> Shift:
    found = Shift.objects.filter(pk=uuid(request, "shift"), site__in=sites).select_related("site").first()
    if found is None:
        raise Refused("error.bad_request")
    return found


def _number(request: HttpRequest, name: str) -> int:
    text = typed(request, name)
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise Refused("rota.choose", what=word(f"rota.{name}", get_language()))
    return int(text)


def _day(request: HttpRequest, name: str, site: Site) -> date:
    return day(request, name) or zones.day(request.received_at, site.zone)
