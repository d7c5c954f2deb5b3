"""Which rows say what somebody has to do? A task never changes; what was done about it are its events."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from daybreak.web.people.roles import Role
from daybreak.web.rows import Row

NOTIFIED, HAS_OWNER, NOBODY, NO_ADDRESS = "notified", "has_owner", "nobody", "no_address"
CALL_RESULTS = (NOTIFIED, HAS_OWNER, NOBODY, NO_ADDRESS)


class Level(StrEnum):
    """How long it may wait."""

    NOW = "now"
    TODAY = "today"
    BY = "by"


class Kind(StrEnum):
    """What sort of task it is. A suicide task comes first in every list and closes only with assessment and plan."""

    SUICIDE = "suicide"
    SIGNATURE = "signature"
    REVIEW = "review"
    ACCESS = "access"
    REFERRAL = "referral"
    REQUEST = "request"
    MISSED = "missed"  # somebody did not come and is called; done only with the answer about suicide
    OTHER = "other"


class What(StrEnum):
    """What happened to a task. An offer leaves it where it is until the other person takes it."""

    TAKEN = "taken"
    OFFERED = "offered"
    GIVEN = "given"  # it had nobody, and has whoever is on call now, who has not taken it yet
    RETURNED = "returned"
    ATTEMPT = "attempt"
    NOTE = "note"
    ANSWER = "answer"  # a further answer of the same kind, while nobody had taken it
    CLOSED = "closed"


class Task(Row):
    """What is to be done, at which site, about whom, by when, who sees it, and what made it (`source`, once).

    `what` is a sentence of `words.yaml`, `values` (JSON) are what it is filled with. The `owner` is who was named at the
    beginning; without one it waits for somebody with that `role`, and for whoever else may see it.
    """

    source = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    due = models.DateTimeField()
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    permission = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    owner = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=60)
    values = models.TextField()
    where = models.CharField(max_length=300, blank=True)  # the address at which it is done
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=[one.value for one in Level]), name="task_level_is_known"),
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="task_kind_is_known"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]) | Q(owner__isnull=False), name="task_has_an_owner"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="task_has_a_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "due"], name="task_by_deadline")]

    @property
    def whose_id(self) -> UUID | None:
        """Whom it is about: the patient it was made for, or the one it turned out to be about."""
        tied = None if self.patient_id else getattr(self, "tied", None)
        return tied.patient_id if tied else self.patient_id


class Tied(Row):
    """A task that was made before there was a record turned out to be about this patient."""

    task = models.OneToOneField(Task, models.PROTECT, related_name="tied")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")


class Event(Row):
    """Something that was done about a task, the next in order. `happened` may lie before `created`: a call of just now.

    `result` is the outcome of an attempt or of the whole; `text` a note or an assessment; `plan` only with an assessment.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    happened = models.DateTimeField()
    to = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "seq"], name="task_events_have_an_order"),
            models.UniqueConstraint(fields=["task"], condition=Q(what="closed"), name="task_closes_once"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="task_event_is_known"),
            # The act of a patient, or of nobody, ends what was asked for; an assessment is somebody's.
            models.CheckConstraint(
                condition=~Q(what="closed") | Q(by__isnull=False) | Q(result__in=("done", "not_needed")),
                name="task_is_closed_by_somebody",
            ),
        ]


class Waits(Row):
    """An answer about suicide is seen to within the day by its owner, by the rule that was `signed`. `until`: by then all that
    follows it has to be answered with "no"; None: it was a blank, and nothing is awaited."""

    task = models.OneToOneField(Task, models.PROTECT, related_name="waits")
    signed = models.ForeignKey("switches.Switched", models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)


class Raised(Row):
    """What waited for the day waits no longer, for this reason: people are called by another task."""

    waits = models.OneToOneField(Waits, models.PROTECT, related_name="raised")
    task = models.OneToOneField(Task, models.PROTECT, related_name="+")
    why = models.CharField(max_length=20)


class Hidden(Row):
    """From whom a task is hidden although their role would show it: it is about what they did."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="hidden")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "person"], name="task_is_hidden_once")]


class CallingOrder(Row):
    """Who is called at a site about what is `now`, in which order, from when until when. Without anybody: nobody is.

    Rows are events: of those that cover a moment, the one that was made last counts.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="calling_orders")
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)  # None: until another one says otherwise
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "tasks_calling_order"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="calling_order_ends_after_start"
            )
        ]


class Named(Row):
    """One person in a calling order, and at which place."""

    order = models.ForeignKey(CallingOrder, models.PROTECT, related_name="named")
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "place"], name="named_places_differ"),
            models.UniqueConstraint(fields=["order", "person"], name="named_once_in_an_order"),
        ]


class Call(Row):
    """A moment at which somebody is to be called about a task, unless somebody has taken it. Each exists once."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="calls")
    step = models.PositiveSmallIntegerField()  # 0: at once; 1, 2: the escalations
    due = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "step", "due"], name="a_call_is_due_once"),
        ]


class Called(Row):
    """What came of a call: to whom a notice went, that it was not needed, or that nobody could be called."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="called")
    result = models.CharField(max_length=20)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(result__in=CALL_RESULTS), name="call_result_is_known"),
            models.CheckConstraint(
                condition=Q(result="notified", person__isnull=False) | (~Q(result="notified") & Q(person__isnull=True)),
                name="a_notice_goes_to_somebody",
            ),
        ]


STEPS = ("other_number", "contact", "welfare_check", "emergency_services")


class UnreachedRule(Row):
    """A prescriber signed what is done at a site after how many tries in a row that reached nobody; None: not by number.

    Rows are versions: the newest counts. Without one the rule that Daybreak ships is shown, and said to be that.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    other_number = models.PositiveSmallIntegerField(null=True)
    contact = models.PositiveSmallIntegerField(null=True)
    welfare_check = models.PositiveSmallIntegerField(null=True)
    emergency_services = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "tasks_unreached_rule"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(welfare_check__isnull=False) | Q(emergency_services__isnull=False),
                name="unreached_rule_sends_somebody",
            ),
            models.UniqueConstraint(
                fields=["site"], condition=Q(replaces__isnull=True), name="unreached_rules_have_one_beginning"
            ),
        ]

    @property
    def steps(self) -> tuple[tuple[int, str], ...]:
        """After how many tries what is done, in this order."""
        told = [(getattr(self, does), n, does) for n, does in enumerate(STEPS)]
        return tuple((after, does) for after, _, does in sorted(one for one in told if one[0]))
