"""The patient's own panel: three large buttons on a tablet that is theirs for this session and nothing else."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.access import needs, on_the_tablet
from daybreak.web.audit import trail
from daybreak.web.cockpit.views import session_of
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.presence import handover
from daybreak.web.refusals import Refused
from daybreak.web.treatment import calls, queries
from daybreak.web.treatment.models import Session
from daybreak.web.words import known

BREATHE = "breathe"


@needs(Permission.RUN_SESSIONS)
@require_POST
def hand(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """This tablet is the patient's from now on, for this session alone, until staff take it back."""
    session = session_of(request, session_id)
    about = {"purpose": handover.SESSION, "about": session.id}
    row = handover.hand(session.patient, **about, by=request.person, at=request.received_at, key=key(request))
    request.session["handed"] = str(row.id)
    response = redirect(row.front)
    response["Clear-Site-Data"] = '"cache"'
    return response


@on_the_tablet(handover.SESSION, sent_late=True, stays=True)
@require_http_methods(["GET", "POST"])
def panel(request: HttpRequest) -> HttpResponse:
    """Come, breathe with me, too loud. What was tapped is said back with its time; who comes is promised by nobody."""
    session = Session.objects.select_related("patient", "site").get(pk=request.handed.about)
    at, language = request.received_at, known(get_language())
    problems, status = [], 200
    trail.go_by(handover.VIA)
    if request.method == "POST":
        try:
            what = typed(request, "what")
            calls.call(session, what, at=at, key=key(request), via=handover.VIA)
            return redirect(f"/tablet/session/?did={what}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    now = queries.now(session)
    last = next((one for one in reversed(now.events) if one.what == "called"), None)
    did = sessions.calls().get(request.GET.get("did", ""))
    shown = {
        "calls": [(id, one["title"][language]) for id, one in sessions.calls().items()] if now.open else [],
        "did": did["title"][language] if did and last else "",
        "when": f"{last.happened.astimezone(ZoneInfo(session.site.zone)):%H:%M}" if last else "",
        "breathe": request.GET.get("did") == BREATHE,
        "key": ids.new(),
        "theme": "night",
        "problems": problems,
    }
    return render(request, "cockpit/panel.html", shown, status=status)
