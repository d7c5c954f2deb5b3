"""What does a clinic write to whoever was given some of a lot that was recalled, and in which language?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.ledger import Kind
from daybreak.web import zones
from daybreak.web.cupboard import recalls, telling
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep
from daybreak.web.papers.models import Paper
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Refused
from daybreak.web.tasks.telling import called
from daybreak.web.words import word

KIND = "recall_letter"


@dataclass(frozen=True, slots=True)
class Letter:
    """The draft to one patient. `other`: what they speak, when we have no such language and the draft is in English; `stopped`:
    something was said by which nothing goes to them now."""

    patient: Patient
    name: str
    language: str
    other: str
    stopped: bool
    lines: tuple[str, ...]


def drafts(lot: Lot) -> list[Letter]:
    """One for each patient who was given some of it at the site, by whomever the lot was owned."""
    patients = recalls.received(lot.site, lot.number, product=lot.product)
    ids = [one.id for one in patients]
    names, stopped, days = called(ids), reach.stopped(ids), _days(lot)
    return [_letter(lot, one, names[one.id], days[one.id], stopped=one.id in stopped) for one in patients]


def about(lot: Lot) -> str:
    """Under which a letter is kept: the lot, whoever owns which part of it."""
    return f"recall {lot.product} {lot.number}"


def made(lot: Lot) -> dict[UUID, Paper]:
    """The newest letter of each patient that was kept."""
    rows = Paper.objects.filter(kind=KIND, about=about(lot)).defer("bytes").select_related("by").order_by("id")
    return {one.patient_id: one for one in rows}


@transaction.atomic
def make(lot: Lot, patient_id: UUID | None, *, by: Person, at: datetime, key: UUID) -> Paper:
    """Keep the letter to one patient as it is printed. A person signs and sends it; nothing leaves by itself."""
    site = locked(Site, pk=lot.site_id)
    require(by, Permission.KEEP_CUPBOARD, at=at, site_id=site.id)
    content = {"lot": lot.id, "patient": patient_id, "by": by.id}
    if earlier := keys.known(key, action=KIND, content=content):
        return Paper.objects.get(pk=earlier)
    one = next((each for each in drafts(lot) if each.patient.id == patient_id), None)
    if one is None:
        raise Refused("cupboard.no_such_letter")
    blocks = [
        pdf.paragraph(one.name),
        *(pdf.paragraph(line) for line in one.lines),
        pdf.line(word("cupboard.letter_signed", one.language)),
    ]
    told: pdf.Told = {"title": word("cupboard.letter_title", one.language), "footer": site.name, "blocks": blocks}
    row = keep(
        pdf.make(told, language=one.language, on=zones.day(at, site.zone)),
        patient=one.patient,
        kind=KIND,
        about=about(lot),
        language=one.language,
        permission=Permission.READ_MEDICINES,
        by=by,
        at=at,
        site=site.id,
    )
    keys.remember(key, action=KIND, content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row


def _days(lot: Lot) -> dict[UUID | None, list[str]]:
    """On which days each patient got some of it."""
    rows = Entry.objects.filter(site=lot.site, lot__number=lot.number, lot__product=lot.product, kind=Kind.GIVEN)
    found: dict[UUID | None, dict[str, None]] = {}
    for one in rows.order_by("happened"):
        found.setdefault(one.patient_id, {})[zones.day(one.happened, lot.site.zone).isoformat()] = None
    return {patient: list(days) for patient, days in found.items()}


def _letter(lot: Lot, patient: Patient, name: str, days: list[str], *, stopped: bool) -> Letter:
    language, other = reach.ours(patient)
    told = {"product": telling.product(lot, language), "number": lot.number, "days": ", ".join(days)}
    lines = (
        word("cupboard.letter_what", language, **told),
        word("cupboard.letter_you", language),
        word("cupboard.letter_call", language, site=lot.site.name, phone=lot.site.phone or "…"),
    )
    return Letter(patient, name, language, other, stopped, lines)
