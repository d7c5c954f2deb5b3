"""Which rows hold courses, chairs and bookings? A booking never changes; what happened to it are its events."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class EndReason(StrEnum):
    """Why a course ended."""

    COMPLETED = "completed"
    SWITCHED = "switched"
    NO_BENEFIT = "no_benefit"
    HARM = "harm"
    WISH = "wish"
    MOVED = "moved"
    OTHER = "other"


class Visit(StrEnum):
    """What a booking is for."""

    TREATMENT = "treatment"
    ASSESSMENT = "assessment"
    TALK = "talk"


class What(StrEnum):
    """What happened to a booking."""

    BOOKED = "booked"
    MOVED = "moved"
    WAY_HOME = "way_home"
    INTERPRETER = "interpreter"
    BACK = "taken_back"
    ARRIVED = "arrived"
    LATE = "late"
    NO_SHOW = "no_show"
    BY_PATIENT = "cancelled_by_patient"
    BY_CLINIC = "cancelled_by_clinic"
    LEFT = "left"


# After one of these nothing more happens to it.
OVER = frozenset({What.NO_SHOW, What.BY_PATIENT, What.BY_CLINIC, What.LEFT})
FREED = frozenset({What.NO_SHOW, What.BY_PATIENT, What.BY_CLINIC})


class WayHome(StrEnum):
    """How somebody gets home after a treatment."""

    ACCOMPANIED = "accompanied"
    TRANSPORT = "transport"
    RIDE = "ride"
    WALKS = "walks"
    STAYS = "stays"  # in a ward: staff say so, never a patient
    NOT_KNOWN = "not_known"


class Why(StrEnum):
    """Why a visit did not happen, or began late."""

    ILL = "ill"
    RIDE = "ride"
    WORK = "work"
    COST = "cost"
    FORGOT = "forgot"
    AFRAID = "afraid"
    CLINIC = "clinic"
    GATE = "gate"
    NOT_SAID = "not_said"
    OTHER = "other"


class Course(Row):
    """A plan under one wording of a protocol, from a signed decision. `plan`: its steps as JSON, as they were planned."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="courses")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    protocol = models.CharField(max_length=60)
    version = models.CharField(max_length=10)
    decision = models.ForeignKey("screening.Snapshot", models.PROTECT, related_name="+")
    starts = models.DateField()
    plan = models.TextField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "id"], name="courses_of_a_patient")]


class CourseEnd(Row):
    """The course is over, why, and in whose words."""

    course = models.OneToOneField(Course, models.PROTECT, related_name="end")
    reason = models.CharField(max_length=20)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "courses_course_end"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reason__in=[one.value for one in EndReason]), name="end_reason_is_known")
        ]


class Taken(Row):
    """Somebody has taken the course over: from then on it is under their name. The last one counts."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="taken")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "courses_course_taken"


class Chair(Row):
    """A place in a room where one patient at a time is treated."""

    room = models.ForeignKey("people.Room", models.PROTECT, related_name="chairs")
    name = models.CharField(max_length=60)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "name"], name="chair_name"),
            models.CheckConstraint(condition=~Q(name=""), name="chair_has_a_name"),
        ]


class ChairEnd(Row):
    """The chair is there no longer."""

    chair = models.OneToOneField(Chair, models.PROTECT, related_name="end")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "courses_chair_end"


class ChairBed(Row):
    """Whether a chair is, or has, a bed; the last word counts."""

    chair = models.ForeignKey(Chair, models.PROTECT, related_name="beds")
    there = models.BooleanField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "courses_chair_bed"


class Booking(Row):
    """A visit of a patient. Where and when it is now says its newest event that has a time."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="bookings")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, null=True, related_name="bookings")
    step = models.PositiveSmallIntegerField(null=True)  # of the plan
    visit = models.CharField(max_length=20)
    interpreter = models.CharField(max_length=200, blank=True)  # name or number, as booked
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # None: the patient, by a link

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(visit__in=[one.value for one in Visit]), name="visit_is_known")
        ]


class BookingEvent(Row):
    """What happened to a booking, the next in order. BOOKED and MOVED say where and when; `text` is in free words, of
    INTERPRETER the name or number. BACK: what was last said to have happened had not."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=30)
    happened = models.DateTimeField()
    chair = models.ForeignKey(Chair, models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True)
    home = models.CharField(max_length=20, blank=True)
    with_name = models.CharField(max_length=200, blank=True)
    with_phone = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "courses_booking_event"
        indexes: ClassVar = [models.Index(fields=["chair", "starts"], name="bookings_of_a_chair")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "seq"], name="booking_events_have_an_order"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="booking_event_is_known"),
            models.CheckConstraint(
                condition=~Q(what__in=("booked", "moved"))
                | Q(chair__isnull=False, starts__isnull=False, ends__isnull=False),
                name="booking_says_where_and_when",
            ),
        ]


class Reminder(Row):
    """The patient was to be reminded so many hours before the visit, once for each time at which it was to begin.

    Without a message nothing went out: a later reminder was due too, or the patient was not written to then. Who says yes
    while it is the last one due is reminded after all, by a second row.
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="reminders")
    hours = models.PositiveSmallIntegerField()
    starts = models.DateTimeField()
    message = models.ForeignKey("outbox.Message", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["booking", "hours", "starts"],
                condition=Q(message__isnull=False),
                name="reminded_once_for_each_time",
            ),
            models.UniqueConstraint(
                fields=["booking", "hours", "starts"],
                condition=Q(message__isnull=True),
                name="left_out_once_for_each_time",
            ),
        ]


class Interval(Row):
    """A prescriber signed how many days lie, at a site, between the last dose of one ketamine product and the first of another.

    Rows are versions: the newest counts.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="interval_has_a_reason"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(replaces__isnull=True), name="intervals_have_one_beginning"
            ),
        ]


class WithoutInterval(Row):
    """A prescriber's reason for a course after another ketamine product where the clinic has signed no interval.

    `newest`: the day of the newest dose of the other that was known of then; a later one is not what the reason was about.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="without_interval")
    reason = models.CharField(max_length=1000)
    newest = models.DateField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "courses_without_interval"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="no_interval_has_a_reason")]


class NearReason(Row):
    """A prescriber's reason for two treatments that lie nearer together than their plan has them, so many `days`.

    It holds for the two in either order, and no longer when one of them is moved nearer still.
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="near_reasons")
    other = models.ForeignKey(Booking, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "courses_near_reason"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="near_reason_has_words")]


class Ride(Row):
    """Somebody who drives patients of a payer home free of charge, in the clinic's own words as they were typed.

    Rows are versions of one entry of a site's list: the newest counts, and is `over` when it is on the list no longer.
    `checked`: the day on which somebody last made sure of it.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    payer = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=60)
    how = models.CharField(max_length=500)
    checked = models.DateField()
    over = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(payer="") & ~Q(name="") & ~Q(phone=""), name="ride_can_be_called")
        ]
