"""Which psychotherapy notes about a patient may this person read? Their own; those of others while they opened them.

No export, no copy, no search and no other page asks here.
"""

from __future__ import annotations

from datetime import datetime

from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.therapy.models import Note, Opened


def notes(patient: Patient, *, by: Person, at: datetime) -> list[Note]:
    """Those that count now and that the person may read, the newest day first."""
    found = Note.objects.filter(patient__in=patients.together(patient), replaced_by__isnull=True)
    if opened(patient, by=by, at=at) is None:
        found = found.filter(by=by)
    return list(found.select_related("by").order_by("-day", "-id"))


def authors(patient: Patient, *, without: Person) -> list[Person]:
    """Who else wrote notes about the patient: that there are some is no secret from whoever treats."""
    found = Note.objects.filter(patient__in=patients.together(patient), replaced_by__isnull=True)
    return list(Person.objects.filter(pk__in=found.exclude(by=without).values("by")).order_by("display_name", "id"))


def opened(patient: Patient, *, by: Person, at: datetime) -> Opened | None:
    """What the person has open of them now."""
    found = Opened.objects.filter(patient__in=patients.together(patient), by=by, created__lte=at, ends__gt=at)
    return found.order_by("-ends").first()
