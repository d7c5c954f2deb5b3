"""The page on which a record is sent to another clinic, and the one on which that clinic says that it arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import by_link, needs
from daybreak.web.audit import trail
from daybreak.web.links.models import TRANSFER
from daybreak.web.links.tokens import address
from daybreak.web.links.views import held, no_longer
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.transfer import actions, drafted, notice, queries, telling
from daybreak.web.transfer.models import Transfer
from daybreak.web.words import LANGUAGES


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What left and what arrived, the form that sends another packet, and the link for whoever gets it."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_SCREENING
    )
    problem, shown = None, {}
    if request.method == "POST":
        try:
            shown = _do(request, patient)
            if not shown:
                return redirect(f"/patients/{patient.id}/transfer/")
        except Refused as refused:
            problem = refused
    sent = queries.of(patient)
    drafts = drafted.papers(sent)
    kept = problem is not None and problem.status != 409
    shown |= {
        "sent": [{"row": one, "at": zones.minute(one.created), "drafts": drafts.get(one.id, [])} for one in sent],
        "notices": notice.says(patient, get_language()),
        "languages": list(LANGUAGES.items()),
        "sees": Permission.READ_SENSITIVE in allowed,
        "seen": request.POST.get("seen") if kept else patients.state(patient),
        "told": request.POST,
        "key": (kept and request.POST.get("key")) or ids.new(),
    }
    return show(request, patient, "transfer/transfer.html", problem=problem, **shown)


def _do(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """Send a packet, make the link of one, or write down that one arrived."""
    who: dict[str, Any] = {"by": request.person, "at": request.received_at}
    did = request.POST.get("do", "")
    if did == "send":
        seen = request.POST.get("seen", "")
        told = {name: typed(request, name) for name in ("receiver", "note", "language")}
        ticks = {name: request.POST.get(name) == "yes" for name in ("labelled", "reproductive", "agreed")}
        state = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
        actions.send(patient, **told, **ticks, seen=state, key=key(request), **who)
        return {}
    row = next((one for one in queries.of(patient) if one.id == uuid(request, "transfer")), None)
    if row is None or did not in ("link", "mail", "arrived"):
        raise Refused("error.bad_request")
    if did == "arrived":
        actions.arrived(row, name=typed(request, "name"), **who)
        return {}
    if did == "mail":
        telling.mail(row, email=typed(request, "email"), key=key(request), **who)
        return {"mailed": row.receiver}
    made = actions.link_of(row, key=key(request), **who)
    return {"address": address(made), "until": f"{made.expires:%Y-%m-%d}"}


@by_link(TRANSFER)
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """For the receiver: which clinic sent a packet on which day, and the button that says that it is here. No patient."""
    link = held(request, TRANSFER)
    row = link and Transfer.objects.select_related("site", "receipt").filter(pk=link.subject).first()
    if link is None or row is None:
        return no_longer(request, TRANSFER)
    problems, status = [], 200
    if request.method == "POST":
        try:
            actions.arrived(row, name=typed(request, "name"), by=None, at=request.received_at)
            row = Transfer.objects.select_related("site", "receipt").get(pk=row.pk)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    about = {"object_id": row.id, "subject": row.patient_id, "site": row.site_id}
    trail.read("receipt", who=None, at=request.received_at, **about, via="link")
    shown = {"row": row, "at": zones.minute(row.created), "done": hasattr(row, "receipt"), "problems": problems}
    return render(request, "transfer/receipt.html", shown, status=status)
