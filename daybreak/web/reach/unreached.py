"""What happens when somebody outside cannot be written to? Somebody here has the task to call instead."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daybreak.knowledge.reach import within
from daybreak.web.outbox.models import Message
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import queries
from daybreak.web.tasks.models import Kind, Level, Task

CALL = "reach.task_call"


def tell(message: Message, *, at: datetime) -> Task:
    """The message did not leave after several tries."""
    return ask_to_call(f"message {message.id}", patient=message.patient, site=message.site, at=at)


def no_way(patient: Patient | None, *, about: UUID, site: Site, at: datetime) -> Task:
    """There is no address, or nobody said that it may be used."""
    whom = patient.id if patient else "outside"
    return ask_to_call(f"unreached {whom} {about}", patient=patient, site=site, at=at)


def ask_to_call(source: str, *, patient: Patient | None, site: Site, at: datetime) -> Task:
    """A task for the front desk of the site; the same `source` makes it once, and one that is open about a patient is enough."""
    waits = (
        queries.still_open(Task.objects.filter(what=CALL, patient=patient, site=site))
        if patient
        else Task.objects.none()
    )
    return waits.first() or tasks.make(
        source=source,
        kind=Kind.OTHER,
        what=CALL,
        site=site,
        patient=patient,
        level=Level.BY,
        due=at + within("unreached"),
        permission=Permission.REGISTER_PATIENTS,
        role=Role.FRONT_DESK,
        where=f"/patients/{patient.id}/reach/" if patient else "",
        by=None,
        at=at,
        via="clock",
    )
