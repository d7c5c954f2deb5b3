"""Why does an entry bear another label than its kind has by itself?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Labelling(Row):
    """Somebody gave the entry its label, by a version that says the same and bears another one."""

    entry = models.OneToOneField("patients.Entry", models.PROTECT, related_name="labelling")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="labelling_has_a_reason")]
