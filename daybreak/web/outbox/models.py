"""Where are people reached, which notices were meant to leave, and what became of each try?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.people.models import Person
from daybreak.web.rows import Row

FILE, SMTP = "file", "smtp"
TEXT_FILE, TEXT = "text_file", "text"  # to a phone: as a file, or by mail to the gateway that makes a text of it
WAYS = (FILE, SMTP, TEXT_FILE, TEXT)
TEXTS = (TEXT_FILE, TEXT)
CRISIS = "texting.crisis"  # the body of the answer to a text that may be a call for help
SENT, FAILED, UNCLEAR, HELD = "sent", "failed", "unclear", "held"


class Address(Row):
    """The mail address at which somebody is reached from then on; empty: at none. `mobile`: the phone that gets a text as well
    when they are called about something urgent; empty: none.

    Rows are versions: the one that nothing replaces counts.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="addresses")
    email = models.CharField(max_length=254, blank=True)
    mobile = models.CharField(max_length=16, default="", blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(replaces__isnull=True), name="address_has_one_beginning"
            )
        ]


class Message(Row):
    """A notice to one person. Of what it is `about` it says nothing: the text is the id of a sentence, the same for all.

    To somebody who works here (`person`), to a `patient`, to an `outsider` (of that patient, if there is one already), or to
    a phone that wrote and that nobody knows: the numbers of help. `body` is the id of what it says; `link` leads to the rest.
    `to` is an address, or a number by the ways of `TEXTS`.
    """

    channel = models.CharField(max_length=10)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="notices")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    outsider = models.ForeignKey("reach.Outsider", models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey("people.Site", models.PROTECT, null=True, related_name="+")  # which sends it, to outside
    to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=60)
    body = models.CharField(max_length=60, null=True)
    link = models.ForeignKey("links.Link", models.PROTECT, null=True, related_name="+")
    about = models.UUIDField(null=True)
    message_id = models.CharField(max_length=320, unique=True)
    not_before = models.DateTimeField(null=True)  # whoever gets it sleeps until then

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["created"], name="message_created"),
            models.Index(fields=["about"], name="message_about"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=WAYS), name="message_channel_is_known"),
            models.CheckConstraint(condition=Q(channel=FILE) | ~Q(to=""), name="message_by_mail_has_an_address"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, patient__isnull=True, outsider__isnull=True)
                | (
                    Q(person__isnull=True, site__isnull=False)
                    & (Q(patient__isnull=False) | Q(outsider__isnull=False) | Q(body=CRISIS, channel__in=TEXTS))
                ),
                name="message_goes_to_somebody",
            ),
        ]


class Attempt(Row):
    """It was begun to send a message. Written before anything leaves, so that no other clock makes the same try."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_is_made_once"),
        ]


class Result(Row):
    """How a try ended: sent, failed, unclear when it may have been sent, or held back since nothing goes to the patient.

    Without a result it is unclear too.
    """

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="result")
    outcome = models.CharField(max_length=10)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=[SENT, FAILED, UNCLEAR, HELD]), name="result_is_known"),
            models.CheckConstraint(
                condition=Q(outcome=SENT, error="") | (~Q(outcome=SENT) & ~Q(error="")), name="result_names_its_error"
            ),
        ]
