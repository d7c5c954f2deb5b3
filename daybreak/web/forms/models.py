"""Which forms were asked, what was answered, and how did each end? Rows are events: none is ever changed."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Mode(StrEnum):
    """By which door somebody answers. The questions are the same."""

    LINK = "link"
    TABLET = "tablet"
    PHONE = "phone"
    DESK = "desk"
    PAPER = "paper"


ALONE = frozenset({Mode.LINK, Mode.TABLET})  # nobody writes it down for them


class Ended(StrEnum):
    """How it ended: answered to the end, or as far as somebody got, or taken back unanswered, or because the patient died."""

    FINISHED = "finished"
    AS_FAR = "as_far"
    WITHDRAWN = "withdrawn"
    DIED = "died"


UNUSED = frozenset({Ended.WITHDRAWN, Ended.DIED})  # nothing of the answers goes into the record


class Sitting(Row):
    """A patient is asked one form. `version` is that of its words when it was asked; `by` is who asked for it."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="sittings")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=10)
    mode = models.CharField(max_length=10)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "id"], name="sittings_of_a_patient")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=[one.value for one in Mode]), name="sitting_mode_is_known")
        ]


class Answer(Row):
    """What was answered to one question; a later answer to the same question counts instead. `by` wrote it down.

    What is `created` after the end came late: it stands beside the form and changes nothing of its result.
    """

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="answers")
    seq = models.PositiveIntegerField()
    question = models.CharField(max_length=60)
    value = models.TextField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "seq"], name="answers_have_an_order"),
            models.CheckConstraint(condition=~Q(value=""), name="an_answer_is_not_empty"),
        ]


class Ending(Row):
    """It is over. `minutes`: what a member of staff spent on it, as they say, or what passed while the patient answered."""

    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="ending")
    how = models.CharField(max_length=10)
    minutes = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "forms_ending"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=[one.value for one in Ended]), name="ending_is_known")
        ]
