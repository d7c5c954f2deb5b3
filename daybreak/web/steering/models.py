"""Which rows say what a prescriber judged of a course, and that a rating called for it? None of them ever changes."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Decision(StrEnum):
    """What follows from a judgement. Nothing of it is a dose."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"


class Judgement(Row):
    """A prescriber judged whether the treatment of a course helps, and why. STOP: who looks after the patient from then on."""

    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="judgements")
    decision = models.CharField(max_length=20)
    why = models.CharField(max_length=1000)
    looks_after = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["course", "created"], name="judgements_of_a_course")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(decision__in=[one.value for one in Decision]), name="decision_is_known"),
            models.CheckConstraint(condition=~Q(why=""), name="judgement_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(decision="stop") | ~Q(looks_after=""), name="somebody_looks_after_the_patient"
            ),
        ]


class Signal(Row):
    """A rating of that day showed, on that scale, that what was gained is going; once for each day."""

    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="signals")
    scale = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "scale", "day"], name="a_signal_is_written_once"),
        ]
