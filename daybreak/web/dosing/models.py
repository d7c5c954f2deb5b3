"""Which rows hold what a clinic signed for its doses, and what was ordered? Both are versions: the newest counts.

Amounts are kept as they were typed, in decimal digits: no database makes a binary fraction of a dose.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

SCALE, RECORD = "scale", "record"


class Figure(Row):
    """What a prescriber signed at a site for one ladder: the highest dose, and between which concentrations an infusion lies."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    ladder = models.CharField(max_length=60)
    ceiling_mg = models.CharField(max_length=20, blank=True)
    least_mg_per_ml = models.CharField(max_length=20, blank=True)
    most_mg_per_ml = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="figure_has_a_reason"),
            models.CheckConstraint(
                condition=Q(least_mg_per_ml="", most_mg_per_ml="") | (~Q(least_mg_per_ml="") & ~Q(most_mg_per_ml="")),
                name="concentrations_have_both_ends",
            ),
            models.UniqueConstraint(
                fields=["site", "ladder"], condition=Q(replaces__isnull=True), name="figures_have_one_beginning"
            ),
        ]


class Order(Row):
    """A dose for the treatments of a course, or for one `booking` of it; taken back when `over`.

    `weight_from`: `scale` (weighed for this order), `record` or nothing. `content`: the order worked out, with what was said
    about it and the digest of the ladder, as JSON. `deviates`: a reason was needed.
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="dose_orders")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="dose_orders")
    booking = models.ForeignKey("courses.Booking", models.PROTECT, null=True, related_name="dose_orders")
    ladder = models.CharField(max_length=60)
    amount = models.CharField(max_length=20)
    unit = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    weight_kg = models.CharField(max_length=20, blank=True)
    weight_from = models.CharField(max_length=10, blank=True)
    weighed = models.DateField(null=True)
    height_cm = models.CharField(max_length=20, blank=True)
    concentration_mg_per_ml = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    dose_mg = models.CharField(max_length=20)
    deviates = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    over = models.BooleanField(default=False)
    content = models.TextField()
    payload_version = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(deviates=False) | ~Q(reason=""), name="deviation_has_a_reason"),
            models.CheckConstraint(condition=Q(over=False) | ~Q(reason=""), name="order_back_has_a_reason"),
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(replaces__isnull=True, booking__isnull=True),
                name="orders_of_a_course_have_one_beginning",
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(replaces__isnull=True, booking__isnull=False),
                name="orders_of_a_visit_have_one_beginning",
            ),
        ]
