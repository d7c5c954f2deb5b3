"""The page that shows the day as it is now: chairs and time, who is expected, who is here, and what is free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.web import posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cockpit import floor
from daybreak.web.cockpit.floor import Tile
from daybreak.web.courses import queries, who
from daybreak.web.courses.board import HOUR, SLOT, Cell, Line, board, expected_since
from daybreak.web.courses.models import Chair, What
from daybreak.web.courses.state import Standing
from daybreak.web.courses.telling import told
from daybreak.web.onsite import queries as staff
from daybreak.web.onsite import telling
from daybreak.web.onsite.cover import uncovered
from daybreak.web.patients import identity as identities
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, page_may, sites_shown
from daybreak.web.presence import places
from daybreak.web.watching import sounds
from daybreak.web.words import word

EVERY = 60  # seconds, after which the page looks again
WORTH_SAYING = timedelta(minutes=30)  # shorter free time stays empty
STATES = {
    What.ARRIVED: "here",
    What.LATE: "late",
    What.LEFT: "left",
    What.NO_SHOW: "away",
    What.BY_PATIENT: "away",
    What.BY_CLINIC: "away",
}
COUNTED = {"here": "today.n_here", "due": "today.n_due", "ahead": "today.n_ahead", "left": "today.n_left"}


@needs(Permission.SEE_CALENDAR, stays=True)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Today at one site, in the site's own time. Behind the lock of a browser the rooms stay, and what alarms in them."""
    at, viewer = request.received_at, request.viewer
    sites = sites_shown(request.held, Permission.SEE_CALENDAR)
    site = posted.site(request, sites)
    trail.read("today", who=viewer.id, at=at, site=site.id)
    may = page_may(viewer, Permission.RUN_SESSIONS, at=at, site_id=site.id)
    loud = sounds.loud(site, places.device(request), at=at)
    with timezone.override(ZoneInfo(site.zone)):
        chairs = queries.chairs([site.id])
        shown = _rooms(site, chairs, at, may=may) | ({} if request.locked else _day(site, chairs, at))
        shown |= {"sites": sites, "site": site, "loud": loud, "hears": "/today/hears/" if loud else ""}
        return render(request, "courses/today.html", shown | {"locked": bool(request.locked)})


def _clinical(tile: Tile, may: bool) -> Tile:
    """What was measured, and the way to the session, for those who run it."""
    return tile if may else replace(tile, session=None, pressure="", pressure_age="", minor="", next="")


def _rooms(site: Site, chairs: Sequence[Chair], at: datetime, *, may: bool) -> dict[str, Any]:
    """What goes on in each chair."""
    found = floor.tiles(site.id, chairs, at=at, language=get_language())
    return {
        "tiles": [_clinical(one, may) for one in found],
        "going_on": any(one.state != floor.FREE for one in found),
        "day": zones.day(at, site.zone),
        "as_of": zones.clock(at),
        "every": EVERY,
    }


def _day(site: Site, chairs: Sequence[Chair], at: datetime) -> dict[str, Any]:
    """Who comes, who is here, and what is free."""
    language, zone = get_language(), ZoneInfo(site.zone)
    day = zones.day(at, site.zone)
    visits = queries.on(site, day)
    now = board(chairs, visits, zone=zone, at=at)
    names = {id: identities.of(row).name for id, row in who.details(visits).items()}
    shown = {
        one["id"]: one | {"name": names[one["patient"]], "state": _state(standing, at)}
        for one, standing in zip(told(visits, language, at=at), visits, strict=True)
    }
    counts = Counter(one["state"] for one in shown.values())
    there, plans = staff.staffed(site, day, at=at)
    return {
        "there": [telling.here(one, language) for one in there],
        "absent": [telling.plan(one, language) for one in telling.missing(plans, there, at=at)],
        "uncovered": [telling.hour(max(one.starts, at)) for one in uncovered(visits, there, plans, at=at)],
        "hours": [(f"{timezone.localtime(one):%H}", one <= at < one + HOUR) for one in now.hours],
        "per_hour": HOUR // SLOT,
        "lines": [_line(one, shown, at, language) for one in now.lines],
        "counts": [word(said, language, n=counts[state]) for state, said in COUNTED.items()],
    }


def _state(one: Standing, at: datetime) -> str:
    """What is to be seen from afar: ahead, due (should be here and is not), late, here, left, away."""
    if one.last == What.LATE and one.starts > at:
        return "late"
    return "due" if expected_since(one, at) else STATES.get(one.last, "ahead")


def _line(one: Line, shown: dict[Any, dict[str, Any]], at: datetime, language: str) -> dict[str, Any]:
    return {
        "room": one.chair.room.name,
        "chair": one.chair.name,
        "free": _free(one, at, language),
        "cells": [_cell(cell, shown, at, language) for cell in one.cells],
    }


def _cell(one: Cell, shown: dict[Any, dict[str, Any]], at: datetime, language: str) -> dict[str, Any]:
    since = max(one.begins, at)
    free = one.visit is None and one.ends - since >= WORTH_SAYING
    said = word("today.free", language, since=telling.hour(since), until=telling.hour(one.ends)) if free else ""
    return {
        "slots": one.slots,
        "visit": shown[one.visit.booking.id] if one.visit else None,
        "free": said,
        "freed": [shown[each.booking.id] for each in one.freed],
    }


def _free(one: Line, at: datetime, language: str) -> str:
    if one.free_from is None:
        return word("today.sits_on", language)
    if one.free_from > at:
        return word("today.free_from", language, at=telling.hour(one.free_from))
    return (
        word("today.free_until", language, at=telling.hour(one.free_until))
        if one.free_until
        else word("today.is_free", language)
    )
