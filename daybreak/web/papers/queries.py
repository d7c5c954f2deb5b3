"""Which papers of a patient may this person open?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daybreak.web.papers.models import Paper
from daybreak.web.patients.kinds import ORDINARY
from daybreak.web.patients.queries import here
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission


def open_to(person: Person, patient_id: UUID, *, at: datetime) -> list[Paper]:
    """Without the bytes, the newest first. What bears a label is for whoever may read what bears one."""
    _, may = here(person, patient_id, at=at)
    allowed = frozenset[Permission]().union(*may.values())
    found = Paper.objects.filter(patient=patient_id, permission__in=allowed).defer("bytes").select_related("by")
    if Permission.READ_SENSITIVE not in allowed:
        found = found.filter(sensitivity=ORDINARY)
    return list(found.order_by("-id"))
