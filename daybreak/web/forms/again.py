"""Who asks again for what a patient left unanswered, when their form ended part way by itself?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daybreak.knowledge.spans import span
from daybreak.web.forms.models import Ended, Sitting
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import queries as reach
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level


def to_ask(sitting: Sitting, *, at: datetime) -> None:
    """A task for who asked for it, in the transaction in which it ends; none while nothing goes to the patient."""
    if reach.standing(sitting.patient_id) is not None:
        return
    tasks.make(
        source=_source(sitting.id),
        kind=Kind.OTHER,
        what="forms.task_again",
        site=sitting.site,
        patient=sitting.patient,
        level=Level.BY,
        due=at + span("form-again"),
        permission=Permission.REGISTER_PATIENTS,
        role=Role.FRONT_DESK,
        owner=sitting.by,
        where=f"/patients/{sitting.patient_id}/forms/?form={sitting.form}",
        by=None,
        at=at,
        via="clock",
    )


def asked(patient: Patient, form: str, *, by: Person, at: datetime) -> None:
    """The same form was asked again: nobody has to any more."""
    by_itself = Sitting.objects.filter(patient=patient, form=form, ending__how=Ended.AS_FAR, ending__by=None)
    for id in by_itself.values_list("id", flat=True):
        tasks.done(source=_source(id), by=by, at=at)


def _source(sitting: UUID) -> str:
    return f"form ended part way {sitting}"
