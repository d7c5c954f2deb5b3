"""How does a record leave for another clinic, and how is it known that it arrived?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.deadlines import days
from daybreak.web import ids, zones
from daybreak.web.assessments import leaving as plans
from daybreak.web.audit import trail
from daybreak.web.chronicle import leaving as treatments
from daybreak.web.consent import exported
from daybreak.web.links import actions as links
from daybreak.web.links.models import TRANSFER, Link
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import JSON, PDF
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.patients import copies, queries
from daybreak.web.patients.kinds import leaving
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.transfer import notice
from daybreak.web.transfer.front import front
from daybreak.web.transfer.models import Receipt, Transfer
from daybreak.web.words import LANGUAGES, word


@transaction.atomic
def send(
    patient: Patient,
    *,
    receiver: str,
    note: str,
    language: str,
    labelled: bool,
    reproductive: bool = False,
    agreed: bool,
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> Transfer:
    """Make the packet from the record as it is, keep it, and wait for the receipt. `seen` is the state that was read."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.READ_SCREENING, by=by, at=at)
    leaves = leaving(labelled=labelled, reproductive=reproductive)
    content = {"patient": patient.id, "to": receiver, "note": note, "language": language, "labelled": sorted(leaves)}
    if earlier := keys.known(key, action="transfer", content=content):
        return Transfer.objects.get(pk=earlier)
    if not agreed:
        raise Refused("transfer.not_agreed")
    if not receiver or len(receiver) > 200 or len(note) > 2000 or language not in LANGUAGES:
        raise Refused("transfer.receiver_missing", in_field="to")
    if (labelled or reproductive) and Permission.READ_SENSITIVE not in queries.permissions(by, at=at)[site_id]:
        raise Forbidden("labels.hidden")
    if queries.state(patient) != seen:
        raise Conflict("packet.changed")
    site = Site.objects.get(pk=site_id)
    before = [pdf.facts((word("transfer.to", language), receiver)), *([pdf.paragraph(note)] if note else [])]
    before += front(patient, language, at=at)
    if not (labelled and reproductive):
        before.append(pdf.paragraph(word("transfer.kept_back", language)))
    made = copies.copy_of(
        patient,
        site=site,
        language=language,
        at=at,
        title=word("transfer.packet", language),
        before=before,
        leaves=leaves,
        told=[
            *exported.resources(patient, language=language, at=at),
            *plans.resources(patient, language=language),
            *treatments.resources(patient),
        ],
        by=by.display_name,
    )
    papers = [
        keep_paper(
            content_,
            patient=patient,
            kind="transfer",
            about=f"patient {patient.id}",
            language=language,
            permission=Permission.READ_SCREENING,
            sensitivity=made.sensitivity,
            media_type=media_type,
            by=by,
            at=at,
            site=site_id,
        )
        for media_type, content_ in ((PDF, made.paper), (JSON, made.fhir))
    ]
    row = Transfer(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site=site,
        receiver=receiver,
        paper=papers[0],
        bundle=papers[1],
        labelled=labelled or reproductive,
        note=note,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="record_transferred", who=by.id, at=at, subject=patient.id, site=site_id)
    due = zones.day(at, site.zone) + timedelta(days=days("transfer-receipt") + 1)
    tasks.make(
        source=_source(row),
        kind=Kind.OTHER,
        what="transfer.task",
        site=site,
        patient=patient,
        level=Level.BY,
        due=zones.midnight(due, site.zone),
        permission=Permission.READ_SCREENING,
        owner=by,
        where=f"/patients/{patient.id}/transfer/",
        by=by,
        at=at,
    )
    notice.draft(row, by=by, at=at)
    keys.remember(key, action="transfer", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def link_of(row: Transfer, *, by: Person, at: datetime, key: UUID) -> Link:
    """The link by which the receiver says that it arrived; shown to whoever sends the packet."""
    may_at(row.patient, Permission.READ_SCREENING, by=by, at=at)
    about = {"purpose": TRANSFER, "subject": row.id, "organisation_id": row.organisation_id}
    return links.make_once(key=key, about=row.id, **about, by=by, at=at)


@transaction.atomic
def arrived(row: Transfer, *, name: str, by: Person | None, at: datetime) -> Receipt:
    """It arrived: the receiver says so by the link, or told somebody here. Said twice it is once."""
    row = locked(Transfer, pk=row.pk)
    if by is not None:
        may_at(row.patient, Permission.READ_SCREENING, by=by, at=at)
    if earlier := Receipt.objects.filter(transfer=row).first():
        return earlier
    if not name or len(name) > 200:
        raise Refused("transfer.name_missing", in_field="name")
    receipt = Receipt(id=ids.new(), organisation_id=row.organisation_id, created=at, transfer=row, name=name, by=by)
    receipt.save(force_insert=True)
    via = {} if by else {"via": "link"}
    trail.wrote(receipt, action="transfer_arrived", who=by and by.id, at=at, subject=row.patient_id, **via)
    tasks.done(source=_source(row), by=by, at=at)
    return receipt


def _source(row: Transfer) -> str:
    return f"transfer {row.id}"
