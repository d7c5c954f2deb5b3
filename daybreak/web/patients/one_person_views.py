"""The page on which two records are compared, said to be of one person, looked at a second time, and taken apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import identity as identities
from daybreak.web.patients import one_person, queries, telling, timeline
from daybreak.web.patients.models import Details, Patient, SamePerson
from daybreak.web.patients.search import look_alikes
from daybreak.web.patients.views import details_rows, show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import is_id, key, typed
from daybreak.web.refusals import Refused


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def same_person(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """`do` is compare, claim (the first look), second, or part."""
    at, me = request.received_at, request.person
    patient = queries.patient_or_404(me, patient_id, at, permission=Permission.WRITE_PATIENTS)
    said = one_person.claims(patient)
    queries.know_together(patient, said)
    every = [one for one in said if _other(request, one, patient)]
    shown: dict[str, Any] = {"key": ids.new(), "reason": typed(request, "reason")}
    problem = None
    chosen = next((one for one in every if not hasattr(one, "second_look")), None)
    other = _other(request, chosen, patient) if chosen else None
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do in ("compare", "claim"):
            other = _theirs(request, request.POST.get("other", ""))
        if do != "compare":
            shown["key"] = key(request)
            told = {"by": me, "at": at, "key": shown["key"]}
            try:
                if do == "claim" and other is not None:
                    one_person.claim(patient, other, reason=shown["reason"], **told)
                else:
                    claim = next((one for one in every if str(one.id) == request.POST.get("claim")), None)
                    if claim is None:
                        raise Http404
                    if do == "second":
                        one_person.second(claim, **told)
                    else:
                        one_person.part(claim, reason=shown["reason"], **told)
                return redirect(f"/patients/{patient.id}/same-person/")
            except Refused as refused:
                problem, shown["key"] = refused, ids.new()
    about = queries.details(patient)
    alike = _alike(request, patient, about, every)
    shown |= {"claims": [_claim(request, one, patient) for one in every], "candidates": alike}
    if other is not None:
        shown |= {"other": other.id, "pending": chosen is not None and other.id in (chosen.patient_id, chosen.other_id)}
        shown["compared"] = _compared(patient, other)
        shown["sides"] = [_side(request, one) for one in (patient, other)]
        trail.read("patient", who=me.id, at=at, object_id=other.id, subject=other.id)
    return show(request, patient, "patients/one_person.html", problem=problem, about=about, **shown)


def _theirs(request: HttpRequest, id: str) -> Patient:
    if not is_id(id):
        raise Http404
    at = request.received_at
    return queries.patient_or_404(request.person, UUID(id), at, permission=Permission.WRITE_PATIENTS)


def _other(request: HttpRequest, claim: SamePerson, patient: Patient) -> Patient | None:
    """The other record of the claim; None when the reader does not reach it."""
    id = claim.other_id if claim.patient_id == patient.id else claim.patient_id
    return queries.patient_for(request.person, id, request.received_at, permission=Permission.WRITE_PATIENTS)


def _claim(request: HttpRequest, claim: SamePerson, patient: Patient) -> dict[str, Any]:
    other = claim.other if claim.patient_id == patient.id else claim.patient
    look = getattr(claim, "second_look", None)
    about = queries.details(other)
    return {
        "id": claim.id,
        "other": other.id,
        "name": identities.of(about).name,
        "birth": about.birth,
        "reason": claim.reason,
        "by": claim.by.display_name,
        "on": telling.minute(claim.created),
        "second": look and look.by.display_name,
        "second_on": look and telling.minute(look.created),
        "mine": claim.by_id == request.person.id,
    }


def _alike(request: HttpRequest, patient: Patient, about: Details, every: list[SamePerson]) -> list[Any]:
    places = queries.page_sites(request.person, Permission.WRITE_PATIENTS, at=request.received_at)
    known = {patient.id} | {id for one in every for id in (one.patient_id, one.other_id)}
    found = look_alikes(places, identities.of(about))
    return [one for one in found if one.details.patient_id not in known]


def _compared(patient: Patient, other: Patient) -> list[dict[str, Any]]:
    """Each field of who they are, in both records; where both say something else it is a conflict."""
    both = zip(details_rows(queries.details(patient)), details_rows(queries.details(other)), strict=True)
    return [
        {"label": label, "ours": ours, "theirs": theirs, "conflict": bool(ours and theirs and ours != theirs)}
        for (label, ours), (_, theirs) in both
    ]


def _side(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The newest entries of one record alone, as the reader may read them, with their origin."""
    _, allowed, _ = queries.opened(
        request.person, patient.id, request.received_at, permission=Permission.WRITE_PATIENTS
    )
    closed = hidden(patient, by=request.person, allowed=allowed)
    rows = [row for row in timeline.page(patient).rows if row.patient_id == patient.id]
    return {
        "name": identities.of(queries.details(patient)).name,
        "entries": [telling.told(row, get_language(), hidden=closed) for row in rows],
    }
