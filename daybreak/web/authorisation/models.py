"""Which rows are about a payer's yes? None is ever changed: what happened next is another event."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class What(StrEnum):
    """One step of an authorisation."""

    CHECKED = "checked"  # the benefit
    SENT = "sent"
    MORE_ASKED = "more_asked"
    ANSWERED = "answered"
    APPROVED = "approved"
    USED = "used"
    DENIED = "denied"
    PEER_TO_PEER = "peer_to_peer"
    APPEALED = "appealed"
    SELF_PAY = "self_pay"  # the patient has signed for the sum
    PENDING = "pending"  # the patient has signed for the sum in case the payer says no
    CLOSED = "closed"


class Authorisation(Row):
    """A payer is asked to pay for one treatment of a patient at a site. `payer` is one of `knowledge/payers`, or empty."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="authorisations")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    payer = models.CharField(max_length=60, blank=True)
    payer_name = models.CharField(max_length=120)
    protocol = models.CharField(max_length=60)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(payer_name=""), name="authorisation_names_a_payer")
        ]


class Event(Row):
    """What happened, the next in order, on which day, and what was told of it (JSON; see `fields`).

    `by` None: the patient signed it themselves (`Signed`).
    """

    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    day = models.DateField()
    told = models.TextField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authorisation", "seq"], name="authorisation_events_have_an_order"),
            models.CheckConstraint(
                condition=Q(what__in=[one.value for one in What]), name="authorisation_event_is_known"
            ),
        ]


class Statement(Row):
    """What a patient is asked to sign: that they pay this sum, or may have to (`what`). Only the newest of an authorisation
    can be signed, unless it was taken back.

    `representative` signs for the patient, by what `ground` says (court order and date); both None: the patient signs.
    """

    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="statements")
    what = models.CharField(max_length=20)
    sum = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10)
    representative = models.CharField(max_length=120, null=True)
    ground = models.CharField(max_length=200, null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what__in=[What.SELF_PAY.value, What.PENDING.value]), name="statement_is_known"
            )
        ]


class TakenBack(Row):
    """Nobody is to sign the statement any more: whoever works here took it back, and why."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="taken_back")
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "authorisation_taken_back"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="taken_back_has_a_reason")]


class Signed(Row):
    """The patient signed it: the name as typed, what was drawn beside it, by which door, the step and the paper."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="signed")
    event = models.OneToOneField(Event, models.PROTECT, related_name="signed")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    drawn = models.TextField(blank=True)  # strokes (`papers.drawn`)
    how = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=["link", "tablet"]) & ~Q(name=""), name="signed_by_somebody")
        ]
