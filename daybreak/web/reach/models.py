"""Which rows say how somebody outside the clinic is reached, and whether anything may go to them at all?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

YES, NO, NOT_ASKED = "yes", "no", ""
ASKED = (YES, NO, NOT_ASKED)
MAIL, TEXT, PHONE, POST = "mail", "text", "phone", "post"
WAYS = (MAIL, TEXT, PHONE, POST, "")
CARER = "carer"
PROFESSIONS = ("family_doctor", "therapist", "psychiatrist", "case_worker", "other")
ROLES = (*PROFESSIONS, CARER)

DIED, HOSPITAL, CUSTODY, PREGNANT = "died", "hospital", "custody", "pregnant"
STOPPED, MOVED, NO_MESSAGES, BACK = "stopped", "moved", "no_messages", "back"
PAUSES = (HOSPITAL, CUSTODY, PREGNANT)
ENDS = (DIED, STOPPED, MOVED, NO_MESSAGES)
STANDINGS = (*ENDS, *PAUSES, BACK)


class Reach(Row):
    """How a patient is reached from then on. Rows are versions: the one that nothing replaces counts.

    Which language they are spoken to in, and what they need, stands in `patients.Details`; `language` is the one of ours
    that messages are written in. Nobody is written to who did not say yes: "not asked" is not yes.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    way = models.CharField(max_length=10, blank=True)  # the one that the patient prefers
    language = models.CharField(max_length=10, blank=True)  # empty: that of the clinic
    zone = models.CharField(max_length=64, blank=True)  # empty: that of the site
    may_write = models.CharField(max_length=3, blank=True)
    mobile = models.CharField(max_length=16, blank=True, db_index=True)  # + and digits, with the country
    may_text = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=500, blank=True)
    contact_name = models.CharField(max_length=200, blank=True)  # whom to call in an emergency
    contact_relation = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=60, blank=True)
    contact_may_call = models.CharField(max_length=3, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # None: the patient
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(replaces__isnull=True), name="reach_has_one_beginning"
            ),
            models.CheckConstraint(
                condition=Q(may_write__in=ASKED, may_text__in=ASKED, contact_may_call__in=ASKED),
                name="reach_consent_is_known",
            ),
            models.CheckConstraint(condition=Q(way__in=WAYS), name="reach_way_is_known"),
        ]


class Outsider(Row):
    """Somebody outside who also looks after a patient. Rows are versions; `root` is the id of the first of them.

    Without a patient: who referred somebody that is no patient yet.
    """

    root = models.UUIDField(db_index=True)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    practice = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    may_tell = models.CharField(max_length=3, blank=True)  # does the patient agree that they are told something?
    ended = models.BooleanField(default=False)  # no longer looks after the patient
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # None: they themselves
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="outsider_has_a_name"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="outsider_role_is_known"),
            models.CheckConstraint(condition=Q(may_tell__in=ASKED), name="outsider_consent_is_known"),
        ]


class Standing(Row):
    """Whether anything may go to the patient, the next word in order: the last one counts. `kind` BACK: it may again."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    since = models.DateField()
    note = models.CharField(max_length=1000, blank=True)  # the cause of death if known, where they are, what they said
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "seq"], name="standings_have_an_order"),
            models.CheckConstraint(condition=Q(kind__in=STANDINGS), name="standing_is_known"),
        ]


class AfterStop(Row):
    """A prescriber signed on which days after the end of a treatment somebody at a site calls and asks about suicide (`days`, in
    order, with commas between them). Rows are versions: the newest counts; without one what Daybreak ships does."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    days = models.CharField(max_length=200)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "reach_after_stop"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(days=""), name="after_stop_names_a_day"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(replaces__isnull=True), name="after_stop_has_one_beginning"
            ),
        ]
