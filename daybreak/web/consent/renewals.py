"""Which consents end soon, and who asks for the next one?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.web import zones
from daybreak.web.consent import series
from daybreak.web.consent.models import Signature, Talk
from daybreak.web.patients.queries import all_together
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task


def source(signature: Signature) -> str:
    """What the task to renew it is made by."""
    return f"consent renewal {signature.id}"


def due(signature: Signature) -> bool:
    """Is there no later signature of the same document?"""
    talk = signature.talk
    later = Signature.objects.filter(talk__patient=talk.patient_id, talk__document=talk.document, id__gt=signature.id)
    return not later.exists()


def ask(*, at: datetime) -> int:
    """A task for each consent that comes near its last day, once; none when its series is over, and then one that was made
    is no longer needed. How many were made."""
    a_day = timedelta(days=1)  # no site is further from UTC
    near = Signature.objects.filter(renew_from__lte=at.date() + a_day, last_day__gte=at.date() - a_day)
    rows = near.filter(withdrawal__isnull=True).select_related("talk", "talk__site", "talk__patient")
    found = list(rows)
    made, over = 0, _over(found)
    for one in found:
        if one.pk in over:
            tasks.done(source=source(one), by=None, at=at, result=tasks.NOT_NEEDED)
            continue
        today = zones.day(at, one.talk.site.zone)
        asked = Task.objects.filter(source=source(one)).exists()
        if one.renew_from <= today <= one.last_day and not asked and due(one):
            _make(one, at=at)
            made += 1
    return made


def _over(signatures: Sequence[Signature]) -> set[UUID]:
    records = all_together({one.talk.patient_id for one in signatures})
    talks = Talk.objects.filter(signature__in=[one.pk for one in signatures])
    found = series.looked(talks, records).filter(series_over__isnull=False)
    return set(found.values_list("signature", flat=True))


@transaction.atomic
def _make(signature: Signature, *, at: datetime) -> None:
    talk = signature.talk
    tasks.make(
        source=source(signature),
        kind=Kind.OTHER,
        what="consent.task_renew",
        values={"on": signature.last_day.isoformat()},
        site=talk.site,
        patient=talk.patient,
        level=Level.BY,
        due=zones.midnight(signature.last_day, talk.site.zone),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        where=f"/patients/{talk.patient_id}/consents/{talk.id}/renew/",
        by=None,
        at=at,
        via="clock",
    )
