"""How does whoever gets a record learn where to say that it arrived?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.models import Message
from daybreak.web.people.models import Person
from daybreak.web.reach import posting
from daybreak.web.reach.models import Outsider
from daybreak.web.transfer import actions
from daybreak.web.transfer.models import Transfer


@transaction.atomic
def mail(row: Transfer, *, email: str, by: Person, at: datetime, key: UUID) -> Message | None:
    """The link for the receipt to the receiver, once for each key. The mail says nothing of whom it is about, and goes out
    also when nothing goes to the patient any more."""
    made = actions.link_of(row, by=by, at=at, key=key)
    if earlier := Message.objects.filter(link=made).first():
        return earlier
    outbox.check(email)
    id = ids.new()
    about = {"organisation_id": row.organisation_id, "created": at, "site": row.site, "language": row.paper.language}
    whom = Outsider(id=id, root=id, role="other", name=row.receiver, email=email, by=by, **about)
    whom.save(force_insert=True)
    trail.wrote(whom, action="outsider_set", who=by.id, at=at, subject=row.patient_id, site=row.site_id)
    return posting.to_outsider(whom, about=row.id, at=at, link=made)
