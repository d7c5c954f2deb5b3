"""Which rows say who is at a site, and who is planned to be? None of them ever changes; the last one counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daybreak.web.rows import Row


class Stay(Row):
    """What a person says of themselves from then on: they are at that site, in a room, until a moment; or they left."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="stays")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    there = models.BooleanField()
    room = models.ForeignKey("people.Room", models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "seq"], name="stays_have_an_order"),
            models.CheckConstraint(condition=Q(there=False) | Q(until__isnull=False), name="stay_has_an_end"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "created"], name="stays_at_a_site")]


class Planned(Row):
    """From when until when somebody is to be at a site on a day; without hours they are not."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    day = models.DateField()
    seq = models.PositiveIntegerField()
    begins = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "day", "person", "seq"], name="plans_have_an_order"),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True) | Q(ends__gt=F("begins")), name="plan_has_hours"
            ),
        ]
