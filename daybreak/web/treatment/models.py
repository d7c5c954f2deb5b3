"""Which rows hold treatment sessions? A session never changes; what happened in it are its events, and none of them changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.clinical.treatment.events import What
from daybreak.web.rows import Row


class Session(Row):
    """One treatment of a booking, in a chair, under the protocol of its course as it was when it began."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="sessions")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    booking = models.OneToOneField("courses.Booking", models.PROTECT, related_name="session")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="sessions")
    chair = models.ForeignKey("courses.Chair", models.PROTECT, related_name="sessions")
    protocol = models.CharField(max_length=60)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "created"], name="sessions_at_a_site")]


class SessionEvent(Row):
    """What happened in a session, the next in order without a gap; `told` is JSON.

    `happened` when it did, `noted` on the tablet, `received` here; `happened` may be off by `uncertain_s` seconds. `late`:
    reported afterwards. `by` None: the patient, or nobody.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=30)
    told = models.TextField()
    payload_version = models.PositiveSmallIntegerField(default=1)
    happened = models.DateTimeField()
    noted = models.DateTimeField()
    received = models.DateTimeField()
    uncertain_s = models.PositiveIntegerField(default=0)
    late = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    key = models.UUIDField(unique=True)

    class Meta:
        db_table = "treatment_session_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "seq"], name="session_events_have_an_order"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="session_event_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["session", "what"], name="session_events_by_what")]
