"""The page of what the patient takes home, to be printed or kept as a file in their own language."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.chronicle import escort
from daybreak.web.chronicle import hand_out as given
from daybreak.web.chronicle.found import papers
from daybreak.web.links.tokens import address
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key
from daybreak.web.refusals import Refused
from daybreak.web.treatment import queries
from daybreak.web.treatment.views import opened
from daybreak.web.words import LANGUAGES


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def hand_out(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """It is read in the language in which the patient is written to, whoever opens it."""
    row, at = opened(request, session_id), request.received_at
    problems, status, made = [], 200, None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "escort":
                made = escort.link(row, by=request.person, at=at, key=key(request))
            else:
                given.give(row, by=request.person, at=at, key=key(request))
                return redirect(f"/sessions/{row.id}/hand-out/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    reading.read("session_hand_out", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    found = given.hand_out(row, at=at)
    kept, now = papers(row, given.KIND), queries.now(row)
    said = {"driving": found.driving, "red": found.red, "day": found.day, "phone": found.phone, "site": found.site}
    with timezone.override(ZoneInfo(row.site.zone)):
        with translation.override(found.language):
            article = render_to_string("chronicle/_hand_out.html", {**said, "spoken": found.language}, request)
        shown = {
            "session": row,
            "open": now.open,
            "article": article,
            "address": address(made) if made else "",
            "until": zones.clock(made.expires) if made else "",
            "signed": escort.signed(now),
            "papers": [
                {"row": one, "made": zones.minute(one.created), "ending": "PDF", "language": LANGUAGES[one.language]}
                for one in kept
            ],
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "chronicle/hand_out.html", shown, status=status)
