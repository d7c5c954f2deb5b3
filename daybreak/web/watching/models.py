"""Which rows say that the clock looks after treatments, and where an alarm was heard?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

DESK, TABLET, OWN = "desk", "tablet", "own"
PLACES = {DESK: "watching.desk", TABLET: "watching.tablet", OWN: "watching.own"}

LOUD = (DESK, OWN)


class Beat(models.Model):
    """When the clock looked after the treatments last: one row, which is no record of anybody and is written over."""

    at = models.DateTimeField()


class Listening(models.Model):
    """When a loud place of a site said last that it would sound: one row for each, which is no record of anybody either."""

    site = models.OneToOneField("people.Site", models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField()


class SoundTest(Row):
    """Somebody let a device sound, and said whether it was heard there. `device`: which browser it was, None where that is
    not known."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    place = models.CharField(max_length=10)
    heard = models.BooleanField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    device = models.CharField(max_length=16, null=True)

    class Meta:
        db_table = "watching_sound_test"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(place__in=list(PLACES)), name="sound_test_has_a_place"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "created"], name="sound_tests_at_a_site")]
