"""The page on the phone of whoever takes a patient home. It names neither the patient nor what was given."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment.discharge import no_driving
from daybreak.web import ids, zones
from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.chronicle import escort as escorts
from daybreak.web.chronicle.hand_out import RED
from daybreak.web.links.models import ESCORT
from daybreak.web.links.views import held, no_longer
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.treatment import context, queries
from daybreak.web.treatment.leaving_views import driving
from daybreak.web.treatment.models import Session
from daybreak.web.words import known, word


@by_link(ESCORT)
@require_http_methods(["GET", "POST"])
def escort(request: HttpRequest) -> HttpResponse:
    """Until when nobody drives, when to get help, and a line for their name."""
    link = held(request, ESCORT)
    rows = Session.objects.select_related("patient", "site", "course")
    row = link and rows.filter(pk=link.subject).first()
    if row is None:
        return no_longer(request, ESCORT)
    trail.go_by("link")
    at, language = request.received_at, known(get_language())
    problems, status = [], 200
    if request.method == "POST":
        try:
            told = {"name": typed(request, "name"), "agreed": "agreed" in request.POST}
            escorts.sign(row, **told, at=at, key=key(request))
            return redirect("/escort/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("escort", who=None, at=at, subject=row.patient_id, site=row.site_id)
    zone = ZoneInfo(row.site.zone)
    now = queries.now(row)
    done = escorts.signed(now)
    with timezone.override(zone):
        shown = {
            "driving": driving(no_driving(now.state, context.rules(row, at=at), zone), language),
            "red": [word(one, language) for one in RED],
            "phone": row.site.phone,
            "signed": zones.minute(done.at) if done else "",
            "typed": typed(request, "name") if problems else "",
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "chronicle/escort.html", shown, status=status)
