"""Which rows say that somebody was told, understood, signed, and took it back? None is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

ROOM, VIDEO, PHONE = MODES = ("room", "video", "phone")
HAS, REPRESENTED = CAPACITIES = ("has", "represented")
UNDERSTOOD, ASKS, ANSWER, EXPLAINED = WHATS = ("understood", "asks", "answer", "explained")
LINK, TABLET, HERE, PAPER = WAYS = ("link", "tablet", "here", "paper")


class Talk(Row):
    """A clinician talked about a document with the patient and found that they can decide, or who decides for them.

    `content` is the document as it stood (JSON, every language), `language` the one in which its text is shown;
    `spoken_in` is the language of the talk, `interpreter` a name or number, empty when none was needed.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="talks")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    document = models.CharField(max_length=60)
    version = models.CharField(max_length=16)
    content = models.TextField()
    language = models.CharField(max_length=10)
    spoken_in = models.CharField(max_length=60)
    mode = models.CharField(max_length=10)
    interpreter = models.CharField(max_length=200, blank=True)
    capacity = models.CharField(max_length=12)
    note = models.CharField(max_length=1000, blank=True)
    representative = models.CharField(max_length=200, blank=True)
    ground = models.CharField(max_length=200, blank=True)  # what lets the representative decide
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    series_over: datetime | None = None  # no column: what `series.looked` found

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "id"], name="talks_of_a_patient")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=MODES), name="talk_mode_is_known"),
            models.CheckConstraint(condition=Q(capacity__in=CAPACITIES), name="talk_capacity_is_known"),
            models.CheckConstraint(
                condition=Q(capacity=HAS) | (~Q(representative="") & ~Q(ground="")), name="representative_is_named"
            ),
        ]


class TalkEnd(Row):
    """Nothing is signed after this talk any more. `by` None: a newer talk about the document, or a rule, took its place."""

    talk = models.OneToOneField(Talk, models.PROTECT, related_name="end")
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "consent_talk_end"


class Step(Row):
    """What was said to one statement or question, the next in order. `by` None: the patient themselves."""

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    item = models.CharField(max_length=60)
    what = models.CharField(max_length=12)
    value = models.CharField(max_length=4, blank=True)  # which answer, counted from 0
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["talk", "seq"], name="steps_have_an_order"),
            models.CheckConstraint(condition=Q(what__in=WHATS), name="step_is_known"),
            models.CheckConstraint(condition=~Q(what=EXPLAINED) | Q(by__isnull=False), name="a_person_explains"),
        ]


class Signature(Row):
    """It was signed: the name as typed, the paper that says so, and the last day on which it holds."""

    talk = models.OneToOneField(Talk, models.PROTECT, related_name="signature")
    name = models.CharField(max_length=200)
    how = models.CharField(max_length=10)
    paper = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+")
    translation = models.CharField(max_length=300, blank=True)  # of a signed translation: its version and translator
    read_in = models.CharField(
        max_length=60, null=True
    )  # the language, as the signer says; None: of before it was asked
    drawn = models.TextField(null=True)  # strokes (`papers.drawn`) beside the typed name
    renew_from = models.DateField(db_index=True)  # from that day on somebody is asked to renew it
    last_day = models.DateField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # who was present

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=WAYS), name="signature_way_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="signature_has_a_name"),
        ]


class Withdrawal(Row):
    """It was taken back. `by` None: by the patient themselves."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "consent_withdrawal"
