"""Which rows hold one page of care, with whom the patient shares which part of it, and what came from these?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Plan(Row):
    """The page as it stands from then on: `told` (JSON) has the answer to each topic. Rows are versions.

    `review_on`: when it is looked at together again. `together`: it was written with the patient, not only about them.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="plans")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    told = models.TextField()
    review_on = models.DateField()
    together = models.BooleanField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(replaces__isnull=True), name="plan_has_one_beginning"
            )
        ]


class Share(Row):
    """From then on whoever it is reads these topics (with commas; empty: none any more), as the patient says.

    `asks`: on the day after a treatment they are asked how it goes. `whom` is the root of the `reach.Outsider`; the newest row
    for them counts. `by` None: the patient, by their own link.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="plan_shares")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    whom = models.UUIDField()
    topics = models.CharField(max_length=300, blank=True)
    may_add = models.BooleanField()
    asks = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")


class Line(Row):
    """What somebody outside added by their link."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="lines")
    text = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="plan_line_says_something")]


class Asked(Row):
    """A carer is asked how it goes after one treatment: from `created` until `closes`, and once for each treatment."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="asked")
    whom = models.UUIDField()
    session = models.ForeignKey("treatment.Session", models.PROTECT, related_name="+")
    closes = models.DateTimeField()
    message = models.ForeignKey(
        "outbox.Message", models.PROTECT, null=True, related_name="+"
    )  # None: nowhere to send it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["whom", "session"], name="carer_is_asked_once_a_treatment")
        ]


class Checked(Row):
    """What the carer answered: `said` (JSON) by question; what is not in it was left blank."""

    asked = models.OneToOneField(Asked, models.PROTECT, related_name="checked")
    said = models.TextField()
    text = models.CharField(max_length=1000, blank=True)
