"""Which rows say that a letter is due, what was written in it, by which way it left, and that it arrived?"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class What(StrEnum):
    """What happened to a letter."""

    WRITTEN = "written"  # a person read it and stands for it
    MAILED = "mailed"  # a notice with a link, behind which it stands
    COVERED = "covered"  # the cover of a fax was made
    FAXED = "faxed"
    POSTED = "posted"  # printed, and posted or handed over
    ARRIVED = "arrived"
    DROPPED = "dropped"  # it is not sent, and why


LEFT = frozenset({What.MAILED, What.FAXED, What.POSTED})


class Letter(Row):
    """A letter to one person outside, after something, due by then. What became of it are its steps.

    `whom` is the root of the `reach.Outsider`; `about` the row that calls for it ("snapshot <id>"), empty when somebody wishes
    to write; `by` None: the clock.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="letters")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=20)
    about = models.CharField(max_length=80, blank=True)
    whom = models.UUIDField()
    due = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["about", "whom"], condition=~Q(about=""), name="letter_is_proposed_once")
        ]


class Step(Row):
    """What happened to it, the next in order. Of WRITTEN: the words, which facts stand below them (`parts`), to which labels
    the patient agreed for this letter, and the papers. `text` otherwise: a number, a proof, a name, a reason."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    parts = models.CharField(max_length=200, blank=True)
    labels = models.CharField(max_length=100, blank=True)
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, related_name="+")
    bundle = models.ForeignKey("papers.Paper", models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey("outbox.Message", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )  # None: the receiver, by the link

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["letter", "seq"], name="letter_steps_have_an_order"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="letter_step_is_known"),
            models.CheckConstraint(
                condition=~Q(what="written") | Q(paper__isnull=False, bundle__isnull=False, by__isnull=False),
                name="a_person_stands_for_a_letter",
            ),
        ]
