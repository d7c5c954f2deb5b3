"""What can somebody do to their own ways in?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.presence.models import Session


@transaction.atomic
def end_sessions(person: Person, *, only: str, but: str, at: datetime) -> None:
    """End the session `only`, or with "" all of the person; never the one from which it is asked. Twice is as once."""
    person = locked(Person, pk=person.pk)
    require(person, Permission.OWN_PAGE, at=at)
    chosen = Session.objects.filter(person=person, **({"pk": only} if only else {})).exclude(pk=but)
    for row in chosen:
        row.delete()
        trail.happened("session_ended", who=person.id, at=at)
