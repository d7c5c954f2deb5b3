"""Which rows say who waits for an earlier time, with which wishes, and what was offered? A wish never changes."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.courses.models import Visit
from daybreak.web.rows import Row

ANY, MORNING, AFTERNOON = "any", "morning", "afternoon"
HALVES = (ANY, MORNING, AFTERNOON)
PHONE, MAIL = "phone", "mail"


class What(StrEnum):
    """What happened to a wish. After the last two nothing more does."""

    OFFERED = "offered"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


ENDS = (What.ACCEPTED, What.WITHDRAWN)


class Wish(Row):
    """A patient waits for an earlier time at a site. `booking`: the visit that would be moved; without one a new one is booked.

    `weekdays`: the digits of the days that suit (0: Monday), empty when all do. `earliest`: no day before it does. `not_on`:
    days that do not, as 2026-12-24, with blanks between them.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="wishes")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    booking = models.ForeignKey("courses.Booking", models.PROTECT, null=True, related_name="+")
    visit = models.CharField(max_length=20)
    minutes = models.PositiveSmallIntegerField()
    weekdays = models.CharField(max_length=7, blank=True)
    half = models.CharField(max_length=10)
    earliest = models.DateField(null=True)
    not_on = models.CharField(max_length=400, null=True)
    bed = models.BooleanField()
    interpreter = models.BooleanField()
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "created"], name="wishes_at_a_site")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(half__in=HALVES), name="wish_half_is_known"),
            models.CheckConstraint(condition=Q(visit__in=[one.value for one in Visit]), name="wish_visit_is_known"),
        ]


class Event(Row):
    """What happened to a wish, the next in order. An offer says which chair, from when until when, how, and how long it holds."""

    wish = models.ForeignKey(Wish, models.PROTECT, related_name="events")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=20)
    chair = models.ForeignKey("courses.Chair", models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True)
    expires = models.DateTimeField(null=True)
    booking = models.ForeignKey("courses.Booking", models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # None: the patient, by a link

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wish", "seq"], name="wish_events_have_an_order"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="wish_event_is_known"),
            models.CheckConstraint(
                condition=~Q(what="offered")
                | Q(chair__isnull=False, starts__isnull=False, ends__isnull=False, expires__isnull=False),
                name="offer_says_where_and_when",
            ),
        ]
