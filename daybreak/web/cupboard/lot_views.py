"""The pages of one lot: its book with the sum of its law, one form for each operation, and the letters of a recall."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.clinical.treatment.ledger import Kind, Place
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cupboard import actions, letters, queries, recalls, stock, telling, typed, watching
from daybreak.web.cupboard.models import Lot, Recall
from daybreak.web.cupboard.views import todays
from daybreak.web.papers.models import Paper
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import key, uuid
from daybreak.web.posted import typed as text
from daybreak.web.refusals import Refused
from daybreak.web.tasks.telling import called
from daybreak.web.words import LANGUAGES, word

RECALL = "recall"
WORDS = {RECALL: "cupboard.do_recall"} | {
    Kind.DISPENSED: "cupboard.do_dispense",
    Kind.FOUND: "cupboard.do_find",
    Kind.RESERVED: "cupboard.do_reserve",
    Kind.UNRESERVED: "cupboard.do_unreserve",
    Kind.OPENED: "cupboard.do_open",
    Kind.QUARANTINED: "cupboard.do_quarantine",
    Kind.RELEASED: "cupboard.do_release",
    Kind.WASTED: "cupboard.do_waste",
    Kind.RETURNED_OUT: "cupboard.do_return_out",
    Kind.DESTROYED: "cupboard.do_destroy",
    Kind.TRANSFERRED: "cupboard.do_transfer",
    Kind.LOST: "cupboard.do_lose",
}


@needs(Permission.USE_CUPBOARD)
@require_safe
def lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Everything that was done with it, the newest first, and where all of it is."""
    at, language = request.received_at, get_language()
    row = typed.lot(request, lot_id)
    entries = list(row.entries.select_related("by", "witness").order_by("-seq"))
    now = queries.standing(row)
    names = called({one.patient_id for one in entries if one.patient_id} | ({row.owner_id} - {None}))
    trail.read_each("lot", names, who=request.person.id, at=at)
    trail.read("lot", who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "lot": telling.lot(now, names, today=zones.day(at, row.site.zone), language=language),
            "site": row.site,
            "unit": telling.number(row.unit_mg),
            "law": telling.law(now.balance, language),
            "entries": [telling.entry(one, names, language) for one in entries],
            "operations": [(one, word(WORDS[one], language)) for one in _operations(request, row)],
            "recall": _recall(row),
            "letters": page_may(request.person, Permission.KEEP_CUPBOARD, at=at, site_id=row.site_id),
        }
        return render(request, "cupboard/lot.html", shown)


@needs(Permission.USE_CUPBOARD)
@require_http_methods(["GET", "POST"])
def operation(request: HttpRequest, lot_id: UUID, operation: str) -> HttpResponse:
    """One form, with no field that this operation does not need."""
    language = get_language()
    row = typed.lot(request, lot_id)
    if operation not in _operations(request, row):
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            return redirect(_act(request, row, operation))
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    now = queries.standing(row)
    names = called({row.owner_id} - {None})
    trail.read("lot", who=request.person.id, at=request.received_at, object_id=row.id, site=row.site_id)
    shown = {
        "lot": telling.lot(now, names, today=zones.day(request.received_at, row.site.zone), language=language),
        "does": word(WORDS[operation], language),
        "opening": operation == Kind.OPENED,
        "fields": _fields(row, operation, now, language),
        "witnesses": typed.witnesses(request, row.site),
        "todays": todays(row.site, request),
        "typed": request.POST,
        "key": ids.new(),
        "problems": problems,
    }
    return render(request, "cupboard/operation.html", shown, status=status)


def _operations(request: HttpRequest, lot: Lot) -> list[str]:
    """What the reader may do with the lot."""
    keeps = page_may(request.person, Permission.KEEP_CUPBOARD, at=request.received_at, site_id=lot.site_id)
    mine = [one for one, needs in stock.OPERATIONS.items() if keeps or needs.permission is Permission.USE_CUPBOARD]
    every = [one for one in mine if one is not Kind.OPENED or stock.divisible(lot)]
    return [Kind.DISPENSED, *every, *([RECALL] if keeps and _recall(lot) is None else [])]


