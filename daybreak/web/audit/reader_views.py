"""The pages that say who looked at a record: for the clinic, for the patient by a link, and the sheet with that link."""

from __future__ import annotations

from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids
from daybreak.web.access import by_link, needs
from daybreak.web.audit import readers, trail
from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import READERS
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.tokens import address
from daybreak.web.links.views import held, no_longer
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Registration
from daybreak.web.patients.register import may_at
from daybreak.web.patients.views import show
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key
from daybreak.web.refusals import Refused

WHAT = PURPOSES[READERS]


@needs(Permission.READ_ACCESS_LIST)
@require_safe
def record_readers(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who read this record, for those who answer for it."""
    patient = patients.patient_or_404(
        request.person, patient_id, request.received_at, permission=Permission.READ_ACCESS_LIST
    )
    found = readers.readers(patient.id, get_language(), before=_before(request))
    return show(request, patient, "audit/readers.html", readers=found, zone=timezone.get_current_timezone_name())


@needs(Permission.GIVE_ACCESS_LIST)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A sheet for the patient with a link to that list. It is shown once; making another one is always possible."""
    patient = patients.patient_or_404(
        request.person, patient_id, request.received_at, permission=Permission.GIVE_ACCESS_LIST
    )
    shown = {"key": ids.new(), "step_up": step_up.needed(request), "days": WHAT.lasts.days, "uses": WHAT.uses}
    if request.method == "GET":
        return show(request, patient, "audit/give.html", **shown)
    try:
        born.required(patient)
        step_up.confirm(request)
        link = links.make_once(
            purpose=READERS,
            subject=patient.id,
            organisation_id=patient.organisation_id,
            by=request.person,
            at=request.received_at,
            key=key(request),
            about=patient.id,
            site_id=may_at(patient, Permission.GIVE_ACCESS_LIST, by=request.person, at=request.received_at),
        )
    except Refused as refused:
        return show(request, patient, "audit/give.html", problem=refused, **shown)
    where = address(link)
    shown["picture"] = segno.make(where, error="m").svg_inline(
        scale=5, svgclass="code-picture", lineclass=None, omitsize=True
    )
    return show(request, patient, "audit/give.html", address=where, until=f"{link.expires:%Y-%m-%d}", **shown)


@by_link(READERS)
@require_http_methods(["GET", "POST"])
def own_readers(request: HttpRequest) -> HttpResponse:
    """For the patient: the year of birth is asked once, then the list, in plain words."""
    link = held(request, READERS)
    if link is None:
        return no_longer(request, READERS)
    if page := born.asked(request, link, title="readers.own_title"):
        return page
    trail.read("readers", who=None, at=request.received_at, subject=link.subject, site=link.site_id, via="link")
    first = Registration.objects.filter(patient=link.subject).select_related("site")
    site = link.site or first.earliest("created", "id").site
    timezone.activate(site.zone)
    found = readers.readers(link.subject, get_language(), before=_before(request))
    return render(request, "audit/own_readers.html", {"readers": found, "zone": site.zone})


def _before(request: HttpRequest) -> UUID | None:
    value = request.GET.get("before", "")
    try:
        return UUID(value) if value else None
    except ValueError:
        raise Http404 from None
