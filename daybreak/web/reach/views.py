"""The pages on which it is written down how a patient is reached, who else looks after them, and whether messages go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.outbox import actions as outbox
from daybreak.web.patients import queries as patients
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.register import Stale
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import day, key, typed, uuid
from daybreak.web.reach import actions, forms, queries, standings, telling
from daybreak.web.reach.models import BACK, PAUSES, Outsider
from daybreak.web.refusals import Refused
from daybreak.web.texting import queries as texting


@needs(Permission.FIND_PATIENTS)
@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """How the patient is reached, whom to call in an emergency, who else looks after them, and what was sent."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.FIND_PATIENTS
    )
    language = get_language()
    now = queries.reach(patient.id)
    shown: dict[str, Any] = {
        "typed": forms.of(now),
        "seen": now.id if now else "",
        "written": now and {"at": zones.minute(now.created), "by": now.by.display_name if now.by else ""},
        "key": ids.new(),
        "may_write_it": Permission.REGISTER_PATIENTS in allowed,
        "ways": telling.choices(telling.WAYS, language),
        "answers": telling.choices(telling.ANSWERS, language),
        "languages": telling.languages(),
        "zones": sorted(zones.known()),
        "outsiders": [
            {
                "row": one,
                "role": telling.ROLES[one.role],
                "told": telling.ANSWERS[one.may_tell],
            }
            for ended in (False, True)
            for one in queries.outsiders(patient.id, ended=ended)
        ],
        "texts": outbox.texts(),
        "messages": [telling.message(one, language) for one in queries.messages(patient.id)],
    }
    if Permission.READ_PATIENTS in allowed:
        shown["came"] = [telling.text(one, language) for one in texting.came(patient.id)]
    if request.method == "GET":
        return show(request, patient, "reach/reach.html", **shown)
    told = forms.reached({name: typed(request, name) for name in request.POST})
    shown |= {"typed": _fields(told), "seen": request.POST.get("seen", "")}
    try:
        actions.set_reach(
            patient, told, seen=uuid(request, "seen"), by=request.person, at=request.received_at, key=key(request)
        )
    except Stale as stale:
        shown |= {"seen": stale.now.id, "now": _lines(forms.of(stale.now))}
        return show(request, patient, "reach/reach.html", problem=stale, **shown)
    except (Refused, Wrong) as wrong:
        return show(request, patient, "reach/reach.html", problem=wrong, **shown)
    return redirect(f"/patients/{patient.id}/reach/")


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def outsider(request: HttpRequest, patient_id: UUID, outsider_id: UUID | None = None) -> HttpResponse:
    """Somebody outside who also looks after the patient: a new one, or another version of one."""
    patient = patients.patient_or_404(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    now = None
    if outsider_id is not None:
        now = Outsider.objects.filter(root=outsider_id, patient=patient, replaced_by__isnull=True).first()
        if now is None:
            raise Http404
    language = get_language()
    shown: dict[str, Any] = {
        "typed": forms.of(now),
        "seen": now.id if now else "",
        "root": outsider_id,
        "key": ids.new(),
        "roles": telling.choices(telling.ROLES, language),
        "answers": telling.choices(telling.ANSWERS, language),
        "languages": telling.languages(),
    }
    if request.method == "GET":
        return show(request, patient, "reach/outsider.html", **shown)
    told = forms.outsider({name: typed(request, name) for name in request.POST})
    shown |= {"typed": _fields(told), "seen": request.POST.get("seen", "")}
    seen = Outsider.objects.filter(pk=uuid(request, "seen"), root=outsider_id).first() if now else None
    if now and seen is None:
        raise BadRequest("the form has no version")
    try:
        actions.set_outsider(patient, told, seen=seen, by=request.person, at=request.received_at, key=key(request))
    except Stale as stale:
        shown |= {"seen": stale.now.id, "now": _lines(forms.of(stale.now))}
        return show(request, patient, "reach/outsider.html", problem=stale, **shown)
    except (Refused, Wrong) as wrong:
        return show(request, patient, "reach/outsider.html", problem=wrong, **shown)
    return redirect(f"/patients/{patient.id}/reach/")


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def standing(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The one word that ends or pauses everything that goes to the patient, and that takes it back."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.REGISTER_PATIENTS
    )
    language = get_language()
    every, now = queries.standings(patient), queries.standing(patient)
    reads = Permission.READ_PATIENTS in allowed
    shown: dict[str, Any] = {
        "now": now,
        "seen": len(every),
        "kinds": telling.standings_to_choose(language),
        "every": [
            {
                "row": one,
                "what": "reach.back"
                if one.kind == BACK
                else "reach.paused"
                if one.kind in PAUSES and not reads
                else telling.KINDS[one.kind],
                "ends": standings.ends(one.kind),
                "at": zones.minute(one.created),
                "note": one.note if reads or one.kind not in PAUSES else "",
            }
            for one in every
        ],
        "told": request.POST,
        "key": ids.new(),
    }
    if request.method == "GET":
        return show(request, patient, "reach/standing.html", **shown)
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 6):
        raise BadRequest("the form has no version")
    try:
        standings.say(
            patient,
            typed(request, "kind"),
            since=day(request, "since"),
            note=typed(request, "note"),
            seen=int(seen),
            by=request.person,
            at=request.received_at,
            key=key(request),
        )
    except Refused as refused:
        return show(request, patient, "reach/standing.html", problem=refused, **shown)
    return redirect(f"/patients/{patient.id}/standing/")


def _fields(told: Any) -> dict[str, str]:
    return {name: getattr(told, name) for name in told.__slots__}


def _lines(held: dict[str, str]) -> list[str]:
    return [value for value in held.values() if value]
