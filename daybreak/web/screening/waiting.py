"""Which signed decisions wait: for a second person, or for the day on which somebody looks again?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import OuterRef, Subquery

from daybreak.web.patients.models import Details
from daybreak.web.people.models import Site
from daybreak.web.screening.models import NOT_YET, SECOND, TREAT, WITHDRAWN, Override, Snapshot

MOST = 200  # rows of each list; whoever has more works from the top


def found(sites: Sequence[Site]) -> tuple[list[Snapshot], list[Override], list[Snapshot]]:
    """Hard cases without their second signature, exceptions without theirs, and each "not yet" that nothing followed.

    Of each patient, site and protocol the newest decision counts. Whether the record has changed since is said where the
    chart is read: on the board and beside the signature.
    """
    newest = Snapshot.objects.filter(
        patient=OuterRef("patient"), site=OuterRef("site"), protocol=OuterRef("protocol")
    ).order_by("-id")
    last = (
        Snapshot.objects.filter(site__in=[site.id for site in sites], id=Subquery(newest.values("id")[:1]))
        .select_related("by", "site")
        .defer("content")
    )
    second = last.filter(outcome=TREAT, second__isnull=True, needs_second__isnull=False).exclude(needs_second="[]")
    waiting = (
        Override.objects.filter(site__in=[site.id for site in sites], needs_two=True)
        .exclude(events__kind__in=(SECOND, WITHDRAWN))
        .select_related("by", "site")
    )
    not_yet = last.filter(outcome=NOT_YET)
    return (
        list(second.order_by("id")[:MOST]),
        list(waiting.order_by("id")[:MOST]),
        list(not_yet.order_by("review_on")[:MOST]),
    )


def names(patients: Iterable[UUID]) -> dict[UUID, Details]:
    """Who they are."""
    rows = Details.objects.filter(patient__in=set(patients), replaced_by__isnull=True)
    return {row.patient_id: row for row in rows}
