"""The page on which somebody reads what would go to a payer, fills what is missing, and lets it leave."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.authorisation import ordered, packet_actions, packets, queries
from daybreak.web.authorisation.doses import Implausible
from daybreak.web.authorisation.packets import Packet
from daybreak.web.patients import queries as patients
from daybreak.web.patients.kinds import REPRODUCTIVE
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, known


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def packet(request: HttpRequest, patient_id: UUID, authorisation_id: UUID) -> HttpResponse:
    """Criterion by criterion, what is met and by which record; what bears a label only for who may read it."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_SCREENING
    )
    row = queries.one(patient, authorisation_id)
    if row is None or Permission.AUTHORISATIONS not in allowed:
        raise Http404
    language = known(get_language())
    sees = Permission.READ_SENSITIVE in allowed
    made: Packet | None = None
    if row.payer:
        made = packets.packet(row, language=language, with_labelled=sees, reproductive=sees, at=request.received_at)
    steps = [json.loads(one.told) for one in row.events.order_by("seq")]
    last = {name: ordered.told(steps, name) for name in (ordered.MEMBER, ordered.DOSE)}
    given = {name: typed(request, name) for name in last} if request.method == "POST" else last
    answers = {n: typed(request, f"answer-{n}") for n in range(len(made.asked) if made else 0)}
    problem = None
    if request.method == "POST":
        told: dict[str, Any] = {
            name: request.POST.get(name) == "yes" for name in ("with_labelled", "reproductive", "confirmed")
        }
        told |= {name: typed(request, name) for name in ("note", "language", "seen")}
        told["dose_is_right"] = given["dose"] == typed(request, "right_dose")
        try:
            packet_actions.send(
                row, answers=answers, **given, **told, by=request.person, at=request.received_at, key=key(request)
            )
            return redirect(f"/patients/{patient.id}/authorisations/{row.id}/")
        except Refused as refused:
            problem = refused
    shown = {
        "row": row,
        "payer": packets.title(row, language),
        "made": made,
        "facts": ordered.facts(made.order, **given, language=language) if made else [],
        "given": given,
        "ask_dose": isinstance(problem, Implausible),
        "asked": [(n, one, answers[n]) for n, one in enumerate(made.asked)] if made else [],
        "labelled": sees and made is not None and bool(made.labels - {REPRODUCTIVE}),
        "reproductive": sees and made is not None and REPRODUCTIVE in made.labels,
        "languages": list(LANGUAGES.items()),
        "told": request.POST,
        "key": ids.new() if problem is None or problem.status == 409 else request.POST.get("key"),
    }
    return show(request, patient, "authorisation/packet.html", problem=problem, **shown)
