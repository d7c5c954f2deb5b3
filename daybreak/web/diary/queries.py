"""Which pages are there, and which of them may somebody read?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, UUIDField

from daybreak.web.diary.models import CLINICIANS, NAMED, Page, Shown
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, who_may

MOST = 100


def own(patient: Patient) -> list[Page]:
    """All that the patient wrote, the newest first, each with `to` and `person_id`, who may read it now."""
    return list(_last(Page.objects.filter(patient=patient)).order_by("-created", "-id")[:MOST])


def shown_to(reader: Person, records: Iterable[UUID]) -> list[Page]:
    """What the patient shows to whoever may read their record, or to this person. Of the rest not even that it is there."""
    rows = _last(Page.objects.filter(patient__in=list(records)))
    mine = Q(to=CLINICIANS) | Q(to=NAMED, named=reader.pk)
    return list(rows.filter(mine).order_by("-created", "-id")[:MOST])


def clinicians(site: Site, *, at: datetime) -> list[Person]:
    """Whom a patient can choose by name: who may read records there."""
    return sorted(who_may(Permission.READ_PATIENTS, [site.id], at=at)[site.id], key=lambda one: one.display_name)


def _last(rows: QuerySet[Page]) -> QuerySet[Page]:
    last = Shown.objects.filter(page=OuterRef("pk")).order_by("-seq")
    return rows.annotate(
        to=Subquery(last.values("to")[:1]), named=Subquery(last.values("person")[:1], output_field=UUIDField())
    )
