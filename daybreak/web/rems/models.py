"""Which rows are about the REMS? None ever changes: a correction is another one, and names the one that it corrects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.clinical.treatment.certified import Told
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
    """Somebody filed a signed form, outside of Daybreak, on that day and by that way; `reference`: what proves it, and
    `paper` the file of that, as it came."""

    form = models.OneToOneField(Form, models.PROTECT, related_name="filing")
    day = models.DateField()
    how = models.CharField(max_length=20, choices=How.choices)
    reference = models.CharField(max_length=300)
    paper = models.OneToOneField("papers.Paper", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="rems_filing_way_is_known"),
            models.CheckConstraint(condition=~Q(reference=""), name="rems_filing_has_a_proof"),
        ]


class Document(Row):
    """A file about a site that somebody brought, as it came."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    bytes = models.BinaryField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")


class Standing(Row):
    """What was written down last counts, version by version. `since`: the day it began, or from which it `ended`, for a `reason`;
    `expires` None: no last day was named."""

    since = models.DateField()
    expires = models.DateField(null=True)
    ended = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        abstract = True

    @property
    def told(self) -> Told:
        return Told(self.since, self.expires, self.ended)


class Certification(Standing):
    """A site's: under which `number`, who signed for it (`representative`), and under which address the programme knows it."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="certifications")
    number = models.CharField(max_length=60)
    representative = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(number="") & ~Q(representative=""), name="certification_names_both"),
            models.CheckConstraint(condition=Q(ended=False) | ~Q(reason=""), name="certification_ends_for_a_reason"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(replaces__isnull=True), name="certifications_have_one_beginning"
            ),
        ]


class Enrolment(Standing):
    """A patient's at a site: under which `number` of the programme, signed on the day `since`."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="enrolments")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(number=""), name="enrolment_has_a_number"),
            models.CheckConstraint(condition=Q(ended=False) | ~Q(reason=""), name="enrolment_ends_for_a_reason"),
            models.UniqueConstraint(
                fields=["patient", "site"], condition=Q(replaces__isnull=True), name="enrolments_have_one_beginning"
            ),
        ]


class Training(Standing):
    """Somebody was taught something for the certified site, on the day `since`. `ended`: that never was, or counts no longer."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="trainings")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what=""), name="training_says_what"),
            models.CheckConstraint(condition=Q(ended=False) | ~Q(reason=""), name="training_ends_for_a_reason"),
        ]


class Setting(Row):
    """Where the treatment of a booking is given, one of `rems.settings()`; the newest counts. After a dose it was corrected, and
    says why."""

    booking = models.ForeignKey("courses.Booking", models.PROTECT, related_name="settings")
    setting = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(replaces__isnull=True), name="settings_have_one_beginning"
            )
        ]
