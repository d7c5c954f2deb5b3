"""Which rows say whether a talk was offered after a treatment, and what became of it?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.clinical.followup.window import Said
from daybreak.web.rows import Row


class Word(Row):
    """The last word about one treatment counts. `whom`: the root of the `reach.Outsider` with whom; None: with somebody here."""

    session = models.ForeignKey("treatment.Session", models.PROTECT, related_name="talk_words")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12)
    starts = models.DateTimeField(null=True)
    whom = models.UUIDField(null=True)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "seq"], name="talk_words_have_an_order"),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in Said]), name="talk_word_is_known"),
            models.CheckConstraint(
                condition=~Q(what__in=("offered", "kept")) | Q(starts__isnull=False), name="a_talk_has_its_time"
            ),
        ]
