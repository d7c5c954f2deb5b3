"""Which links were made for a patient, what became of each, and how are they taken back?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.module_loading import import_string

from daybreak.web.links import actions
from daybreak.web.links.models import FINISHED, REVOKED, USED, Link
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.locks import locked
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission

SHOWN = 50


def themselves(patients: Iterable[UUID]) -> Iterable[UUID]:
    """For purposes whose subject is the patient."""
    return patients


def links(patient: Patient) -> QuerySet[Link]:
    """All of them, of whatever purpose, the newest first; of records that are read as one, of all of them.

    Each has `used`, `finished` and `revoked`: how often that happened to it.
    """
    patients = list(queries.together(patient))
    about = Q()
    for id, purpose in PURPOSES.items():
        if purpose.subjects:
            about |= Q(purpose=id, subject__in=import_string(purpose.subjects)(patients))
    happened = {name: Count("events", filter=Q(events__kind=name)) for name in (USED, FINISHED, REVOKED)}
    return Link.objects.filter(about).annotate(**happened).select_related("by").order_by("-id")


@transaction.atomic
def revoke(patient: Patient, *, which: UUID | None, by: Person, at: datetime) -> None:
    """Take one of them back, or (None) every one. Twice is as once; one that is not this patient's stays as it is."""
    patient = locked(Patient, pk=patient.pk)
    may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    found = links(patient).filter(expires__gt=at)
    for link in found if which is None else found.filter(pk=which):
        actions.revoke(link, by=by, at=at)


def revoke_all(patient: Patient, *, by: Person | None, at: datetime) -> None:
    """Within another action that has asked whether `by` may, and has locked the patient."""
    for link in links(patient).filter(expires__gt=at):
        actions.revoke(link, by=by, at=at)


def state(link: Any, *, at: datetime) -> str:
    """The id of the sentence that says whether it still opens something; `link` is one of `links`."""
    if link.revoked:
        return "links.taken_back"
    if link.finished:
        return "links.did_its_work"
    if at >= link.expires:
        return "links.over"
    return "links.used_up" if link.used >= link.uses else "links.until"
