"""What does the audit trail say?"""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from daybreak.web.audit.models import Entry
from daybreak.web.people.models import Person

SHOWN = 50


def latest() -> QuerySet[Entry]:
    """The newest lines first, each with the `name` of who acted."""
    name = Person.objects.filter(pk=OuterRef("who")).values("display_name")
    return Entry.objects.annotate(name=Subquery(name)).order_by("-id")[:SHOWN]
