"""The page of a site's certification: who signed for it, until when it holds, and who was taught what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.treatment.certified import Holds, holds
from daybreak.knowledge import rems as knowledge
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.papers import brought
from daybreak.web.papers.actions import ENDINGS
from daybreak.web.people import step_up
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.people.queries import all_in_force
from daybreak.web.posted import day, key, site, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.rems import certifying, programme, teaching
from daybreak.web.rems.models import Document, Training
from daybreak.web.words import known, word

NO_LAST_DAY = "none"


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def of_site(request: HttpRequest) -> HttpResponse:
    """What was written down last, each version before it, and the forms for whoever may write it down."""
    at, language = request.received_at, known(get_language())
    sites = sites_of(request.person, Permission.RUN_SESSIONS, at=at)
    here = site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        do = DOES.get(request.POST.get("do", ""))
        try:
            if do is None:
                raise Refused("error.bad_request")
            step_up.confirm(request)
            do(request, here)
            return redirect(f"/clinic/rems/?site={here.id}")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("rems_site", who=request.person.id, at=at, site=here.id)
    today = zones.day(at, here.zone)
    rows = programme.every_certification(here.id)
    shown: dict[str, Any] = {
        "sites": sites,
        "site": here,
        "head": programme.stands(rows[0] if rows else None, today, programme.OF_SITE, language),
        "now": rows[0] if rows else None,
        "rows": [version(one, today, programme.OF_SITE, language) for one in rows],
        "trainings": [taught(one, today, language) for one in programme.trainings(here.id)],
        "staff": _staff(here, at=at),
        "may_write": page_may(request.person, Permission.ADOPT_PROTOCOL, at=at, site_id=here.id),
        "contacts": knowledge.form()["contacts"][language],
        "today": today.isoformat(),
        "typed": request.POST,
        "keys": {name: ids.new() for name in DOES},
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "rems/site.html", shown, status=status)


@needs(Permission.RUN_SESSIONS)
@require_safe
def document(request: HttpRequest, kept_id: UUID) -> HttpResponse:
    """A file of a site, byte for byte."""
    row = Document.objects.filter(pk=kept_id).first()
    at = request.received_at
    if row is None or not page_may(request.person, Permission.RUN_SESSIONS, at=at, site_id=row.site_id):
        raise Http404
    trail.read("rems_document", who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    name = f"{row.created:%Y-%m-%d}-{row.sha256[:8]}.{ENDINGS[row.media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(row.bytes), content_type=row.media_type, headers=headers)


def version(row: Any, today: date, said: Mapping[Holds, str], language: str) -> dict[str, Any]:
    """One thing that was written down, with who did and when."""
    return {"row": row, "at": zones.minute(row.created), **programme.stands(row, today, said, language)}


def taught(row: Training, today: date, language: str) -> dict[str, Any]:
    """A line of the log."""
    found = holds(row.told, today)
    until = word("rems.until_day", language, day=row.expires.isoformat()) if row.expires else ""
    return {
        "row": row,
        "key": ids.new(),
        "counts": found is Holds.YES,
        "struck": found is Holds.ENDED,
        "until": until or word("rems.no_last_day", language),
        "shape": programme.SHAPES.get(found, "not-met"),
    }


def days(request: HttpRequest) -> dict[str, Any]:
    """Since when and until when, as a form has them."""
    lasts = request.POST.get("lasts", "") == NO_LAST_DAY
    return {"since": day(request, "since"), "expires": day(request, "expires"), "no_last_day": lasts}


def about(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when and under which key."""
    return {"by": request.person, "at": request.received_at, "key": key(request)}


def _staff(here: Site, *, at: datetime) -> list[Person]:
    found = {one.person_id: one.person for one in all_in_force(at=at) if one.site_id == here.id}
    return sorted(found.values(), key=lambda one: one.display_name)


def _certify(request: HttpRequest, here: Site) -> None:
    told = {name: typed(request, name) for name in ("number", "representative", "address", "email")}
    file = brought.file(request, "file")
    certifying.certify(here, **told, **days(request), file=file, seen=uuid(request, "seen"), **about(request))


def _end(request: HttpRequest, here: Site) -> None:
    told = {"since": day(request, "since"), "reason": typed(request, "reason"), "seen": uuid(request, "seen")}
    certifying.end_certification(here, **told, **about(request))


def _taught(request: HttpRequest, here: Site) -> None:
    person = Person.objects.filter(pk=uuid(request, "person")).first()
    told = {"what": typed(request, "what"), "file": brought.file(request, "file"), **days(request)}
    teaching.taught(here, person, **told, **about(request))


def _strike(request: HttpRequest, here: Site) -> None:
    row = Training.objects.filter(pk=uuid(request, "training"), site=here).select_related("person").first()
    if row is None:
        raise Refused("error.bad_request")
    teaching.strike(row, reason=typed(request, "reason"), **about(request))


DOES: Mapping[str, Callable[[HttpRequest, Site], None]] = {
    "certify": _certify,
    "end": _end,
    "taught": _taught,
    "strike": _strike,
}
