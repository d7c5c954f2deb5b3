"""How does the link to a consent that was talked about get to the patient?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web.consent.models import Talk
from daybreak.web.links import actions as links
from daybreak.web.links.models import CONSENT, Link
from daybreak.web.locks import locked
from daybreak.web.outbox.models import Message
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.reach import posting
from daybreak.web.refusals import Conflict


@transaction.atomic
def link(talk: Talk, *, by: Person, at: datetime, key: UUID) -> Link:
    """A link to read, answer and, where the document allows it, sign; once for each key. Refused while nothing goes out."""
    patient = locked(Patient, pk=talk.patient_id)
    may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    now = Talk.objects.select_related("signature", "end").get(pk=talk.pk)
    if hasattr(now, "signature") or hasattr(now, "end"):
        raise Conflict("consent.no_link_now")
    posting.may_go(patient)
    told = {"purpose": CONSENT, "subject": talk.patient_id, "organisation_id": talk.organisation_id, "by": by, "at": at}
    return links.make_once(**told, site_id=talk.site_id, key=key, about=talk.id)


@transaction.atomic
def mail(talk: Talk, *, by: Person, at: datetime, key: UUID) -> Message | None:
    """The same by mail, once for each key. None: the patient is not written to, and somebody has the task to call."""
    made = link(talk, by=by, at=at, key=key)
    if earlier := Message.objects.filter(link=made).first():
        return earlier
    return posting.to_patient(talk.patient, about=talk.id, site=talk.site, at=at, link=made)