def _fields(lot: Lot, operation: str, now: queries.Standing, language: str) -> dict[str, Any]:
    """Which fields the form of the operation has."""
    if operation == RECALL:
        return {"text": True}
    if operation == Kind.DISPENSED:
        return {"patient": True, "mg": True}
    kind = Kind(operation)
    needs = stock.OPERATIONS[kind]
    held = {Place.FREE: now.balance.free, Place.OPEN: now.balance.open, Place.QUARANTINED: now.balance.quarantined}
    sources = [
        (one, f"{word(telling.PLACES[one], language)}: {telling.amount(held[one], language)}")
        for one in needs.sources
        if one in held and (one is not Place.OPEN or held[one].units)
    ]
    return {
        "units": True,
        "opened": bool({Place.OPEN, Place.QUARANTINED} & set(needs.sources)) and kind is not Kind.RELEASED,
        "sources": sources if len(sources) > 1 else [],
        "patient": needs.patient,
        "partner": needs.partner,
        "text": needs.text,
        "witness": kind is Kind.DESTROYED or (kind is Kind.WASTED and watching.required(lot.site, kind)),
        "alone": kind is Kind.WASTED,
    }


def _act(request: HttpRequest, lot: Lot, operation: str) -> str:
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    if operation == RECALL:
        recalls.recall(lot, text=text(request, "text"), **about)
        return f"/cupboard/lots/{lot.id}/"
    patient = typed.patient(request, lot.site)
    if operation == Kind.DISPENSED:
        mg = typed.number(request, "mg")
        if patient is None or mg is None:
            raise Refused("cupboard.no_patient" if patient is None else "cupboard.nothing", in_field="patient")
        row = actions.dispense(lot, patient=patient, session_id=None, mg=mg, **about)
        return f"/cupboard/takes/{row.id}/"
    source = text(request, "source")
    stock.move(
        lot,
        Kind(operation),
        units=typed.units(request),
        mg=typed.number(request, "mg"),
        source=Place(source) if source in list(Place) else None,
        patient=patient,
        partner=text(request, "partner"),
        text=text(request, "text"),
        witness=typed.witness(request, lot.site),
        alone=text(request, "alone"),
        **about,
    )
    return f"/cupboard/lots/{lot.id}/"


def _recall(lot: Lot) -> Recall | None:
    found = Recall.objects.filter(site=lot.site_id, product=lot.product, number=lot.number)
    return found.select_related("by").first()


@needs(Permission.KEEP_CUPBOARD)
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """A draft for everybody who got some of a lot, each in the language in which they are written to and on a page of its own
    when it is printed; or kept as a file. Nothing is sent."""
    at, language = request.received_at, get_language()
    row = typed.lot(request, lot_id)
    if not page_may(request.person, Permission.KEEP_CUPBOARD, at=at, site_id=row.site_id):
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            letters.make(row, uuid(request, "patient"), by=request.person, at=at, key=key(request))
            return redirect(f"/cupboard/lots/{row.id}/letter/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    drafts, made = letters.drafts(row), letters.made(row)
    trail.read_each("recall_letter", [one.patient.id for one in drafts], who=request.person.id, at=at)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "lot": row,
            "product": telling.product(row, language),
            "recall": _recall(row),
            "letters": [(one, _kept(made.get(one.patient.id)), LANGUAGES[one.language], ids.new()) for one in drafts],
            "problems": problems,
        }
        return render(request, "cupboard/letter.html", shown, status=status)


def _kept(paper: Paper | None) -> dict[str, str]:
    return {"id": str(paper.id), "at": zones.minute(paper.created)} if paper else {}
