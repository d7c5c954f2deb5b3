"""Which rows hold what a site states of itself, and the cards that it published? None is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daybreak.web.rows import Row


class Stated(Row):
    """Somebody states it for a site, until before a day, on what evidence. The newest of a measure counts."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    evidence = models.CharField(max_length=500)
    on = models.DateField()
    until = models.DateField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "measure", "id"], name="stated_by_a_site")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(evidence=""), name="statement_has_words_and_evidence"),
            models.CheckConstraint(condition=Q(until__gt=F("on")), name="statement_holds_for_a_while"),
        ]


class Card(Row):
    """What was published, as signed, byte for byte. The newest of a site counts; strangers find it under `slug`."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    slug = models.CharField(max_length=80)
    content = models.BinaryField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["slug", "id"], name="cards_of_a_slug")]
