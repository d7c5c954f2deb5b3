"""What happens when a lot is called back: all of it is set aside, and everybody who got some of it is written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.ledger import Kind, Place
from daybreak.knowledge import cupboard as knowledge
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.cupboard import book
from daybreak.web.cupboard.actions import needed
from daybreak.web.cupboard.book import Moved
from daybreak.web.cupboard.models import Entry, Lot, Recall
from daybreak.web.cupboard.watching import keeper
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Level


@transaction.atomic
def recall(lot: Lot, *, text: str, by: Person, at: datetime, key: UUID) -> Recall:
    """The lot, of every owner: what lies in the cupboard is quarantined at once, and nothing of it is taken again. What was
    taken for a session stays where it is and is shown; when it comes back it is quarantined too."""
    site = locked(Site, pk=lot.site_id)
    require(by, Permission.KEEP_CUPBOARD, at=at, site_id=site.id)
    content = {"lot": lot.id, "text": text, "by": by.id}
    if earlier := keys.known(key, action="lot_recalled", content=content):
        return Recall.objects.get(pk=earlier)
    if Recall.objects.filter(site=site, product=lot.product, number=lot.number).exists():
        raise Conflict("cupboard.recalled_already")
    row = Recall(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        product=lot.product,
        number=lot.number,
        text=needed(text),
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="lot_recalled", who=by.id, at=at, site=site.id)
    for one in Lot.objects.filter(site=site, product=lot.product, number=lot.number).order_by("id"):
        _set_aside(one, site, text=row.text, by=by, at=at)
    for patient in received(site, lot.number, product=lot.product):
        _letter(patient, lot, site, by=by, at=at)
    keys.remember(
        key, action="lot_recalled", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def received(site: Site, number: str, *, product: str) -> list[Patient]:
    """Everybody who was given some of that lot at the site, in the order in which they first got it."""
    rows = Entry.objects.filter(site=site, lot__number=number, lot__product=product, kind=Kind.GIVEN)
    found = {row.patient_id: row.patient for row in rows.select_related("patient").order_by("seq")}
    return [patient for patient in found.values() if patient is not None]


def _set_aside(lot: Lot, site: Site, *, text: str, by: Person, at: datetime) -> None:
    now = book.balance(lot)
    about: dict[str, Any] = {"site": site, "by": by, "at": at, "text": text}
    if now.free.units:
        book.write(lot, Moved(Kind.QUARANTINED, Place.FREE, *now.free), **about)
    if now.open.units:
        book.write(lot, Moved(Kind.QUARANTINED, Place.OPEN, *now.open), **about)
    for id, amount in now.reserved.items():
        patient = Patient.objects.get(pk=id)
        book.write(lot, Moved(Kind.QUARANTINED, Place.RESERVED, *amount, patient=patient), **about)


def _letter(patient: Patient, lot: Lot, site: Site, *, by: Person, at: datetime) -> None:
    tasks.make(
        source=f"recall {site.id} {lot.product} {lot.number} {patient.id}",
        kind=TaskKind.OTHER,
        what="cupboard.recall_letter",
        values={"lot": lot.number},
        site=site,
        patient=patient,
        level=Level.BY,
        due=at + knowledge.time("recall-letter"),
        permission=Permission.KEEP_CUPBOARD,
        role=keeper(site, at=at),
        where=f"/cupboard/lots/{lot.id}/letter/",
        by=by,
        at=at,
    )
