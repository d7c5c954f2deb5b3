"""Which rows say that a prescription monitoring programme was looked at, and which how often a site looks? None ever changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Result(models.TextChoices):
    """What it showed."""

    NOTHING = "nothing"
    EXPECTED = "expected"  # what the record has
    UNEXPECTED = "unexpected"  # something that it has not, or another prescriber
    NOT_REACHED = "not_reached"


class Look(Row):
    """One look, by whoever looked. What was not as expected is told in words; `day`: of the programme's own answer."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="pdmp_looks")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    day = models.DateField()
    result = models.CharField(max_length=20, choices=Result.choices)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(result__in=Result.values), name="pdmp_result_is_known"),
            models.CheckConstraint(condition=~Q(result="unexpected") | ~Q(text=""), name="pdmp_unexpected_is_told"),
        ]
        indexes: ClassVar = [models.Index(fields=["patient", "created"], name="pdmp_looks_by_patient")]


class Rule(Row):
    """How old a look may be when a dose is given at a site, as a prescriber signed it by the state's law; `days` None: it is
    not asked for. `address`: where the programme is looked at. Rows are versions: the newest counts."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(null=True)
    address = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="pdmp_rule_has_a_reason"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(replaces__isnull=True), name="pdmp_rules_have_one_beginning"
            ),
        ]
