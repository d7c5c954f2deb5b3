"""What has to happen elsewhere, in the same transaction, when a consent is taken back?"""

from __future__ import annotations

from datetime import datetime

from django.utils.module_loading import import_string

from daybreak.web.consent import renewals
from daybreak.web.consent.models import Withdrawal
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level

# Functions (withdrawal, by, at), in order. What only reads a consent needs none: it is not valid from this row on.
WITHDRAWN = ("daybreak.web.consent.after.tell_the_clinic",)


def withdrawn(row: Withdrawal, *, by: Person | None, at: datetime) -> None:
    """Tell all of them."""
    for name in WITHDRAWN:
        import_string(name)(row, by, at)


def tell_the_clinic(row: Withdrawal, by: Person | None, at: datetime) -> None:
    """Somebody talks with the patient today about what goes on without it; nobody is asked to renew it."""
    talk = row.signature.talk
    tasks.make(
        source=f"consent withdrawn {row.id}",
        kind=Kind.OTHER,
        what="consent.task_withdrawn",
        site=talk.site,
        patient=talk.patient,
        level=Level.TODAY,
        due=due.today(talk.site.zone, at),
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        where=f"/patients/{talk.patient_id}/consents/{talk.id}/",
        by=by,
        at=at,
    )
    tasks.done(source=renewals.source(row.signature), by=by, at=at)
