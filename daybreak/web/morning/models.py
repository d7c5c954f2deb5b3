"""Which row says that the list of a site was read up to a moment, and by whom?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daybreak.web.rows import Row


class Read(Row):
    """Somebody went through what had come until `upto`, `tasks` tasks and `answered` forms; the next list begins there."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    upto = models.DateTimeField()
    tasks = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "morning_read"
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "seq"], name="lists_are_read_in_order")]
