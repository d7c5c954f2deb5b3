"""For which series of treatments does a signature no longer serve, because one has ended since?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Case, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When

from daybreak.knowledge.consents import per_series
from daybreak.web.consent.models import Talk
from daybreak.web.courses.models import CourseEnd


def looked(talks: QuerySet[Talk], persons: Mapping[UUID, Iterable[UUID]]) -> QuerySet[Talk]:
    """Each with `series_over`: when the first course of the person ended after its signature; None: none has, or its document
    is not asked for by series. `persons`: by patient, the records that are read as one.
    """
    ended = CourseEnd.objects.filter(created__gt=OuterRef("signature__created")).order_by("created").values("created")
    linked = {those for those in map(frozenset, persons.values()) if len(those) > 1}
    when = Case(
        When(~Q(document__in=per_series()), then=Value(None)),
        *(When(patient__in=those, then=Subquery(ended.filter(course__patient__in=those)[:1])) for those in linked),
        default=Subquery(ended.filter(course__patient=OuterRef("patient"))[:1]),
        output_field=DateTimeField(),
    )
    return talks.annotate(series_over=when)
