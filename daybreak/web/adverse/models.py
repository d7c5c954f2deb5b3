"""Which adverse events were told, judged and reported? None ever changes: a correction is another version, and names the old."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daybreak.clinical.treatment.adverse import ANSWERS
from daybreak.web.rows import Row


class Version(Row):
    """What one person told of an event. `root`: the id of its first version; `told` (JSON, `told.py`); `serious`: what follows
    from the answers to each criterion, unknown as long as one is."""

    root = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="adverse_events")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    session = models.ForeignKey("treatment.Session", models.PROTECT, null=True, related_name="adverse_events")
    told = models.TextField()
    serious = models.CharField(max_length=10)
    reason = models.CharField(max_length=1000, blank=True)  # of a correction
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(serious__in=ANSWERS), name="adverse_serious_is_known"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="adverse_is_corrected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(root=F("id"), replaces__isnull=True) | Q(replaces__isnull=False),
                name="adverse_begins_with_its_root",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "created"], name="adverse_of_a_patient"),
            models.Index(fields=["root"], name="adverse_versions"),
            models.Index(fields=["site", "serious"], name="adverse_at_a_site"),
        ]


class Review(Row):
    """A prescriber judged that version, and signed: how surely it was the medicine, and whether the label lets it be expected."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="review")
    related = models.CharField(max_length=20)
    expected = models.CharField(max_length=10)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expected__in=ANSWERS), name="adverse_expected_is_known"),
        ]


class How(models.TextChoices):
    """By which way a report left, by a person; `NONE`: somebody decided that none is made."""

    PORTAL = "portal"
    PHONE = "phone"
    FAX = "fax"
    POST = "post"
    NONE = "none"


class Report(Row):
    """Somebody reported that version to somebody outside, on that day; `reference`: to whom, and what proves it, or why not."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="reports")
    day = models.DateField()
    how = models.CharField(max_length=20, choices=How.choices)
    reference = models.CharField(max_length=300)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="adverse_report_way_is_known"),
            models.CheckConstraint(condition=~Q(reference=""), name="adverse_report_has_a_proof"),
        ]
