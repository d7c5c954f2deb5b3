"""The page behind a reminder: when the patient comes, what to do before, and how they get home."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.schedules import before
from daybreak.web import ids, zones
from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.courses import actions, plans, rides
from daybreak.web.courses.models import Booking, Visit, WayHome, What
from daybreak.web.courses.reminders import likely
from daybreak.web.courses.state import Standing, standing
from daybreak.web.courses.telling import HOME, choices
from daybreak.web.links.models import VISIT
from daybreak.web.links.views import held, no_longer
from daybreak.web.posted import key, typed
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word

NO_BREAK = "\N{NO-BREAK SPACE}"  # a number stays on one line


@by_link(VISIT)
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """For the patient. It names nobody, and says what to do in the words of the protocol that the course is under."""
    link = held(request, VISIT)
    booking = link and Booking.objects.select_related("site", "course", "patient").filter(pk=link.subject).first()
    if booking is None:
        return no_longer(request, VISIT)
    trail.go_by("link")
    now, language = standing(booking), get_language()
    theirs, clinics = _zones(booking)
    timezone.activate(theirs)
    ahead = now.last in (What.BOOKED, What.MOVED, What.LATE)
    certain = ahead and (booking.visit != Visit.TREATMENT or likely(now, at=request.received_at))
    refused = None
    if request.method == "POST" and ahead:
        try:
            told = {"name": typed(request, "name"), "phone": typed(request, "phone")}
            about = {"seen": now.next, "by": None, "at": request.received_at, "key": key(request)}
            actions.way_home(booking, request.POST.get("home", ""), **told, **about)
            return redirect("/visit/?told=1")
        except Refused as problem:
            refused = problem
    trail.read("visit", who=None, at=request.received_at, subject=booking.patient_id)
    home = now.way_home
    shown = {
        "ahead": ahead,
        "certain": certain,
        "day": zones.minute(now.starts),
        "zone": theirs.key,
        "at_the_clinic": _elsewhere(now.starts, theirs, clinics),
        "phone": booking.site.phone,
        "before": _before(booking, now, known(language)) if certain and booking.course else [],
        "homes": choices({one: said for one, said in HOME.items() if one is not WayHome.STAYS}, language),
        "rides": rides.listed(booking.site_id) if ahead else [],
        "home": dict(choices(HOME, language))[home.home] if home else "",
        "chosen": request.POST.get("home", home.home if home else ""),
        "typed": request.POST,
        "told": "told" in request.GET,
        "key": ids.new(),
        "problems": [refused.sentence(language)] if refused else [],
        "title": word("courses.your_visit", language),
    }
    return render(request, "courses/visit.html", shown, status=refused.status if refused else 200)


def _zones(booking: Booking) -> tuple[ZoneInfo, ZoneInfo]:
    """The time that the patient keeps, as far as they said, and that of the site."""
    known_to = reach.reach(booking.patient_id)
    return ZoneInfo((known_to and known_to.zone) or booking.site.zone), ZoneInfo(booking.site.zone)


def _elsewhere(at: datetime, theirs: ZoneInfo, clinics: ZoneInfo) -> str:
    """The same moment on the clock of the site; "" where both clocks show the same."""
    if at.astimezone(theirs).utcoffset() == at.astimezone(clinics).utcoffset():
        return ""
    with timezone.override(clinics):
        return zones.minute(at)


def _before(booking: Booking, now: Standing, language: str) -> list[dict[str, str]]:
    """What to do before, each with the clock time from which it holds and what to do who did otherwise."""
    assert booking.course is not None
    phase = next((one.phase for one in plans.plan(booking.course) if one.n == booking.step), None)
    clinic = booking.site.phone.replace(" ", NO_BREAK) or word("courses.the_clinic", language)
    lines = []
    for one in before(booking.course.protocol, language, phase=phase):
        line = {"words": one.words, "clock": "", "since": ""}
        if one.lead is not None:
            clock = zones.clock(now.starts - one.lead)
            line |= {"clock": clock, "since": one.since.format(clock=clock, clinic=clinic)}
        lines.append(line)
    return lines
