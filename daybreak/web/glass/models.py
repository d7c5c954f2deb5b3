"""Which rows are about records that were opened in an emergency? None is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

CODES = ("danger", "treated_here", "nobody_reachable", "other")
JUSTIFIED, NOT_JUSTIFIED, UNCLEAR = "justified", "not_justified", "unclear"
JUDGEMENTS = (JUSTIFIED, NOT_JUSTIFIED, UNCLEAR)


class Opening(Row):
    """Somebody opened a record to which no role of theirs reaches, for a reason, until `ends`. It is for reading."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)
    ends = models.DateTimeField()
    reviewer = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # None: nobody is there

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient"], name="opening_patient")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__in=CODES), name="opening_code_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="opening_has_a_reason"),
        ]


class Ending(Row):
    """Before its time was over, who opened the record closed it by hand, or who reviewed it judged it."""

    opening = models.OneToOneField(Opening, models.PROTECT, related_name="ending")


class Judgement(Row):
    """What the reviewer found: was the emergency one?"""

    opening = models.OneToOneField(Opening, models.PROTECT, related_name="judgement")
    found = models.CharField(max_length=20)
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(found__in=JUDGEMENTS), name="judgement_is_known"),
            models.CheckConstraint(condition=Q(found=JUSTIFIED) | ~Q(note=""), name="judgement_says_why"),
        ]
