"""What did a patient write, and to whom do they show it? Rows are events: of who may read a page the last word counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

NOBODY, CLINICIANS, NAMED = "nobody", "clinicians", "named"
READERS = (NOBODY, CLINICIANS, NAMED)


class Page(Row):
    """One page, by the patient alone. What they wrote stays as it is."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")  # whose clinicians are asked to read it
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "id"], name="diary_of_a_patient")]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="diary_page_is_not_empty")]


class Shown(Row):
    """From now on these may read the page: nobody, whoever may read the record, or one person."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="shown")
    seq = models.PositiveIntegerField()
    to = models.CharField(max_length=10)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "seq"], name="diary_readers_have_an_order"),
            models.CheckConstraint(
                condition=Q(to=NAMED, person__isnull=False) | Q(to__in=(NOBODY, CLINICIANS), person__isnull=True),
                name="diary_readers_are_known",
            ),
        ]
