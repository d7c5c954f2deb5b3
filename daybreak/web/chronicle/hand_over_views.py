"""The page that goes with a patient in an emergency: to read, to print, and to keep as a file."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.chronicle import hand_over as handed
from daybreak.web.chronicle.found import papers
from daybreak.web.cockpit.views import session_of
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key
from daybreak.web.refusals import Refused
from daybreak.web.treatment import emergencies, queries
from daybreak.web.words import LANGUAGES, known


@needs(Permission.RUN_SESSIONS, stays=True)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """It stays on the screen when the browser is locked, as the session does; keeping it then asks for the PIN."""
    row, at, language = session_of(request, session_id), request.received_at, known(get_language())
    problems, status = [], 200
    if request.method == "POST":
        try:
            handed.give(row, language=language, by=request.person, at=at, key=key(request))
            return redirect(f"/sessions/{row.id}/hand-over/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    now = queries.now(row)
    if request.locked and not now.open:
        raise Http404
    reading.read("session_hand_over", row.patient, who=request.viewer.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "session": row,
            "parts": handed.parts(now, at=at, language=language),
            "open": now.open,
            "locked": bool(request.locked),
            "unnamed": emergencies.unnamed(now) if now.open and not request.locked else None,
            "papers": [
                {"row": one, "made": zones.minute(one.created), "ending": "PDF", "language": LANGUAGES[one.language]}
                for one in papers(row, handed.KIND)
            ],
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "chronicle/hand_over.html", shown, status=status)
