"""The audit trail as an administrator reads it and takes it along: without clinical content, without patients' names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web.access import needs
from daybreak.web.audit import export, queries, telling, trail
from daybreak.web.audit.queries import Asked
from daybreak.web.patients.models import Registration
from daybreak.web.people import step_up
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.people.queries import people
from daybreak.web.posted import day, typed, uuid
from daybreak.web.refusals import Refused

NOBODY = "nobody"
FILES = {"ndjson": (export.ndjson, "application/x-ndjson"), "csv": (export.table, "text/csv; charset=utf-8")}


@needs(Permission.READ_AUDIT)
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The newest lines, or those that fit. What is looked for is sent by POST: it stands in no address and no history."""
    sites = sites_of(request.person, Permission.READ_AUDIT, at=request.received_at)
    places = _places(sites)
    problems, status, asked = [], 200, Asked(places=places)
    try:
        asked = replace(_asked(request, sites), places=places)
        if request.POST.get("do") in FILES:
            return _file(request, asked)
    except Refused as refused:
        problems, status = [refused.sentence(get_language())], refused.status
    lines, older = queries.page(asked, before=uuid(request, "before"))
    trail.read("audit", who=request.person.id, at=request.received_at)
    shown: dict[str, Any] = {
        "lines": telling.told(lines, get_language()),
        "older": lines[-1].id if older else None,
        "told": request.POST,
        "people": people(),
        "actions": telling.actions(get_language()),
        "sites": sites,
        "of_own_sites": places is not None,
        "most": f"{export.MOST:,}",
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "audit/log.html", shown, status=status)


def _places(sites: list[Site]) -> tuple[UUID, ...] | None:
    """Whoever administers every open site reads all lines; anybody else those of their own sites and patients."""
    if Site.objects.filter(closed__isnull=True).exclude(pk__in=[one.pk for one in sites]).exists():
        return tuple(one.pk for one in sites)
    return None


def _asked(request: HttpRequest, sites: list[Site]) -> Asked:
    who = request.POST.get("who", "")
    first, last = day(request, "first"), day(request, "last")
    if first and last and last < first:
        raise Refused("audit.ends_before_it_begins")
    return Asked(
        first=first,
        last=last,
        who=uuid(request, "who"),
        nobody=who == NOBODY,
        subject=_subject(typed(request, "number"), request.POST.get("site", ""), sites),
        action=request.POST.get("action", ""),
    )


def _subject(number: str, site: str, sites: list[Site]) -> UUID | None:
    """The patient with that number at one of the reader's own sites; that there is none is said plainly."""
    if not number:
        return None
    places = [one.id for one in sites if str(one.id) == site]
    found = Registration.objects.filter(site__in=places, number=number).values_list("patient_id", flat=True).first()
    if found is None:
        raise Refused("audit.no_such_number", in_field="number", number=number[:60])
    return found


def _file(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The lines as a file, after a step-up; that they were taken along is a line of its own."""
    step_up.confirm(request)
    lines = list(queries.lines(asked)[: export.MOST + 1])
    if len(lines) > export.MOST:
        raise Refused("audit.too_many", most=f"{export.MOST:,}")
    ending = request.POST["do"]
    make, media = FILES[ending]
    trail.happened("audit_exported", who=request.person.id, at=request.received_at)
    response = HttpResponse(make(reversed(lines)), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="audit-{request.received_at:%Y%m%d-%H%M%S}.{ending}"'
    return response
