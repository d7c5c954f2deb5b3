"""The page on which a prescriber signs the clinic's own figures for doses, and sees how many orders needed a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import dosing as knowledge
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.dosing import figures, queries, telling
from daybreak.web.dosing.figures import Typed
from daybreak.web.patients import identity as identities
from daybreak.web.patients.models import Details
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import key, site, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.treatment import deviating
from daybreak.web.words import known


@needs(Permission.ADOPT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def doses(request: HttpRequest) -> HttpResponse:
    """Of one site: each ladder with what is signed, the form, and the orders that deviate."""
    at = request.received_at
    sites = sites_of(request.person, Permission.ADOPT_PROTOCOL, at=at)
    here = site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        if str(here.id) != request.POST.get("site"):
            raise Http404
        try:
            step_up.confirm(request)
            names = ("ceiling_mg", "least_mg_per_ml", "most_mg_per_ml", "reason")
            told = Typed(*(typed(request, name) for name in names))
            about: dict[str, Any] = {"seen": uuid(request, "seen"), "by": request.person, "at": at}
            figures.sign(here, request.POST.get("ladder", ""), told, key=key(request), **about)
            return redirect(f"/clinic/doses/?site={here.id}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    shown = {"sites": sites, "site": here, "problems": problems, "step_up": step_up.needed(request)}
    shown |= {"ladders": _ladders(request, here), **_deviations(request, here), **_sessions(request, here)}
    return render(request, "dosing/doses.html", shown, status=status)


def _ladders(request: HttpRequest, here: Site) -> list[dict[str, Any]]:
    """Those for which a clinic may sign something; with what was typed when it could not be taken."""
    lang, signed = known(get_language()), figures.newest(here.id)
    found = []
    for id, one in knowledge.ladders().items():
        ceiling, strength = figures.may_be_signed(one)
        if ceiling or strength:
            row = signed.get(id)
            kept = (
                {name: getattr(row, name) for name in ("ceiling_mg", "least_mg_per_ml", "most_mg_per_ml")}
                if row
                else {}
            )
            found.append(
                {
                    "id": id,
                    "title": knowledge.title(id, lang),
                    "row": row,
                    "on": zones.day(row.created, here.zone).isoformat() if row else "",
                    "needed": bool(one.signs) and row is None,
                    "ceiling": ceiling,
                    "strength": strength,
                    "typed": request.POST if request.POST.get("ladder") == id else kept,
                    "key": ids.new(),
                }
            )
    return found


def _sessions(request: HttpRequest, here: Site) -> dict[str, Any]:
    """What was done in its sessions without a gate; every patient whose session was counted was read."""
    at, lang = request.received_at, known(get_language())
    found = deviating.deviating(here.id, at=at)
    patients = {now.session.patient_id for now, _ in found.sessions}
    trail.read_each("doses", sorted(patients), who=request.person.id, at=at)
    with timezone.override(ZoneInfo(here.zone)):
        lines = deviating.listed(found, lang)
    return {"lines": lines, "counted": deviating.counted(lines), "deviating": len(found.sessions), "given": found.of}


def _deviations(request: HttpRequest, here: Site) -> dict[str, Any]:
    """How many orders needed a reason, of how many, and each of them; every patient on the list was read."""
    rows, every = queries.deviations(here.id)
    patients: set[UUID] = {one.patient_id for one in rows}
    details = Details.objects.filter(patient__in=patients, replaced_by__isnull=True)
    names = {one.patient_id: identities.of(one).name for one in details}
    trail.read("doses", who=request.person.id, at=request.received_at, site=here.id)
    trail.read_each("doses", sorted(patients), who=request.person.id, at=request.received_at)
    lang = known(get_language())
    told = [telling.order(one, lang) | {"patient": one.patient_id, "name": names[one.patient_id]} for one in rows]
    return {"deviations": told, "orders": every}
