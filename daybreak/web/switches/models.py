"""Which rows say that a live function of a site was switched on or off? None ever changes."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Function(StrEnum):
    """What is off until somebody switches it on (`functions.yaml`)."""

    VALUES = "values"
    ALARMS = "alarms"
    PUMPS = "pumps"
    CONCENTRATION = "concentration"
    URGENCY = "urgency"


class Switched(Row):
    """From now on it is `on` at the site, or off. `text`: what was read before it was signed, and the `digest` of it in every
    language. Rows are versions: the newest counts."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    function = models.CharField(max_length=20)
    on = models.BooleanField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(function__in=[one.value for one in Function]), name="switched_function_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="switched_has_a_reason"),
            models.UniqueConstraint(
                fields=["site", "function"],
                condition=Q(replaces__isnull=True),
                name="switches_have_one_beginning",
            ),
        ]
