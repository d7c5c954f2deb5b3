"""Which monitoring forms were signed? None ever changes: a correction is another one, and names the one that it corrects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Form(Row):
    """What one person signed about one session: in which version of the form, up to which event (`events` of them), with every
    line as it stood there (`lines`, JSON) and the signer's answers to what is to be judged (`answers`, JSON)."""

    session = models.ForeignKey("treatment.Session", models.PROTECT, related_name="rems_forms")
    version = models.CharField(max_length=20)
    events = models.PositiveIntegerField()
    lines = models.TextField()
    answers = models.TextField()
    reason = models.CharField(max_length=1000, blank=True)  # of a correction
    paper = models.OneToOneField("papers.Paper", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(replaces__isnull=True), name="rems_forms_have_one_beginning"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="rems_form_is_corrected_for_a_reason"
            ),
        ]


class How(models.TextChoices):
    """By which way a form went to the programme."""

    PORTAL = "portal"
    FAX = "fax"
    OTHER = "other"


class Filing(Row):
    """Somebody filed a signed form, outside of Daybreak, on that day and by that way; `reference`: what proves it."""

    form = models.OneToOneField(Form, models.PROTECT, related_name="filing")
    day = models.DateField()
    how = models.CharField(max_length=20, choices=How.choices)
    reference = models.CharField(max_length=300)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="rems_filing_way_is_known"),
            models.CheckConstraint(condition=~Q(reference=""), name="rems_filing_has_a_proof"),
        ]
