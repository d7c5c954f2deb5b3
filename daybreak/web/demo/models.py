"""Which row says that every patient in this database is made up?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daybreak.web.rows import Row


class Mark(Row):
    """Set once, before the first patient, and never removed."""

    class Meta:
        db_table = "demo_mark"
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation"], name="demo_is_marked_once")]
