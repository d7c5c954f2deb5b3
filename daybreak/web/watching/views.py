"""The heartbeat that a page listens for, and the page on which somebody tests whether an alarm is heard."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybreak.web import ids, posted, zones
from daybreak.web.access import everyone, needs
from daybreak.web.audit import trail
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.presence import places
from daybreak.web.refusals import Refused
from daybreak.web.watching import beats, listening, sounds
from daybreak.web.watching.models import PLACES
from daybreak.web.words import word

MONITORING, SILENT = "monitoring\n", "silent\n"


@everyone("says one word and nothing about anybody; a page hears it also while it is locked", even_handed=True)
@require_safe
def beat(request: HttpRequest) -> HttpResponse:
    """Does the clock look after treatments? Without this word for some seconds a page says that nobody is monitoring."""
    return HttpResponse(MONITORING if beats.beating(at=datetime.now(UTC)) else SILENT, content_type="text/plain")


@needs(Permission.SEE_CALENDAR, stays=True, no_pin=True)
@require_POST
def hears(request: HttpRequest) -> HttpResponse:
    """The page of today says that it would sound an alarm of its site at this moment, also while the browser is locked."""
    sites = sites_of(request.viewer, Permission.SEE_CALENDAR, at=request.received_at)
    return hears_at(request, posted.site(request, sites))


def hears_at(request: HttpRequest, site: Site) -> HttpResponse:
    """It counts from a device that somebody heard today, in a loud place, and whose browser lets the sound out."""
    loud = sounds.loud(site, places.device(request), at=request.received_at)
    if not loud or posted.typed(request, "state") != sounds.RUNNING:
        return HttpResponse(word("watching.not_loud", get_language()), status=409, content_type="text/plain")
    listening.heard(site, at=datetime.now(UTC))
    return HttpResponse(status=204)


@needs(Permission.SEE_TASKS)
@require_http_methods(["GET", "POST"])
def sound(request: HttpRequest) -> HttpResponse:
    """Let this device sound, and say whether it was heard; and what was heard at the site today."""
    at = request.received_at
    sites = sites_of(request.person, Permission.SEE_TASKS, at=at)
    site = posted.site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        try:
            told = {"heard": posted.typed(request, "heard") == "yes", "state": posted.typed(request, "state")}
            about = {"device": places.device(request), "by": request.person, "at": at, "key": posted.key(request)}
            sounds.tested(site, posted.typed(request, "place"), **told, **about)
            return redirect(f"/sound/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("sound_tests", who=request.person.id, at=at, site=site.id)
    begins = zones.midnight(zones.day(at, site.zone), site.zone)
    with timezone.override(ZoneInfo(site.zone)):
        shown = {
            "sites": sites,
            "site": site,
            "places": [(id, word(said, get_language())) for id, said in PLACES.items()],
            "place": posted.typed(request, "place"),
            "tests": [(one, word(PLACES[one.place], get_language())) for one in sounds.since(site.id, begins)],
            "problems": problems,
            "key": ids.new(),
        }
        return render(request, "watching/sound.html", shown, status=status)
