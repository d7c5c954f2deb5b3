"""The page on which a site is asked, and answers, whether its patient may be treated at another one too."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.patients import here_too, queries
from daybreak.web.patients.models import HereTooAsked
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """Who was meant and why. Whoever may answer sees their own patient beside it; the site that asks does not."""
    person, at = request.person, request.received_at
    asked = (
        HereTooAsked.objects.select_related("by", "site", "patient", "answer", "answer__by").filter(pk=asked_id).first()
    )
    if asked is None or not here_too.may_see(asked, by=person, at=at):
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            told = {"confirmed": request.POST.get("do") == "confirm", "reason": typed(request, "reason")}
            here_too.answer(asked, **told, by=person, at=at, key=key(request))
            return redirect(f"/patients/here-too/{asked.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    may_answer = here_too.may_answer(asked, by=person, at=at)
    reached = queries.patient_for(person, asked.patient_id, at, permission=Permission.FIND_PATIENTS)
    trail.read("here_too", who=person.id, at=at, object_id=asked.id, subject=asked.patient_id)
    shown = {
        "asked": asked,
        "at": zones.minute(asked.created),
        "ends": zones.minute(here_too.ends(asked)),
        "answer": getattr(asked, "answer", None),
        "waits": here_too.waits(asked, at=at),
        "may_answer": may_answer,
        "details": queries.details(asked.patient) if reached else None,
        "reason": typed(request, "reason"),
        "key": request.POST.get("key") or ids.new(),
        "problems": problems,
    }
    return render(request, "patients/here_too.html", shown, status=status)
