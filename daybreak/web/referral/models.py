"""Which rows say who was referred by whom, and what was done about it? A referral never changes; the rest are its events."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

YES, NO, NOT_KNOWN = "yes", "no", "not_known"
RISKS = (YES, NO, NOT_KNOWN)


class Door(StrEnum):
    """By which way it came."""

    WEB = "web"
    PHONE = "phone"
    FAX = "fax"
    LETTER = "letter"
    DESK = "desk"


class What(StrEnum):
    """What was done about it. The last five end it."""

    LOOKED = "looked"
    TRIED = "tried"
    CONTACTED = "contacted"
    PATIENT = "patient"  # there is a record from now on
    INTAKE = "intake"
    PLANNED = "planned"
    NOTE = "note"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_RESPONSE = "no_response"
    TOOK_BACK = "took_back"
    DUPLICATE = "duplicate"


ENDS = (What.ACCEPTED, What.DECLINED, What.NO_RESPONSE, What.TOOK_BACK, What.DUPLICATE)


class Referral(Row):
    """Somebody is referred to a site. `outsider` refers them, and is written to; `by` typed it in (None: they themselves).

    `agreed`: the patient agrees to be referred. `may_tell`: and that the referrer hears what becomes of it.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    outsider = models.ForeignKey("reach.Outsider", models.PROTECT, related_name="+")
    door = models.CharField(max_length=10)
    family_name = models.CharField(max_length=200)
    given_names = models.CharField(max_length=200, blank=True)
    birth = models.CharField(max_length=10)
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=60, blank=True)
    why = models.TextField()
    tried = models.TextField(blank=True)
    urgent = models.BooleanField()
    risk = models.CharField(max_length=10)  # does the referrer see a risk of suicide?
    agreed = models.BooleanField()
    may_tell = models.BooleanField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "birth"], name="referral_of_somebody")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(door__in=[one.value for one in Door]), name="referral_door_is_known"),
            models.CheckConstraint(condition=Q(risk__in=RISKS), name="referral_risk_is_known"),
            models.CheckConstraint(condition=Q(agreed=True), name="referral_is_agreed"),
            models.CheckConstraint(
                condition=Q(door="web") | Q(by__isnull=False), name="referral_is_typed_in_by_somebody"
            ),
        ]


class Event(Row):
    """What was done about a referral, the next in order. `told`: the referrer may read `text` too."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=12)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    told = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["referral", "seq"], name="referral_events_have_an_order"),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(what__in=[one.value for one in ENDS]),
                name="referral_ends_once",
            ),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="referral_event_is_known"),
            models.CheckConstraint(
                condition=~Q(what="patient") | Q(patient__isnull=False), name="referral_names_a_patient"
            ),
        ]
