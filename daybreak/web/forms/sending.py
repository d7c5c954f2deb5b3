"""How does a link to a form come to the patient by mail?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web.forms.models import Sitting
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM, Link
from daybreak.web.locks import locked
from daybreak.web.outbox.models import Message
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import posting


@transaction.atomic
def link(sitting: Sitting, *, by: Person, at: datetime, key: UUID) -> Link:
    """A link that opens this one form, the same for the same key. Refused while nothing goes to the patient."""
    posting.may_go(locked(Patient, pk=sitting.patient_id))
    return links.make_once(
        purpose=FORM,
        subject=sitting.id,
        organisation_id=sitting.organisation_id,
        key=key,
        about=sitting.id,
        by=by,
        at=at,
    )


@transaction.atomic
def send(sitting: Sitting, *, by: Person, at: datetime, key: UUID) -> Message | None:
    """The link by mail, once for each key. None: the patient is not written to, and somebody has the task to call."""
    sitting = locked(Sitting, pk=sitting.pk)
    require(by, Permission.REGISTER_PATIENTS, at=at, site_id=sitting.site_id)
    made = link(sitting, by=by, at=at, key=key)
    if earlier := Message.objects.filter(link=made).first():
        return earlier
    return posting.to_patient(sitting.patient, about=sitting.id, site=sitting.site, at=at, link=made)
