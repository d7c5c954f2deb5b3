"""Which rows are about a patient? All are versions or events: none is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.patients.kinds import SENSITIVITIES, Kind
from daybreak.web.rows import Row

IMPORT, PERSON, PATIENT = "import", "person", "patient"
SEXES = ("female", "male", "other", "")


class Patient(Row):
    """Somebody who is, or may become, a patient of the organisation. Actions on the record lock this row."""


class Details(Row):
    """Who the patient is. Rows are versions: the one that nothing replaces counts."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="details")
    family_name = models.CharField(max_length=200)
    given_names = models.CharField(max_length=200, blank=True)
    birth = models.CharField(max_length=10, blank=True)  # 1971-04-02, 1971-04, 1971; empty: not recorded
    sex = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=60, blank=True)  # the one that the patient wants to be spoken to in
    access_needs = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "patients_details"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="details_sex_is_known"),
            models.CheckConstraint(condition=~Q(family_name=""), name="details_have_a_name"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(replaces__isnull=True), name="details_have_one_beginning"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["birth"], name="details_birth")]


class Registration(Row):
    """The patient is known at a site, under a number there. Whoever works at that site may find them."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="registrations")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "site"], name="registered_once_at_a_site"),
            models.UniqueConstraint(fields=["site", "number"], name="number_is_given_once_at_a_site"),
            models.CheckConstraint(condition=~Q(number=""), name="registration_has_a_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "id"], name="registered_at_a_site_lately")]


class NamePiece(models.Model):
    """Three letters in a row of a name that a patient of the site has or had, as `names.pieces` writes them."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_index=False)
    piece = models.CharField(max_length=3)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")

    class Meta:
        db_table = "patients_name_piece"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "piece", "patient"], name="piece_stands_once_for_a_patient")
        ]


class NameWord(models.Model):
    """A word of a name that a patient of the site has or had, or how it sounds, as `names.stored` writes them."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=40)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")

    class Meta:
        db_table = "patients_name_word"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "word", "patient"], name="word_stands_once_for_a_patient")
        ]


class Document(Row):
    """A file as it came, in the transaction that refers to it."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="documents")
    source = models.CharField(max_length=200)  # who made the file, as the person who brought it says
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    bytes = models.BinaryField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "source", "sha256"], name="document_is_kept_once")
        ]


class Entry(Row):
    """One version of one clinical record. A correction is a new row that points to the one it replaces.

    `payload` is the frozen record of `daybreak.clinical.records` as `payloads` writes it. It is text, so that both
    databases give back the same characters.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20)
    payload = models.TextField()
    payload_version = models.PositiveSmallIntegerField()
    happened = models.DateField(null=True)  # the earliest day that the record may mean; None: it tells none
    origin = models.CharField(max_length=10)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    reference = models.TextField()  # what the record is called where it came from
    # Who wrote it down; None: the patient, by a link or on the tablet.
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    sensitivity = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="entry_kind_is_known"),
            models.CheckConstraint(condition=Q(sensitivity__in=SENSITIVITIES), name="entry_sensitivity_is_known"),
            models.CheckConstraint(
                condition=Q(origin__in=(PERSON, PATIENT)) | Q(origin=IMPORT, document__isnull=False),
                name="import_has_its_document",
            ),
            models.CheckConstraint(
                condition=Q(origin=PATIENT) | Q(by__isnull=False), name="entry_is_written_by_somebody"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "happened", "id"], name="entries_in_order"),
            models.Index(fields=["patient", "kind", "happened", "id"], name="entries_of_a_kind_in_order"),
        ]


class Withdrawal(Row):
    """An entry no longer counts: it was wrong, or of somebody else. It stays readable."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_a_reason")]


class Identifier(Row):
    """What the patient is called elsewhere: an identifier of a file, or the id that its source uses."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=300)
    value = models.CharField(max_length=200)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "value", "patient"], name="identifier_stands_once_for_a_patient")
        ]


class Arrival(Row):
    """Somebody's file that waits until a person says whose it is. `details` is who the file says that it is, as JSON."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    bytes = models.BinaryField()
    details = models.TextField()
    reason = models.CharField(max_length=40)  # why nobody but a person can say it: the id of a sentence
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "source", "sha256"], name="arrival_waits_once")
        ]


class Settlement(Row):
    """What a person said about an arrival: whose it is, or (without a patient) why it is set aside."""

    arrival = models.OneToOneField(Arrival, models.PROTECT, related_name="settlement")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(patient__isnull=False) | ~Q(reason=""), name="settlement_says_whose_or_why_not"
            )
        ]


class SamePerson(Row):
    """Somebody says that two records are of one person. It counts from the second look until it is undone."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")  # the one to go on with
    other = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "patients_same_person"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(patient=models.F("other")), name="two_records_are_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="same_person_has_a_reason"),
        ]


class SecondLook(Row):
    """Another person looked at both records and says the same. From now on they are read as one."""

    claim = models.OneToOneField(SamePerson, models.PROTECT, related_name="second_look")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "patients_second_look"


class Parting(Row):
    """The two records are apart again, or were never put together: each has exactly what was written in it."""

    claim = models.OneToOneField(SamePerson, models.PROTECT, related_name="parting")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="parting_has_a_reason")]


class HereTooAsked(Row):
    """A site asks to treat somebody who is a patient of another one too: who was meant, in its own words, and why."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    family_name = models.CharField(max_length=200)
    given_names = models.CharField(max_length=200, blank=True)
    birth = models.CharField(max_length=10)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "patients_here_too_asked"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="here_too_has_a_reason")]


class HereTooAnswer(Row):
    """Somebody at the patient's own site confirmed it, and the registration began; or refused, and why."""

    asked = models.OneToOneField(HereTooAsked, models.PROTECT, related_name="answer")
    confirmed = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "patients_here_too_answer"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(confirmed=True) | ~Q(reason=""), name="here_too_refused_for_a_reason")
        ]
