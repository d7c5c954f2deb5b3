"""What does somebody read before they sign that a history is whole? Everything on record with its origin, on one page."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.records import DOMAINS
from daybreak.exchange.fhir.dates import read_date
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.intake.tags import parts_left_open
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import actions, queries, records, telling
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry
from daybreak.web.patients.views import back, show
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.words import word

ALL = "all"  # that the page shows, by one button
READ = (
    Kind.EXPOSURE,
    Kind.EPISODE,
    Kind.THERAPY,
    Kind.KETAMINE,
    Kind.CONDITION,
    Kind.ALLERGY,
    Kind.OBSERVATION,
    Kind.ENCOUNTER,
    Kind.COVERAGE,
    Kind.UNMAPPED,
    Kind.PROBLEM,
)
# Which entries tell of a part of the history: whoever may not read one of them has not seen that part on the page.
TOLD_BY = {
    "conditions": {Kind.CONDITION},
    "medicines": {Kind.EXPOSURE},
    "antidepressant_trials": {Kind.EXPOSURE, Kind.EPISODE, Kind.THERAPY},
    "allergies": {Kind.ALLERGY},
    "substance_use": {Kind.CONDITION, Kind.OBSERVATION},
    "psychiatric_history": {Kind.CONDITION, Kind.THERAPY},
    "earlier_ketamine": {Kind.KETAMINE},
    "reproductive": {Kind.CONDITION, Kind.OBSERVATION},
}


@needs(Permission.WRITE_PATIENTS)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Read everything on record, confirm what nobody here answers for yet, and sign for the parts that are whole."""
    patient, allowed, _ = queries.opened(
        request.person, patient_id, request.received_at, permission=Permission.WRITE_PATIENTS
    )
    rows, state = records.current_with_state(patient)
    closed = hidden(patient, by=request.person, allowed=allowed)
    unseen = {Kind(row.kind) for row in rows if row.id in closed}
    asked = [row for row in rows if records.unconfirmed_medicine(row) and row.id not in closed]
    beyond = queries.beyond({row.patient_id for row in asked}, by=request.person, at=request.received_at)
    waiting = [str(row.id) for row in asked if row.patient_id not in beyond]
    open_ = parts_left_open(patient)
    apart = dict.fromkeys(
        *((DOMAINS, "patients.part_unasked") if open_ is None else (open_, "patients.part_left_open"))
    )
    apart |= {one: "patients.part_unseen" for one in DOMAINS if TOLD_BY[one] & unseen}
    whole = [one for one in DOMAINS if one not in apart]
    told, every = request.POST, request.POST.get("do") == ALL
    chosen, confirm = told.getlist("domain"), told.getlist("confirm")
    language, today = get_language(), zones.today(request.received_at)
    histories = _histories(rows, language, closed=closed, waiting=waiting, confirm=confirm)
    shown: dict[str, Any] = {
        "key": ids.new(),
        "seen": state,
        "on": today.isoformat(),
        "all": ALL,
        "histories": [one for one in histories if one["entries"]],
        "empty": [one["title"] for one in histories if not one["entries"]],
        "domains": [
            (one, word(telling.DOMAINS[one], language), one in chosen, one in apart and word(apart[one], language))
            for one in DOMAINS
        ],
        "waiting": waiting,
        "whole": whole,
    }
    if request.method == "GET":
        return show(request, patient, "patients/review.html", **shown)
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        raise BadRequest("the form does not say what was seen")
    shown["on"] = typed(request, "on")
    try:
        actions.review(
            patient,
            {*chosen, *(told.getlist("whole") if every else ())},
            confirm={
                *confirm,
                *(told.getlist("waiting") if every else ()),
            },  # as the page was, not as the record is now
            on=_day(shown["on"], language),
            seen=int(seen),
            by=request.person,
            at=request.received_at,
            key=key(request),
        )
    except Refused as refused:
        return show(request, patient, "patients/review.html", problem=refused, **shown)
    return redirect(back(request, patient))


def _day(day: str, language: str) -> date:
    read = read_date(day) if len(day) <= len("2026-01-31") else None
    if read is None or not read[0].exact:
        raise Refused("field.no_day", in_field="on", label=word("patients.review_on", language), typed=day)
    return read[0].earliest


def _histories(
    rows: Iterable[Entry], language: str, *, closed: Container[UUID], waiting: Container[str], confirm: Container[str]
) -> list[dict[str, Any]]:
    """By kind, what counts now. Medicines of one name stand together, whoever told of them; of each measure the newest."""
    found: dict[Kind, list[Entry]] = {kind: [] for kind in READ}
    newest: dict[str, Entry] = {}
    for row in rows:  # the oldest first
        if row.kind == Kind.OBSERVATION:
            newest[records.record(row).kind] = row
        elif row.kind in found:
            found[Kind(row.kind)].append(row)
    found[Kind.OBSERVATION] = list(newest.values())
    found[Kind.EXPOSURE].sort(key=_name)
    return [
        {
            "title": word(telling.KINDS[kind], language),
            "newest": kind == Kind.OBSERVATION,
            "entries": [
                (telling.told(row, language, hidden=closed), str(row.id) in waiting, str(row.id) in confirm)
                for row in entries
            ],
        }
        for kind, entries in found.items()
    ]


def _name(row: Entry) -> str:
    """Of a medicine, however its dose was written."""
    record = records.record(row)
    known = record.ingredients if isinstance(record.ingredients, tuple) else ()
    return " ".join(known) or record.text.casefold()
