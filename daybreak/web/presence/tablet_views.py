"""The pages of a tablet that was handed to a patient, and those on which staff hand it over and take it back."""

from __future__ import annotations

import time
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids
from daybreak.web.access import everyone, needs, on_the_tablet
from daybreak.web.audit import queries as audit
from daybreak.web.audit import telling as audit_telling
from daybreak.web.audit import trail
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import queries, reading, telling
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import Permission
from daybreak.web.people.views import set_language_cookie
from daybreak.web.posted import is_id, key
from daybreak.web.presence import handover, passkeys, pins
from daybreak.web.presence.models import Handover, Pin
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused
from daybreak.web.words import word

FORGET = '"cache"'  # the browser's own copies: "back" shows nothing of what was there before


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Say what will be seen, then hand the tablet over."""
    patient = queries.patient_or_404(request.person, patient_id, request.received_at)
    problems, status = [], 200
    if request.method == "POST":
        try:
            row = handover.hand(
                patient, purpose=handover.OWN_RECORD, by=request.person, at=request.received_at, key=key(request)
            )
            request.session["handed"] = str(row.id)
            return _fresh("/tablet/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("hand_over", who=request.person.id, at=request.received_at, subject=patient.id)
    shown = {
        "name": _name(patient),
        "patient_id": patient.id,
        "key": ids.new(),
        "has_pin": Pin.objects.filter(person=request.person).exists(),
        "problems": problems,
    }
    return render(request, "presence/hand.html", shown, status=status)


@on_the_tablet(handover.OWN_RECORD)
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """For whom the tablet is, and what can be looked at."""
    _read(request, "tablet")
    return render(request, "presence/tablet.html", {"name": _name(request.handed.patient)})


@on_the_tablet(handover.OWN_RECORD)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """What the clinic has written down about the patient, the newest first."""
    patient, language = request.handed.patient, get_language()
    rows = list(queries.entries(patient))
    replaced = {row.replaces_id for row in rows}
    counting = [
        row for row in rows if row.id not in replaced and not hasattr(row, "withdrawal") and row.kind != Kind.PROBLEM
    ]
    counting.sort(key=lambda row: (str(row.happened or ""), row.id), reverse=True)
    closed = _closed(request)
    told = [telling.told(row, language) for row in counting if row.id not in closed]
    _read(request, "tablet_entries")
    return render(request, "presence/tablet_entries.html", {"entries": told, "more": len(told) < len(counting)})


def _closed(request: HttpRequest) -> dict[UUID, str]:
    """What whoever handed the tablet over may not read either: nobody reads it by handing it to themselves."""
    handed, at = request.handed, request.received_at
    _, may = queries.here(handed.by, handed.patient_id, at=at)
    return hidden(handed.patient, by=handed.by, allowed=frozenset[Permission]().union(*may.values()))


@on_the_tablet(handover.OWN_RECORD)
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    """Who read the patient's record or wrote in it, the newest first."""
    language = get_language()
    before = request.GET.get("before", "")
    handed = request.handed
    site = queries.here(handed.by, handed.patient_id, at=request.received_at)[0][0].site
    timezone.activate(site.zone)
    asked = audit.Asked(subject=handed.patient_id)
    lines, more = audit.page(asked, before=UUID(before) if is_id(before) else None)
    told = audit_telling.told(lines, language, patient=word("tablet.you", language))
    _read(request, "tablet_readers")
    shown = {"lines": told, "zone": site.zone, "older": told[-1].id if more else None}
    return render(request, "presence/tablet_readers.html", shown)


@everyone("only in a browser that was handed over; asks a member of staff who they are", even_handed=True)
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Whoever handed it over takes it back, by PIN, password or passkey. A wrong try opens nothing and ends nothing."""
    handed = request.handed
    if handed is None:
        return redirect("/")
    problems, status = [], 200
    used = {"session": digest(request.session.session_key), "at": request.received_at}
    if request.method == "POST" and "end" in request.POST and pins.used_up(handed.by, **used):
        handover.take_back(handed, at=request.received_at)
        trail.happened("session_ended", who=handed.by_id, at=request.received_at)
        logout(request)
        return _fresh("/login/")
    if request.method == "POST":
        try:
            if _right(request):
                handover.take_back(handed, at=request.received_at)
                request.session.pop("handed")
                request.session["seen"] = time.time()
                return _taken_back(handed)
            raise Refused("unlock.wrong", in_field="pin")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    shown = {
        "name": handed.by.display_name,
        "has_pin": Pin.objects.filter(person=handed.by).exists(),
        "has_passkey": handed.by.passkeys.exists(),
        "used_up": pins.used_up(handed.by, **used),
        "problems": problems,
    }
    return render(request, "presence/take_back.html", shown, status=status)


def _taken_back(handed: Handover) -> HttpResponse:
    """Where staff were, in their own language again."""
    room = {handover.FORM: f"forms/{handed.about}/", handover.PAYMENT: "authorisations/"}.get(handed.purpose, "")
    ran = handed.purpose == handover.SESSION
    response = _fresh(f"/sessions/{handed.about}/cockpit/" if ran else f"/patients/{handed.patient_id}/{room}")
    set_language_cookie(response, handed.by.language)
    return response


def _right(request: HttpRequest) -> bool:
    told = {"session": digest(request.session.session_key), "at": request.received_at}
    if answer := request.POST.get("passkey"):
        return bool(passkeys.verified(answer, purpose=passkeys.UNLOCK, person=request.handed.by, **told))
    return pins.is_theirs(request.handed.by, request.POST.get("pin", ""), **told)


def _read(request: HttpRequest, what: str) -> None:
    handed = request.handed
    reading.read(what, handed.patient, who=handed.by_id, at=request.received_at, via=handover.VIA)


def _name(patient: Patient) -> str:
    details = queries.details(patient)
    return f"{details.given_names} {details.family_name}"


def _fresh(address: str) -> HttpResponse:
    response = redirect(address)
    response["Clear-Site-Data"] = FORGET
    return response
