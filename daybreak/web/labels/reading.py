"""What of a record may this reader not read, although every decision uses it?

Hiding is for the eye alone: verdicts and statuses are made from the whole record, whoever looks. A label hides every
earlier version of the entry too. Whoever wrote an entry goes on reading it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from daybreak.web.patients import queries
from daybreak.web.patients.kinds import ORDINARY
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission


def hidden(patient: Patient, *, by: Person, allowed: frozenset[Permission]) -> dict[UUID, str]:
    """The versions that the person may not read, each with what the record calls it."""
    if Permission.READ_SENSITIVE in allowed:
        return {}
    records = queries.together(patient)
    labelled = ~Q(sensitivity=ORDINARY) & ~Q(by_id=by.pk)
    rows = Entry.objects.filter(labelled | Q(replaced_by__isnull=False), patient__in=records)
    found: dict[UUID, str] = {}
    before: dict[UUID, tuple[UUID, str]] = {}
    for id, reference, sensitivity, author, later in rows.values_list(
        "id", "reference", "sensitivity", "by_id", "replaced_by__id"
    ):
        if sensitivity != ORDINARY and author != by.pk:
            found[id] = reference
        if later is not None:
            before[later] = id, reference
    for id in list(found):
        while (earlier := before.get(id)) is not None and earlier[0] not in found:
            id, found[earlier[0]] = earlier
    return found
