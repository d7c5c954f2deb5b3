"""How is one page of care written, shared as far as the patient says, and added to from outside?

Each action locks the patient, asks permission, looks at key and state, writes and audits, in this order.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.careplan import line_days, longest, topics
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.careplan import queries
from daybreak.web.careplan.models import Line, Plan, Share
from daybreak.web.courses.queries import where
from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import CARE, CARE_SHARED, Link
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox.models import Message
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import Stale, may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting
from daybreak.web.reach.models import CARER
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level


@transaction.atomic
def write(
    patient: Patient,
    told: Mapping[str, str],
    *,
    review_on: date | None,
    together: bool,
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Plan:
    """A new version of the page. `seen` is the one that the form was filled from; what its writer may not read stays as it
    was."""
    patient = patients.locked_together(patient)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    content = {"patient": patient.id, "told": dict(told), "review": review_on, "together": together, "seen": seen}
    if earlier := keys.known(key, action="plan_written", content=content):
        return Plan.objects.get(pk=earlier)
    now, site = queries.plan(patient), Site.objects.get(pk=site_id)
    if now and now.id != seen:
        raise Stale(now)
    before = queries.answers(now)
    sees = Permission.READ_SENSITIVE in patients.permissions(by, at=at)[site_id]
    said = {id: told.get(id, "") if sees or id not in queries.closed() else before[id] for id in topics()}
    _check(said, review_on, today=zones.day(at, site.zone))
    assert review_on is not None  # checked above
    row = Plan(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=now.patient if now else patient,
        site=site,
        told=json.dumps(said, ensure_ascii=False, sort_keys=True),
        review_on=review_on,
        together=together,
        by=by,
        replaces=now,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="plan_written", who=by.id, at=at, subject=patient.id, site=site_id)
    if now:
        tasks.done(source=f"plan {now.id}", by=by, at=at)
    tasks.make(
        source=f"plan {row.id}",
        kind=Kind.OTHER,
        what="careplan.task_review",
        site=site,
        patient=patient,
        level=Level.BY,
        due=zones.midnight(review_on + timedelta(days=1), site.zone),
        permission=Permission.WRITE_PATIENTS,
        owner=by,
        where=f"/patients/{patient.id}/care/",
        by=by,
        at=at,
    )
    keys.remember(
        key, action="plan_written", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def share(
    patient: Patient,
    *,
    whom: UUID | None,
    chosen: Collection[str],
    may_add: bool,
    asks: bool = False,
    agreed: bool,
    by: Person | None,
    at: datetime,
    key: UUID,
) -> Share:
    """From now on they read these topics, and none besides; nothing chosen ends it at once. A carer may also be asked after
    treatments (`asks`). `by` None: the patient says so.

    Where somebody here writes it down, it is with the tick that the patient chose.
    """
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at) if by else where(patient).id
    content = {
        "patient": patient.id,
        "whom": whom,
        "chosen": sorted(chosen),
        "add": may_add,
        "asks": asks,
        "by": by and by.id,
    }
    if earlier := keys.known(key, action="plan_shared", content=content):
        return Share.objects.get(pk=earlier)
    reader = next((one for one in queries.readers(patient) if one.root == whom), None)
    if reader is None or not set(chosen) <= topics().keys():
        raise Refused("careplan.choose", in_field="whom")
    if asks and reader.role != CARER:
        raise Refused("careplan.no_carer", in_field="asks")
    if not agreed:
        raise Refused("careplan.not_agreed", in_field="agreed")
    before = queries.shares(patient).get(reader.root)
    row = Share(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site_id=site_id,
        whom=reader.root,
        topics=",".join(id for id in topics() if id in chosen),
        may_add=may_add,
        asks=asks,
        by=by,
    )
    row.save(force_insert=True)
    via = {} if by else {"via": "link"}
    trail.wrote(row, action="plan_shared", who=by and by.id, at=at, subject=patient.id, site=site_id, **via)
    keys.remember(key, action="plan_shared", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    news = queries.opens(row) and not (before and queries.opens(before))  # else they have the link already
    if news and reader.email and patients.details(patient).birth:
        link = links.make(
            purpose=CARE_SHARED,
            subject=row.id,
            organisation_id=row.organisation_id,
            by=by,
            at=at,
            site_id=site_id,
            **via,
        )
        posting.to_outsider(reader, about=row.id, at=at, link=link)
    return row


def link_of_share(row: Share, *, by: Person, at: datetime, key: UUID) -> Link:
    """The link by which they read, shown to whoever gives it to them."""
    may_at(row.patient, Permission.WRITE_PATIENTS, by=by, at=at)
    born.required(row.patient)
    about = {"purpose": CARE_SHARED, "subject": row.id, "organisation_id": row.organisation_id}
    return links.make_once(key=key, about=row.id, **about, site_id=row.site_id, by=by, at=at)


@transaction.atomic
def own_link(patient: Patient, *, mail: bool, by: Person, at: datetime, key: UUID) -> Link:
    """The link by which the patient reads their page and says who else does; with `mail` it goes to them."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    posting.may_go(patient)
    born.required(patient)
    made = links.make_once(
        key=key,
        about=patient.id,
        purpose=CARE,
        subject=patient.id,
        organisation_id=patient.organisation_id,
        site_id=site_id,
        by=by,
        at=at,
    )
    if mail and not Message.objects.filter(link=made).exists():
        posting.to_patient(patient, about=patient.id, site=Site.objects.get(pk=site_id), at=at, link=made)
    return made


@transaction.atomic
def add(share: Share, text: str, *, at: datetime, key: UUID) -> Line:
    """A line from outside, by the link, and the task to read it."""
    patient = locked(Patient, pk=share.patient_id)
    now = queries.counting(share)
    content = {"share": share.id, "text": text}
    if earlier := keys.known(key, action="plan_line", content=content):
        return Line.objects.get(pk=earlier)
    if not now.may_add or not queries.may_read(now):
        raise Refused("careplan.may_not_add")
    if not text or len(text) > longest():
        raise Refused("careplan.line_length", in_field="text", most=longest())
    row = Line(id=ids.new(), organisation_id=share.organisation_id, created=at, share=now, text=text)
    row.save(force_insert=True)
    trail.wrote(row, action="plan_line", who=None, at=at, subject=patient.id, site=now.site_id, via="link")
    due = zones.day(at, now.site.zone) + timedelta(days=line_days() + 1)
    tasks.make(
        source=f"plan line {row.id}",
        kind=Kind.OTHER,
        what="careplan.task_line",
        site=now.site,
        patient=patient,
        level=Level.BY,
        due=zones.midnight(due, now.site.zone),
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        where=f"/patients/{patient.id}/care/",
        by=None,
        at=at,
        via="link",
    )
    keys.remember(key, action="plan_line", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _check(said: Mapping[str, str], review_on: date | None, *, today: date) -> None:
    if not any(said.values()):
        raise Refused("careplan.empty")
    for id, text in said.items():
        if len(text) > longest():
            raise Refused("careplan.too_long", in_field=id, typed=text[:30], most=longest())
    if review_on is None or review_on < today:
        raise Refused("careplan.review_missing", in_field="review_on")
