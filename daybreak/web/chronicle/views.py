"""The page on which the record of a session is made, and from which each that was made can be opened."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.chronicle import actions
from daybreak.web.papers import queries as papers
from daybreak.web.papers.actions import ENDINGS
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import key
from daybreak.web.refusals import Refused
from daybreak.web.treatment import queries, telling
from daybreak.web.treatment.views import opened
from daybreak.web.words import LANGUAGES, known


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What was made of it, the newest first, and whether something happened since."""
    row, at = opened(request, session_id), request.received_at
    problems, status = [], 200
    if request.method == "POST":
        try:
            told = {"language": request.POST.get("language", ""), "labelled": "labelled" in request.POST}
            actions.make(row, **told, by=request.person, at=at, key=key(request))
            return redirect(f"/sessions/{row.id}/record/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    now = queries.now(row)
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    kept = [one for one in papers.open_to(request.person, row.patient_id, at=at) if _is_of(one.about, row.id)]
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "session": row,
            "head": telling.head(now, at=at, language=get_language()),
            "open": now.open,
            "papers": [
                {
                    "row": one,
                    "made": zones.minute(one.created),
                    "ending": ENDINGS[one.media_type].upper(),
                    "language": LANGUAGES[one.language],
                    "since": len(now.events) - int(one.about.split()[2]),
                }
                for one in kept
            ],
            "languages": LANGUAGES.items(),
            "language": known(get_language()),
            "sensitive": page_may(request.person, Permission.READ_SENSITIVE, at=at, site_id=row.site_id),
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "chronicle/record.html", shown, status=status)


def _is_of(about: str, session_id: UUID) -> bool:
    return about.startswith(f"session {session_id} ")
