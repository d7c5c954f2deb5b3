"""What of a record may this reader not read, although every decision uses it?

Hiding is for the eye alone: verdicts and statuses are made from the whole record, whoever looks. A label hides every
earlier version of the entry too. Whoever wrote an entry goes on reading it.
"""

from __future__ import annotations

from uuid import UUID

from daybreak.web.patients import older, queries
from daybreak.web.patients.kinds import ORDINARY
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission


def hidden(patient: Patient, *, by: Person, allowed: frozenset[Permission]) -> dict[UUID, str]:
    """The versions that the person may not read, each with what the record calls it."""
    if Permission.READ_SENSITIVE in allowed:
        return {}
    found: dict[UUID, str] = {}
    before: dict[UUID, tuple[UUID, str]] = {}
    rows = queries.versions(patient)
    reference = {row.id: row.reference for row in rows}
    for row in rows:
        if older.label(row) != ORDINARY and row.by_id != by.pk:
            found[row.id] = row.reference
        if row.replaces_id is not None:
            before[row.id] = row.replaces_id, reference[row.replaces_id]
    for id in list(found):
        while (earlier := before.get(id)) is not None and earlier[0] not in found:
            id, found[earlier[0]] = earlier
    return found
