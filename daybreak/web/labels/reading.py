"""What of a record may this reader not read, although every decision uses it?

Hiding is for the eye alone: verdicts and statuses are made from the whole record, whoever looks. A label hides every
earlier version of the entry too. Whoever wrote an entry goes on reading it.
"""

from __future__ import annotations

from uuid import UUID

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
    labelled = Entry.objects.filter(patient__in=records).exclude(sensitivity=ORDINARY).exclude(by_id=by.pk)
    found = dict(labelled.values_list("id", "reference"))
    if found:
        versions = Entry.objects.filter(patient__in=records, replaced_by__isnull=False)
        before = {row.replaced_by.id: row for row in versions.select_related("replaced_by")}
        for id in list(found):
            while (earlier := before.get(id)) is not None and earlier.id not in found:
                found[earlier.id], id = earlier.reference, earlier.id
    return found
