"""The page of one draft about an adverse event, as data to take along, and its keeping as a file."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import adverse
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.adverse import draft, keeping, queries
from daybreak.web.adverse.draft import WRITTEN_IN
from daybreak.web.papers.queries import open_to
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import asked, key, uuid
from daybreak.web.refusals import Refused
from daybreak.web.treatment import queries as treatments
from daybreak.web.words import known

FILES = {"json": ("application/json", draft.as_json), "csv": ("text/csv; charset=utf-8", draft.as_csv)}


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, patient_id: UUID, adverse_id: UUID) -> HttpResponse:
    """Field by field what the record answers, and what is to be completed by a person."""
    at, language = request.received_at, known(get_language())
    patient = patients.patient_or_404(request.person, patient_id, at)
    one = queries.one(patient, adverse_id)
    form = asked(request, "form") or next(iter(adverse.forms()))
    if one is None or form not in adverse.forms():
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        try:
            about = {"by": request.person, "at": at, "key": key(request)}
            keeping.keep(adverse_id, version=uuid(request, "version") or adverse_id, form=form, **about)
            return redirect(f"/patients/{patient.id}/adverse/{adverse_id}/draft/?form={form}")
        except Refused as problem:
            refused = problem
    now = treatments.now(one.row.session) if one.row.session else None
    with timezone.override(ZoneInfo(one.row.site.zone)):
        if wanted := FILES.get(request.GET.get("as", "")):
            media_type, made = wanted
            found = draft.facts(one, form, now, by=request.person, at=at, language=WRITTEN_IN)
            reading.read("adverse_draft", patient, who=request.person.id, at=at, object_id=one.row.id)
            name = f"{form}-draft.{request.GET['as']}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(made(found), content_type=media_type, headers=headers)
        found = draft.facts(one, form, now, by=request.person, at=at, language=language)
        lines = draft.lines(found)
        papers = open_to(request.person, one.row.patient_id, at=at)
        shown = {
            "row": one.row,
            "form": form,
            "title": found.form["words"][language],
            "forms": [(id, each["words"][language]) for id, each in adverse.forms().items()],
            "lines": lines,
            "lacking": sum(1 for each in lines if not each.value),
            "reviewed": one.review is not None,
            "papers": [each for each in papers if each.about == f"adverse {one.row.root}"],
            "key": ids.new(),
        }
        return show(request, patient, "adverse/draft.html", problem=refused, about=found.details, **shown)
