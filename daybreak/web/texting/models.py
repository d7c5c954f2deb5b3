"""Which texts came, from whom, and what was made of each? A row is an event and never changes."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class What(StrEnum):
    """The number of the day, one that is in nobody's record, or anything else."""

    NUMBER = "number"
    NOBODYS = "nobodys"
    WORDS = "words"


class Text(Row):
    """One text, as the gateway brought it. `told` is the gateway's id of it; with the same content it is counted once.

    `sitting` is the form that a number answered. Who sent it stands in `Whose`.
    """

    told = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    sender = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    what = models.CharField(max_length=10)
    sitting = models.ForeignKey("forms.Sitting", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["told", "digest"], name="a_text_is_taken_once"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="text_is_known"),
            models.CheckConstraint(
                condition=Q(what="number", sitting__isnull=False) | (~Q(what="number") & Q(sitting__isnull=True)),
                name="text_with_a_number_is_an_answer",
            ),
        ]


class Whose(Row):
    """A text came from the phone of this patient."""

    text = models.ForeignKey(Text, models.PROTECT, related_name="whose")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["text", "patient"], name="whose_text_is_said_once")]
