"""Which rows say what was seen that may be misuse, which tests were made, and what a prescriber and the patient said?

None ever changes. All of them bear the label of substance use: they leave in no letter, no packet and no export.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daybreak.web.patients.kinds import SUBSTANCE_USE
from daybreak.web.rows import Row

NONE = "none"  # somebody asked, and there is no other explanation


class Noted(Row):
    """What every one of them has."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    sensitivity = models.CharField(max_length=20, default=SUBSTANCE_USE)

    class Meta:
        abstract = True


class Sign(Noted):
    """One sign of `misuse.yaml`, and between which two moments somebody saw it."""

    sign = models.CharField(max_length=40)
    earliest = models.DateTimeField()
    latest = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(earliest__lte=F("latest")), name="misuse_sign_begins_before_it_ends")
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "created"], name="misuse_signs_by_patient")]


class Explanation(Row):
    """What else a sign comes of, or (`none`) that somebody asked and found nothing. The newest of a sign counts."""

    sign = models.ForeignKey(Sign, models.PROTECT, related_name="explanations")
    what = models.CharField(max_length=40)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    sensitivity = models.CharField(max_length=20, default=SUBSTANCE_USE)


class Result(models.TextChoices):
    """What a test showed."""

    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    UNCLEAR = "unclear"
    DECLINED = "declined"


class Test(Noted):
    """One test of breath, urine or blood, on its day, with who looked at its result."""

    day = models.DateField()
    what = models.CharField(max_length=200)
    result = models.CharField(max_length=20, choices=Result.choices)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(result__in=Result.values), name="misuse_result_is_known"),
            models.CheckConstraint(condition=~Q(result="unexpected") | ~Q(text=""), name="misuse_unexpected_is_told"),
        ]


class Review(Noted):
    """A prescriber looked at all of it: it was talked about, or not, and why. What was seen before is not proposed again."""

    talked = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="misuse_review_says_why")]


class Answer(Noted):
    """What the patient said about it, in their own words: by their link, or (`by`) written down by whoever heard it."""

    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="misuse_answer_is_told")]
