"""Which rows hold what devices sent, to which session a device belongs, and what it says there?"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.clinical.treatment.limits import Level
from daybreak.web.rows import Row


class Odd(StrEnum):
    """What is odd about a message. All but `SAME_ID` are in quarantine: nobody could read them, and nothing of them was used."""

    UNREADABLE = "unreadable"
    OTHER_KIND = "other_kind"
    TOO_LONG = "too_long"
    UNFINISHED = "unfinished"
    SAME_ID = "same_id"


class Why(StrEnum):
    """Why a device no longer belongs to a session."""

    BY_PERSON = "by_person"
    OTHER_PATIENT = "other_patient"
    TWO_SENDERS = "two_senders"
    SESSION_OVER = "session_over"


class Kind(StrEnum):
    """What a device is to the patient of a session."""

    MONITOR = "monitor"
    PUMP = "pump"


class What(StrEnum):
    """What a device says that happened: whether it runs, an event, how it is set, or an alarm of its own."""

    RUNS = "runs"
    EVENT = "event"
    SET = "set"
    ALARM = "alarm"


class Device(Row):
    """A device that sent something, under the name that it gives itself."""

    name = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="device_name")]


class Message(Row):
    """One message as it came, byte for byte; `created`: when it was received. `part`: of a message about several devices.

    Thousands are written in a second, so no index says again what another one says, and what is alike lies side by side.
    `monitor`, `cuff`: whether it holds values of such a kind. The same message is stored once: same sender, id and bytes.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="messages", db_index=False)
    part = models.PositiveSmallIntegerField(default=0)
    sender = models.CharField(max_length=250)
    control = models.CharField(max_length=250)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    monitor = models.BooleanField(default=False)
    cuff = models.BooleanField(default=False)
    odd = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "control", "digest", "part"], name="message_is_stored_once"),
            models.CheckConstraint(condition=Q(odd__in=["", *(one.value for one in Odd)]), name="message_odd_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["device", "created"], name="messages_of_a_device"),
            models.Index(fields=["created"], condition=~Q(odd=""), name="odd_messages"),
        ]


class Binding(Row):
    """Somebody said that this device measures the patient of this session, or gives to them (`kind`). `patients`: the ids that it
    named then, as JSON."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="bindings")
    session = models.ForeignKey("treatment.Session", models.PROTECT, related_name="bindings")
    patients = models.TextField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, default=Kind.MONITOR.value)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="binding_kind_is_known")
        ]


class Unbound(Row):
    """The device no longer belongs to that session. `by` None: nobody, it was found."""

    binding = models.OneToOneField(Binding, models.PROTECT, related_name="end")
    why = models.CharField(max_length=20)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(why__in=[one.value for one in Why]), name="unbound_why_is_known")
        ]


class Said(Row):
    """What a device says of an alarm in a session, the next in order without a gap, after the event of the number `after`.

    `sources` that say so now and those that are `gone`, each as JSON; the value and both lines as they were, empty when there
    are none.
    """

    session = models.ForeignKey("treatment.Session", models.PROTECT, related_name="said")
    n = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    alarm = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    sources = models.TextField()
    gone = models.TextField()
    value = models.CharField(max_length=60, blank=True)
    absolute = models.CharField(max_length=60, blank=True)
    relative = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "n"], name="said_has_an_order"),
            models.CheckConstraint(
                condition=Q(level__in=[one.name.lower() for one in Level]), name="said_level_is_known"
            ),
        ]


class Minute(Row):
    """What a source measured of a sign in one minute, in the unit of the sign: median, least and most, and of how many values."""

    binding = models.ForeignKey(Binding, models.PROTECT, related_name="minutes")
    sign = models.CharField(max_length=30)
    source = models.CharField(max_length=40)
    minute = models.DateTimeField()
    median = models.CharField(max_length=60)
    least = models.CharField(max_length=60)
    most = models.CharField(max_length=60)
    values = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["binding", "sign", "source", "minute"], name="minute_of_a_source")
        ]


class Evidence(Row):
    """What a device says that happened, the next in order in its session; `created`: when it was received, `taken`: by its own
    clock. Written where it changes; `told`: its figures and words as JSON. It is nobody's entry: a person takes it over."""

    binding = models.ForeignKey(Binding, models.PROTECT, related_name="evidence")
    session = models.ForeignKey("treatment.Session", models.PROTECT, related_name="evidence")
    n = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    told = models.TextField()
    taken = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "n"], name="evidence_has_an_order"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="evidence_what_is_known"),
        ]
