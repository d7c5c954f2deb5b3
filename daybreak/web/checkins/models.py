"""Which check-ins became due, and which form was asked for each? A row is an event and never changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daybreak.web.rows import Row


class CheckIn(Row):
    """A form was asked by the schedule, once for each moment: `occasion` and `key` name it within its course.

    Without a message nothing went out, because the patient is not written to.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="checkins")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="checkins")
    occasion = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    sitting = models.OneToOneField("forms.Sitting", models.PROTECT, related_name="checkin")
    message = models.ForeignKey("outbox.Message", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "checkins_checkin"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "occasion", "key"], name="asked_once_for_each_moment"),
        ]
