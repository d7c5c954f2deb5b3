"""What would a FHIR file add to a record, and how is it added? Adding the same file twice adds nothing twice."""

from __future__ import annotations

import copy
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Chart, Problem
from daybreak.exchange.fhir.apart import Identified
from daybreak.exchange.fhir.bundle import charts_and_problems
from daybreak.exchange.fhir.json_reader import NotJson, parse
from daybreak.knowledge.sentences import language as spoken
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import kinds, payloads, queries, records, whose
from daybreak.web.patients.kinds import Kind, Record
from daybreak.web.patients.models import IMPORT, Document, Entry, Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused
from daybreak.web.tasks import suicide
from daybreak.web.words import known, word

LARGEST = 20 * 1024 * 1024  # bytes of one file
MEDIA_TYPE = "application/fhir+json"


class Unreadable(Refused):
    """Nothing in the file can be taken; why, in the words of the reader of files."""

    def __init__(self, id: str, why: Reason) -> None:
        super().__init__(id, why=spoken("en").say(why))
        self.why = why

    def _said(self, language: str) -> str:
        return word(self.id, language, why=spoken(known(language)).say(self.why))


@dataclass(slots=True)
class Plan:
    """What the file says beside what is known. `unlike` are fields in which its patient, `who`, differs from ours."""

    chart: Chart
    who: Identified
    new: list[Record] = field(default_factory=list)
    changed: list[tuple[Entry, Record]] = field(default_factory=list)
    kept: list[tuple[Entry, Record]] = field(default_factory=list)  # a person corrected or withdrew the earlier one
    known: int = 0
    unlike: list[tuple[str, str, str]] = field(default_factory=list)  # field, ours, theirs


@transaction.atomic
def keep(patient: Patient, content: bytes, *, source: str, by: Person, at: datetime) -> Document:
    """Store the file. The same file from the same source is stored once. Refused when nothing in it can be read."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    if not source or len(source) > Document._meta.get_field("source").max_length:
        raise Refused("import.source_missing", in_field="source")
    if len(content) > LARGEST:
        raise Refused("import.too_large", size=-(-len(content) // 2**20), most=LARGEST // 2**20)
    digest = hashlib.sha256(content).hexdigest()
    known = Document.objects.filter(patient=patient, source=source, sha256=digest).defer("bytes").first()
    if known is not None:
        return known
    read(content, digest=digest)
    document = Document(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        source=source,
        media_type=MEDIA_TYPE,
        sha256=digest,
        bytes=content,
        by=by,
    )
    document.save(force_insert=True)
    without_bytes = copy.copy(document)
    without_bytes.bytes = b""  # the trail protects their digest; the bytes themselves would only be slow there
    trail.wrote(without_bytes, action="document_kept", who=by.id, at=at, subject=patient.id, site=site_id)
    return document


def read(content: bytes, *, digest: str) -> Chart:
    """The one chart in the file. Refused when it is no JSON, holds nobody, or several people."""
    try:
        parsed = parse(content)
    except NotJson as error:
        raise Unreadable("import.not_json", error.reason) from None
    place = f"file-{digest[:12]}"  # a record without an id is named by its place in this very file
    found, problems = charts_and_problems(parsed.value, terms=terms(), place=place)
    if not found:
        raise Unreadable("import.nobody", problems[0].reason)
    if len(found) > 1:
        raise Refused("import.several", count=len(found))
    chart = found[0]
    flaws = tuple(Problem(place, flaw) for flaw in parsed.flaws)
    return Chart(**{name: getattr(chart, name) for name in chart.__slots__} | {"problems": chart.problems + flaws})


def plan(patient: Patient, document: Document) -> Plan:
    """Compare the file with what came from the same source before; a record is the same when it says the same."""
    chart = read(bytes(document.bytes), digest=document.sha256)
    who = whose.named_in(bytes(document.bytes))
    made = Plan(chart, who, unlike=list(whose.unlike(patient, who, chart, source=document.source)))
    before = _latest_imports(patient, source=document.source)
    incoming: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records.of_chart(chart):
        incoming[_name(record)].append(record)
    for name, group in incoming.items():
        tips = before.get(name, [])
        known = {text for _, text in tips}
        fresh = [record for record in group if payloads.written(record) not in known]
        made.known += len(group) - len(fresh)
        said = {payloads.written(record) for record in group}
        stale = [tip for tip, text in tips if text not in said]
        for record in fresh:
            if not stale:
                made.new.append(record)
                continue
            tip = stale.pop(0)
            by_person = tip.origin != IMPORT or hasattr(tip, "withdrawal")
            (made.kept if by_person else made.changed).append((tip, record))
    return made


@transaction.atomic
def add(patient: Patient, document: Document, *, same_person: bool, by: Person, at: datetime, key: UUID) -> Plan:
    """Write what is new and what changed at the source; what a person corrected or withdrew here stays as it is."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    content = {"document": document.id, "same_person": same_person}
    made = plan(patient, document)
    if keys.known(key, action="import", content=content):
        return made
    if made.unlike and not same_person:
        raise Refused("import.unlike")
    rows = [records.entry(record, patient=patient, by=by, at=at, document=document) for record in made.new]
    rows += [
        records.entry(record, patient=patient, by=by, at=at, document=document, replaces=tip)
        for tip, record in made.changed
    ]
    for row in rows:
        row.save(force_insert=True)
        trail.wrote(row, action="entry_imported", who=by.id, at=at, subject=patient.id, site=site_id)
    suicide.look(
        patient,
        list(zip(rows, [*made.new, *(record for _, record in made.changed)], strict=True)),
        site_id=site_id,
        by=by,
        at=at,
    )
    trail.happened("imported", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="import", content=content, answer=document.id, organisation_id=patient.organisation_id, at=at
    )
    return made


def _name(record: Record) -> tuple[str, ...]:
    """What makes two records versions of one: kind, reference and aspect."""
    return (kinds.KIND_OF[type(record)].value, kinds.reference(record), kinds.aspect(record))


def _latest_imports(patient: Patient, *, source: str) -> dict[tuple[str, ...], list[tuple[Entry, str]]]:
    """The versions that nothing replaces, by name, each with the text that the source told last."""
    # Of this record alone: a file for it never replaces what stands in a record that is only read as one with it.
    own = queries.entries(patient).filter(patient=patient, document__source=source)
    rows = {row.id: row for row in own.order_by("id")}
    replaced = {row.replaces_id for row in rows.values()}
    found: dict[tuple[str, ...], list[tuple[Entry, str]]] = defaultdict(list)
    for tip in rows.values():
        if tip.id in replaced:
            continue
        told = tip
        while told.origin != IMPORT:
            told = rows[told.replaces_id]
        found[_name(payloads.read(Kind(told.kind), told.payload, version=told.payload_version))].append(
            (tip, told.payload)
        )
    return found
