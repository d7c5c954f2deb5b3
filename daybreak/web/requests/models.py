"""Which rows hold what people ask of the clinic? None is ever changed; what was done about it are its events."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

COMPLAINT, RECORDS, CORRECTION = "complaint", "records", "correction"
KINDS = (COMPLAINT, RECORDS, CORRECTION)
OPEN_PAGE, LINK, TABLET, PHONE, PAPER, DESK = "open_page", "link", "tablet", "phone", "paper", "desk"
DOORS = (OPEN_PAGE, LINK, TABLET, PHONE, PAPER, DESK)
OWN_DOORS = (LINK, TABLET)  # the patient asks alone
NOTE, ANSWERED, REFUSED, DELIVERED = "note", "answered", "refused", "delivered"
LAST = (ANSWERED, REFUSED, DELIVERED)  # with one of these it is over


class Request(Row):
    """A complaint, or a request for one's own record or its correction. Who asks may stay unnamed (`name` empty).

    The clock runs from `day`. `by` None: it came by the page that everybody can open, by the patient's own link, or on a
    tablet in their hands. `elsewhere`: the site that deals with it when nobody may at its own, or where a second person
    reads it.
    """

    kind = models.CharField(max_length=20)
    door = models.CharField(max_length=20)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    elsewhere = models.ForeignKey("people.Site", models.PROTECT, null=True, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    text = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "day"], name="requests_of_a_site")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="request_kind_is_known"),
            models.CheckConstraint(condition=Q(door__in=DOORS), name="request_door_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="request_says_something"),
            models.CheckConstraint(condition=Q(kind=COMPLAINT) | Q(patient__isnull=False), name="request_has_a_record"),
        ]


class About(Row):
    """Of whom one complains: that person does not see it."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="about")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "person"], name="request_names_a_person_once")
        ]


class Copy(Row):
    """A copy of the record, made for a request before somebody looks at it and gives it; the newest counts.

    `state`: that of the record when it was made (`patients.queries.state`).
    """

    request = models.ForeignKey(Request, models.PROTECT, related_name="copies")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+")
    bundle = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+")
    state = models.PositiveIntegerField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")


class Event(Row):
    """What was done about it, the next in order. A refusal says why."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    text = models.TextField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "seq"], name="request_events_have_an_order"),
            models.UniqueConstraint(fields=["request"], condition=Q(what__in=LAST), name="request_ends_once"),
            models.CheckConstraint(condition=Q(what__in=(NOTE, *LAST)) & ~Q(text=""), name="request_event_is_known"),
        ]
