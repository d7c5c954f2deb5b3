"""The patient's own diary behind a link, and what of it they show to whom, on a page about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.reach import within
from daybreak.web import ids, zones
from daybreak.web.access import by_link, needs
from daybreak.web.audit import trail
from daybreak.web.courses.queries import where
from daybreak.web.diary import actions, queries
from daybreak.web.diary.models import CLINICIANS, NAMED, NOBODY, Page
from daybreak.web.links import born
from daybreak.web.links.models import DIARY
from daybreak.web.links.tokens import address
from daybreak.web.links.views import forget, held, no_longer
from daybreak.web.outbox.models import Message
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.reach import posting
from daybreak.web.refusals import Refused
from daybreak.web.words import word

TO = {NOBODY: "diary.to_nobody", CLINICIANS: "diary.to_clinicians", NAMED: "diary.to_named"}


@by_link(DIARY)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """For the patient: write a page, read the earlier ones, change who reads one, and be away at once."""
    if request.POST.get("do") == "leave":  # whatever became of the link
        return forget(render(request, "forms/left.html"), DIARY)
    link = held(request, DIARY)
    if link is None:
        return no_longer(request, DIARY)
    if page := born.asked(request, link, title="links.diary"):
        return page
    trail.go_by("link")
    patient = Patient.objects.get(pk=link.subject)
    site, problem = where(patient), None
    timezone.activate(site.zone)
    if request.method == "POST":
        try:
            _do(request, patient)
            return redirect("/diary/?kept=1")
        except Refused as refused:
            problem = refused
    trail.read("own_diary", who=None, at=request.received_at, subject=patient.id, site=site.id)
    people = queries.clinicians(site, at=request.received_at)
    names = {one.pk: one.display_name for one in people}
    shown = {
        "pages": [_told(one, names) for one in queries.own(patient)],
        "kept": "kept" in request.GET and not problem,
        "people": [(one.pk, one.display_name) for one in people],
        "read": word("diary.read", get_language(), days=within("diary").days),
        "told": request.POST if problem else {},
        "key": ids.new(),
        "most": actions.LONGEST,
        "problems": [problem.sentence(get_language())] if problem else [],
    }
    return render(request, "diary/own.html", shown, status=problem.status if problem else 200)


def _do(request: HttpRequest, patient: Patient) -> None:
    about: dict[str, Any] = {"person": uuid(request, "person"), "at": request.received_at, "key": key(request)}
    to = typed(request, "to")
    if request.POST.get("do") != "show":
        actions.write(patient, typed(request, "text"), to=to, **about)
        return
    page = Page.objects.filter(pk=uuid(request, "page"), patient=patient).first()
    if page is None:
        raise Refused("diary.no_reader", in_field="to")
    actions.show(page, to, **about)


def _told(page: Any, names: dict[UUID, str]) -> dict[str, Any]:
    """`page` is one of `queries`."""
    to = word(TO[page.to], get_language())
    return {
        "id": page.id,
        "key": ids.new(),
        "at": zones.minute(page.created),
        "text": page.text,
        "to": f"{to}: {names.get(page.named, '–')}" if page.to == NAMED else to,
    }


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the patient shows of their diary to whoever reads this, and the link by which they write."""
    patient, allowed, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    shown: dict[str, Any] = {"key": ids.new(), "gives": Permission.REGISTER_PATIENTS in allowed}
    problem = None
    if request.method == "POST":
        try:
            made = actions.link(patient, by=request.person, at=request.received_at, key=key(request))
            if request.POST.get("do") == "mail":
                told = {"about": patient.id, "site": registrations[0].site, "at": request.received_at, "link": made}
                sent = Message.objects.filter(link=made).first() or posting.to_patient(patient, **told)
                shown["mailed"] = word("diary.mailed" if sent else "diary.not_mailed", get_language())
            else:
                shown["address"] = address(made)
        except Refused as refused:
            problem = refused
    names = {one.pk: one.display_name for one in [request.person]}
    shown["pages"] = [_told(one, names) for one in queries.shown_to(request.person, patients.together(patient))]
    return show(request, patient, "diary/of_patient.html", problem=problem, **shown)
