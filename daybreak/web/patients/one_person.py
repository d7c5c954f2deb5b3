"""When are two records of one person, who said so, and how do they come apart again?

Nothing is moved: two claims by two people link the records, and from then on each is read with the other's entries. What is
written goes into the record in which it is written, so that each has its own back, exactly, when the link ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries
from daybreak.web.patients.models import Parting, Patient, SamePerson, SecondLook
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Conflict, Refused

Model = TypeVar("Model", bound=models.Model)
# What has to happen when two records become one: `(patient, other, by=…, at=…)`, just before, in that transaction.
LINKING = ["daybreak.web.reach.standings.linking"]


def claims(patient: Patient) -> list[SamePerson]:
    """What was said about this record and another and has not ended, with who said it."""
    rows = SamePerson.objects.filter(Q(patient=patient) | Q(other=patient), parting__isnull=True)
    return list(rows.select_related("patient", "other", "by", "second_look", "second_look__by").order_by("id"))


@transaction.atomic
def claim(patient: Patient, other: Patient, *, reason: str, by: Person, at: datetime, key: UUID) -> SamePerson:
    """The first look: both are one person, and why. Nothing changes before the second."""
    site_id = _both(patient, other, by=by, at=at)

    def made() -> SamePerson:
        _reason(reason)
        if any(other.id in (one.patient_id, one.other_id) for one in claims(patient)):
            raise Conflict("one_person.claimed")
        return SamePerson(patient=patient, other=other, reason=reason, by=by, **_common(patient, at))

    content = {"patient": patient.id, "other": other.id, "reason": reason}
    return _once(
        SamePerson, made, "same_person_claimed", content, patient=patient, site_id=site_id, by=by, at=at, key=key
    )


@transaction.atomic
def second(claim: SamePerson, *, by: Person, at: datetime, key: UUID) -> SecondLook:
    """The second look, by somebody else: from now on both are read as one."""
    site_id = _both(claim.patient, claim.other, by=by, at=at)

    def made() -> SecondLook:
        _open(claim)
        if claim.by_id == by.id:
            raise Refused("one_person.another_person")
        if SecondLook.objects.filter(claim=claim).exists():
            raise Conflict("one_person.looked_already")
        for name in LINKING:
            linking: Callable[..., object] = import_string(name)
            linking(claim.patient, claim.other, by=by, at=at)
        return SecondLook(claim=claim, by=by, **_common(claim.patient, at))

    content = {"claim": claim.id}
    return _once(
        SecondLook,
        made,
        "same_person_confirmed",
        content,
        patient=claim.patient,
        site_id=site_id,
        by=by,
        at=at,
        key=key,
    )


@transaction.atomic
def part(claim: SamePerson, *, reason: str, by: Person, at: datetime, key: UUID) -> Parting:
    """They are two people after all, or it was never certain: each record is read alone again."""
    site_id = _both(claim.patient, claim.other, by=by, at=at)

    def made() -> Parting:
        _open(claim)
        _reason(reason)
        return Parting(claim=claim, reason=reason, by=by, **_common(claim.patient, at))

    content = {"claim": claim.id, "reason": reason}
    return _once(
        Parting, made, "same_person_parted", content, patient=claim.patient, site_id=site_id, by=by, at=at, key=key
    )


def _both(patient: Patient, other: Patient, *, by: Person, at: datetime) -> UUID:
    """Lock both and what is read as one with either, always in the same order; the person writes in both."""
    if patient.id == other.id:
        raise Refused("one_person.itself")
    records = queries.all_together([patient.id, other.id])
    for id in sorted({one for those in records.values() for one in those}):
        locked(Patient, pk=id)
    may_at(other, Permission.WRITE_PATIENTS, by=by, at=at)
    return may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)


def _open(claim: SamePerson) -> None:
    if Parting.objects.filter(claim=claim).exists():
        raise Conflict("one_person.parted_meanwhile")


def _reason(reason: str) -> None:
    most = SamePerson._meta.get_field("reason").max_length
    if not reason or len(reason) > most:
        raise Refused("one_person.reason_missing", in_field="reason", most=most)


def _common(patient: Patient, at: datetime) -> dict[str, object]:
    return {"id": ids.new(), "organisation_id": patient.organisation_id, "created": at}


def _once(
    model: type[Model],
    made: Callable[[], Model],
    action: str,
    content: dict[str, object],
    *,
    patient: Patient,
    site_id: UUID,
    by: Person,
    at: datetime,
    key: UUID,
) -> Model:
    if earlier := keys.known(key, action=action, content=content):
        return model._default_manager.get(pk=earlier)
    row = made()
    row.save(force_insert=True)
    trail.wrote(row, action=action, who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(key, action=action, content=content, answer=row.pk, organisation_id=patient.organisation_id, at=at)
    return row
