"""Which rows say who is called in which hours of the week, and that they agreed? None of them ever changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

LEVELS = (1, 2, 3)  # who is called first, second, third


class Shift(Row):
    """Hours of a weekday at a site in which somebody is called, every week from the day `first` on.

    `begins` and `ends` are the site's clock; an end that is not after the beginning is on the next day.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()  # 0: Monday
    begins = models.TimeField()
    ends = models.TimeField()
    level = models.PositiveSmallIntegerField()
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    first = models.DateField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="shift_is_on_a_weekday"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="shift_has_a_level"),
        ]
        indexes: ClassVar = [models.Index(fields=["site"], name="shift_site")]


class ShiftEnd(Row):
    """A shift takes place for the last time on the day `last`; before its first day it never does."""

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="ending")
    last = models.DateField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "rota_shift_end"


class Word(Row):
    """Somebody's own word about hours in which they are named: they are there, or not. The last one counts."""

    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="words")
    named = models.ForeignKey("tasks.Named", models.PROTECT, null=True, related_name="words")
    there = models.BooleanField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shift__isnull=False, named__isnull=True) | Q(shift__isnull=True, named__isnull=False),
                name="word_is_about_one_thing",
            )
        ]
