"""How does a record leave for another clinic, and how is it known that it arrived?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.deadlines import days
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.consent import exported
from daybreak.web.consent import queries as consents
from daybreak.web.consent.items import title as document
from daybreak.web.courses.models import Course
from daybreak.web.courses.telling import END
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
from daybreak.web.screening.models import TREAT, Snapshot
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.transfer.models import Receipt, Transfer
from daybreak.web.words import LANGUAGES, word

HOLDS = {
    consents.VALID: "transfer.holds",
    consents.EXPIRED: "transfer.expired",
    consents.WITHDRAWN: "transfer.withdrawn",
    consents.BEGUN: "transfer.not_signed",
}


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
        raise Refused("transfer.receiver_missing")
    if (labelled or reproductive) and Permission.READ_SENSITIVE not in queries.permissions(by, at=at)[site_id]:
        raise Forbidden("labels.hidden")
    if queries.state(patient) != seen:
        raise Conflict("packet.changed")
    site = Site.objects.get(pk=site_id)
    front = list(_front(patient, receiver, note, language, at=at))
    if not (labelled and reproductive):
        front.append(pdf.paragraph(word("transfer.kept_back", language)))
    made = copies.copy_of(
        patient,
        site=site,
        language=language,
        at=at,
        title=word("transfer.packet", language),
        before=front,
        leaves=leaves,
        told=exported.resources(patient, language=language, at=at),
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
    keys.remember(key, action="transfer", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _front(patient: Patient, receiver: str, note: str, language: str, *, at: datetime) -> Iterable[pdf.Block]:
    """To whom, the decisions with who signed them, courses and consents: what no entry of the record says."""
    yield pdf.facts((word("transfer.to", language), receiver))
    if note:
        yield pdf.paragraph(note)
    title = spoken(language)
    together = queries.together(patient)
    head = [
        word(one, language) for one in ("copies.day", "authorisation.treatment", "transfer.decision", "transfer.by")
    ]
    signed = Snapshot.objects.filter(patient__in=together).defer("content").select_related("by", "site").order_by("-id")
    rows = []
    for one in signed:
        said = word("transfer.treat" if one.outcome == TREAT else "transfer.not_yet", language)
        day = zones.day(one.created, one.site.zone).isoformat()
        rows.append([day, title.word(f"protocol.{one.protocol}"), said, one.by.display_name])
    yield pdf.heading(word("transfer.decisions", language))
    yield pdf.table(head, rows) if rows else pdf.paragraph(word("transfer.none", language))
    yield pdf.heading(word("transfer.courses", language))
    courses = Course.objects.filter(patient__in=together).select_related("end").order_by("-id")
    lines = []
    for course in courses:
        ended = word(END[course.end.reason], language) if hasattr(course, "end") else word("transfer.goes_on", language)
        lines.append([course.starts.isoformat(), title.word(f"protocol.{course.protocol}"), ended])
    head = [word(one, language) for one in ("transfer.begun", "authorisation.treatment", "transfer.how_it_ended")]
    yield pdf.table(head, lines) if lines else pdf.paragraph(word("transfer.none", language))
    yield pdf.heading(word("transfer.consents", language))
    head = [word(one, language) for one in ("copies.day", "transfer.consent", "transfer.how_it_stands")]
    talked = [
        [zones.day(talk.created, talk.site.zone).isoformat(), document(talk, language), word(HOLDS[state], language)]
        for talk in consents.talks(patient)
        for state in (consents.state(talk, at=at),)
    ]
    yield pdf.table(head, talked) if talked else pdf.paragraph(word("transfer.none", language))
    yield pdf.notice(word("transfer.not_here", language))


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
        raise Refused("transfer.name_missing")
    receipt = Receipt(id=ids.new(), organisation_id=row.organisation_id, created=at, transfer=row, name=name, by=by)
    receipt.save(force_insert=True)
    via = {} if by else {"via": "link"}
    trail.wrote(receipt, action="transfer_arrived", who=by and by.id, at=at, subject=row.patient_id, **via)
    tasks.done(source=_source(row), by=by, at=at)
    return receipt


def _source(row: Transfer) -> str:
    return f"transfer {row.id}"
