"""The page behind a reminder: when the patient comes, what to do before, and how they get home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.schedules import before
from daybreak.web import ids, zones
from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.courses import actions
from daybreak.web.courses.models import Booking, Visit, What
from daybreak.web.courses.reminders import likely
from daybreak.web.courses.state import standing
from daybreak.web.courses.telling import HOME, choices
from daybreak.web.links.models import VISIT
from daybreak.web.links.views import held
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import known, word


@by_link(VISIT)
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """For the patient. It names nobody, and says what to do in the words of the protocol that the course is under."""
    link = held(request, VISIT)
    booking = link and Booking.objects.select_related("site", "course", "patient").filter(pk=link.subject).first()
    if booking is None:
        return render(request, "error.html", {"sentence": "links.unusable"}, status=404)
    trail.go_by("link")
    timezone.activate(booking.site.zone)
    now, language = standing(booking), get_language()
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
        "before": before(booking.course.protocol, known(language)) if certain and booking.course else [],
        "homes": choices(HOME, language),
        "home": dict(choices(HOME, language))[home.home] if home else "",
        "chosen": request.POST.get("home", home.home if home else ""),
        "typed": request.POST,
        "told": "told" in request.GET,
        "key": ids.new(),
        "problems": [refused.sentence(language)] if refused else [],
        "title": word("courses.your_visit", language),
    }
    return render(request, "courses/visit.html", shown, status=refused.status if refused else 200)
