"""Which row says that a day of a site was closed, by whom, and to whom went what was open?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daybreak.web.rows import Row


class Closing(Row):
    """The day is closed. The numbers say how much was open: visits, tasks handed on, and tasks that stayed where they were."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    day = models.DateField()
    on_call = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    visits = models.PositiveIntegerField()
    handed = models.PositiveIntegerField()
    stayed = models.PositiveIntegerField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "day"], name="a_day_is_closed_once")]
