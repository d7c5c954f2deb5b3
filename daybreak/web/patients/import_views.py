"""The pages on which a file is brought, looked at, and added to a record."""

from __future__ import annotations

from collections.abc import Container
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.exchange.fhir.apart import Identified
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import imports, queries, records, telling
from daybreak.web.patients.imports import Plan
from daybreak.web.patients.kinds import KIND_OF, ORDINARY, Kind, sensitivity
from daybreak.web.patients.models import Document, Entry
from daybreak.web.patients.views import SEX, show
from daybreak.web.patients.whose import identity
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.tasks import suicide
from daybreak.web.words import word


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose a file; it is kept, and the next page shows what is in it."""
    at = request.received_at
    patient = queries.patient_or_404(request.person, patient_id, at, permission=Permission.WRITE_PATIENTS)
    if request.method == "GET":
        return show(request, patient, "patients/import.html")
    source = typed(request, "source")
    try:
        upload = request.FILES.get("file")
        # What is larger than the settings allow into memory is not taken at all: then only the length tells of it.
        size = upload.size if upload else int(request.META.get("CONTENT_LENGTH") or 0)
        if size > imports.LARGEST:
            raise Refused("import.too_large", size=-(-size // 2**20), most=imports.LARGEST // 2**20)
        if upload is None:
            raise Refused("import.file_missing", in_field="file")
        document = imports.keep(patient, upload.read(), source=source, by=request.person, at=at)
    except Refused as refused:
        return show(request, patient, "patients/import.html", problem=refused, source=source)
    return redirect(f"/patients/{patient.id}/import/{document.id}/")


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, patient_id: UUID, document_id: UUID) -> HttpResponse:
    """What the file would add; nothing is added before the button is pressed."""
    at = request.received_at
    patient, allowed, _ = queries.opened(request.person, patient_id, at, permission=Permission.WRITE_PATIENTS)
    document = Document.objects.filter(pk=document_id, patient=patient).first()
    if document is None:
        raise Http404
    closed = hidden(patient, by=request.person, allowed=allowed)
    reads_all = (
        Permission.READ_SENSITIVE in allowed or document.by_id == request.person.pk
    )  # who brought it has seen it
    if request.method == "GET":
        shown = _shown(imports.plan(patient, document), document, closed=closed, reads_all=reads_all)
        return show(request, patient, "patients/import_look.html", **shown)
    same = request.POST.get("same_person") == "yes"
    try:
        imports.add(patient, document, same_person=same, by=request.person, at=at, key=key(request))
    except Refused as refused:
        shown = _shown(imports.plan(patient, document), document, closed=closed, reads_all=reads_all)
        return show(request, patient, "patients/import_look.html", problem=refused, **shown)
    written = Entry.objects.filter(patient=patient, document=document)  # by whichever sending of this form
    task = suicide.about(patient.id, map(records.record, written), at=at)
    return redirect(f"/tasks/{task.id}/" if task else f"/patients/{patient.id}/")


def _shown(plan: Plan, document: Document, *, closed: Container[UUID], reads_all: bool) -> dict[str, Any]:
    language = get_language()
    labels = {
        "name": "patients.name",
        "elsewhere": "import.number_of_another",
        "birth": "patients.birth",
        "sex": "patients.sex",
    }
    new: dict[str, list[tuple[str, str]]] = {}  # by kind
    for one in plan.new:
        kind = KIND_OF[type(one)]
        if not reads_all and sensitivity(one) != ORDINARY:
            new.setdefault(word("import.closed", language), []).append(("", word("labels.hidden", language)))
        elif kind not in (Kind.UNMAPPED, Kind.PROBLEM):
            line = (telling.day(one), telling.line(one, language))
            new.setdefault(word(telling.KINDS[kind], language), []).append(line)
    return {
        "document": document.id,
        "source": document.source,
        "file_about": _about(plan.who, language),
        "key": ids.new(),
        "counts": word("import.counts", language, new=len(plan.new), changed=len(plan.changed), known=plan.known),
        "nothing": not plan.new and not plan.changed,
        "new": list(new.items()),
        "changed": [_from_to(row, record, language, closed) for row, record in plan.changed],
        "kept": [_from_to(row, record, language, closed) for row, record in plan.kept],
        "unmapped": [telling.headline(one, language) for one in plan.chart.unmapped],
        "problems_in_file": [(one.place, telling.headline(one, language)) for one in plan.chart.problems],
        "unlike": [
            (word(labels[field], language), _said(ours, language), _said(theirs, language))
            for field, ours, theirs in plan.unlike
        ],
    }


def _from_to(row: Any, record: Any, language: str, closed: Container[UUID]) -> str:
    if row.id in closed:
        return word("labels.hidden", language)
    before = records.record(row)
    return word("import.from_to", language, before=telling.line(before, language), after=telling.line(record, language))


def _about(who: Identified, language: str) -> str:
    """Whom the file names, in one line."""
    told = [
        identity(who).name,
        who.birth,
        word(SEX[who.sex], language) if who.sex in SEX else "",
        *(value for _, value in who.identifiers),
    ]
    return " · ".join(one for one in told if one) or word("import.names_nobody", language)


def _said(value: str, language: str) -> str:
    return word(SEX[value], language) if value in SEX else value or word("import.not_said", language)
