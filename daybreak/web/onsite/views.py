"""The page on which one says that one is at a site and until when, and on which days are planned."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.onsite import actions, queries, telling
from daybreak.web.onsite.cover import uncovered_now
from daybreak.web.onsite.models import Planned, Stay
from daybreak.web.people.models import Person, Room, Site
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.people.queries import all_in_force
from daybreak.web.posted import clock, key, uuid
from daybreak.web.refusals import Refused


@needs(Permission.SEE_TASKS)
@require_http_methods(["GET", "POST"])
def onsite(request: HttpRequest) -> HttpResponse:
    """One site: oneself, who is there now, and who is planned for a day."""
    at = request.received_at
    sites = sites_of(request.person, Permission.SEE_TASKS, at=at)
    site = posted.site(request, sites)
    today = zones.day(at, site.zone)
    day = _day(posted.asked(request, "day"), today)
    may_plan = page_may(request.person, Permission.CALLING_ORDER, at=at, site_id=site.id)
    problems, status = [], 200
    if request.method == "POST":
        try:
            if posted.asked(request, "site") != str(site.id):
                raise Refused("people.no_site_chosen")
            _act(request, site, day)
            return redirect(f"/onsite/?site={site.id}&day={day.isoformat()}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("onsite", who=request.person.id, at=at, site=site.id)
    with timezone.override(ZoneInfo(site.zone)):
        shown = {
            "sites": sites,
            "site": site,
            "day": day,
            "today": today,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "rooms": list(Room.objects.filter(site=site, closed__isnull=True).order_by("name")),
            "key": ids.new(),
            "typed": request.POST,
            "problems": problems,
            **_mine(request, site, today),
            **_others(request, site, day, may_plan=may_plan),
        }
        return render(request, "onsite/onsite.html", shown, status=status)


def _mine(request: HttpRequest, site: Site, today: date) -> dict[str, Any]:
    """Oneself: where, until when, and what would be without a prescriber if one left."""
    at, me = request.received_at, request.person
    last = queries.last_stay(me)
    there = last if last and last.there else None
    here = there if there and there.site_id == site.id else None
    losing = []
    if here:
        still = {one.booking.id for one in uncovered_now(site, at)}
        losing = [one for one in uncovered_now(site, at, without=me) if one.booking.id not in still]
    return {
        "here": here,
        "until": zones.clock(here.until) if here and here.until else "",
        "over": bool(here and here.until and here.until <= at),
        "elsewhere": there.site.name if there and not here else "",
        "until_field": request.POST.get("until") or _until(here, site, me, today, at),
        "room": request.POST.get("room") or (str(here.room_id) if here and here.room_id else ""),
        "seen": (last.seq if last else 0) + 1,
        "losing": [telling.hour(max(one.starts, at)) for one in losing],
    }


def _until(here: Stay | None, site: Site, me: Person, today: date, at: datetime) -> str:
    """What the field proposes: what was said, else what is planned, else nothing."""
    if here and here.until and here.until > at:
        return telling.hour(here.until)
    return next(
        (
            telling.hour(one.ends)
            for one in queries.planned(site, today, at=at)
            if one.person.pk == me.pk and one.ends > at
        ),
        "",
    )


def _others(request: HttpRequest, site: Site, day: date, *, may_plan: bool) -> dict[str, Any]:
    at, language = request.received_at, get_language()
    people: dict[Any, Person] = {}
    for grant in all_in_force(at=at) if may_plan else ():
        if grant.site_id == site.id:
            people.setdefault(grant.person_id, grant.person)
    return {
        "there": [telling.here(one, language) for one in queries.said_here(site, at)],
        "plans": [telling.plan(one, language) | {"key": ids.new()} for one in queries.planned(site, day, at=at)],
        "may_plan": may_plan,
        "people": list(people.values()),
        "planned_so_far": Planned.objects.filter(site=site, day=day).count() if may_plan else 0,
    }


def _act(request: HttpRequest, site: Site, day: date) -> None:
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    do, seen = request.POST.get("do", ""), _number(request.POST.get("seen", ""))
    if do in ("plan", "unplan"):
        person = Person.objects.filter(pk=uuid(request, "person")).first()
        if person is None:
            raise Refused("rota.nobody_chosen", in_field="person")
        hours = _hours(request, site, day) if do == "plan" else None
        actions.plan(site, person, day, hours=hours, seen=seen, **about)
    elif do == "leave":
        actions.leave(seen=seen, **about)
    else:
        room = Room.objects.filter(pk=uuid(request, "room"), site=site).first()
        until = _next(clock(request, "until"), request.received_at, site)
        actions.be_here(site, room=room, until=until, seen=seen, **about)


def _hours(request: HttpRequest, site: Site, day: date) -> tuple[datetime, datetime]:
    begins = zones.meant(f"{day}T{clock(request, 'begins'):%H:%M}", site.zone)
    return begins, _next(clock(request, "ends"), begins, site)


def _next(clock: time, after: datetime, site: Site) -> datetime:
    """The next time after a moment at which the site's clock shows that."""
    day = zones.day(after, site.zone)
    found = zones.meant(f"{day}T{clock:%H:%M}", site.zone)
    return found if found > after else zones.meant(f"{day + timedelta(days=1)}T{clock:%H:%M}", site.zone)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len("1000000")):
        raise BadRequest("the form has no version")
    return int(text)


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today
