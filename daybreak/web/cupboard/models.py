"""Which rows say what came into a cupboard, where it is, where it went, and who counted it? None of them ever changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daybreak.clinical.treatment.ledger import Kind, Place
from daybreak.web.rows import Row

MG = {"max_digits": 12, "decimal_places": 4}


class Lot(Row):
    """One lot of a product at a site, the clinic's or (`owner`) sent for one patient: an account of its own.

    `unit_mg`: how much an unopened container of it holds; `ml` only where the product's strength is one for each millilitre.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    product = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    expires = models.DateField()  # the last day on which it may be used
    owner = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    ml = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    unit_mg = models.DecimalField(**MG)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "number"], name="lots_by_number")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(number=""), name="lot_has_a_number"),
            models.CheckConstraint(condition=Q(unit_mg__gt=0), name="lot_holds_something"),
            models.UniqueConstraint(
                fields=["site", "product", "number", "unit_mg", "owner"],
                condition=Q(owner__isnull=False),
                name="lot_of_a_patient_once",
            ),
            models.UniqueConstraint(
                fields=["site", "product", "number", "unit_mg"],
                condition=Q(owner__isnull=True),
                name="lot_of_the_clinic_once",
            ),
        ]


class Entry(Row):
    """One operation, the next in order at its site. `before` is the digest of the one before it: the book is a chain.

    `take`: what was taken for one session, by the id of the entry that took it first. `left_units` and `left_mg`: what of the
    lot is on hand after it. `deviation`: against which rules it happened, when it is a report of what happened already.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    units = models.PositiveIntegerField()
    mg = models.DecimalField(**MG)
    left_units = models.PositiveIntegerField()
    left_mg = models.DecimalField(**MG)
    take = models.UUIDField(null=True)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, null=True, related_name="+")
    session_id = models.UUIDField(null=True)
    partner = models.CharField(max_length=200, blank=True)  # from whom or to whom, with the number of the paper
    text = models.CharField(max_length=1000, blank=True)
    witness = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    alone = models.CharField(max_length=1000, blank=True)  # why there was no witness
    deviation = models.CharField(max_length=100, blank=True)
    happened = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    before = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lot", "seq"], name="entries_of_a_lot"),
            models.Index(fields=["take"], name="entries_of_a_take"),
            models.Index(fields=["session_id"], name="entries_of_a_session"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "seq"], name="stock_entries_have_an_order"),
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="stock_entry_kind_is_known"),
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in Place]), name="stock_entry_source_is_known"
            ),
            models.CheckConstraint(condition=Q(mg__gt=0), name="stock_entry_moves_something"),
            models.CheckConstraint(condition=Q(left_mg__gte=0), name="stock_is_no_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("by")), name="witness_is_another_person"
            ),
        ]


class Recall(Row):
    """A lot was called back, whoever it belongs to at the site."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    product = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "product", "number"], name="lot_is_recalled_once")
        ]


class Count(Row):
    """Two people count what lies in the cupboard, each without the figure of the book and of the other."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")


class Counted(Row):
    """How many containers of a lot one person counted, and how many the book had at that moment (`expected`)."""

    count = models.ForeignKey(Count, models.PROTECT, related_name="counted")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()
    expected = models.PositiveIntegerField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "lot", "by"], name="a_lot_is_counted_once_by_a_person")
        ]


class CountSigned(Row):
    """One of the two says why count and book differ. With both of them it is over."""

    count = models.ForeignKey(Count, models.PROTECT, related_name="signed")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "cupboard_count_signed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "by"], name="a_count_is_signed_once_by_a_person"),
            models.CheckConstraint(condition=~Q(text=""), name="a_difference_has_a_reason"),
        ]


class Rule(Row):
    """What was signed for a site: whether a waste needs a witness, and how often it is counted and taken stock of.

    Rows are versions: the newest counts. Without one the rule that Daybreak ships holds, and is said to be that.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    waste_witness = models.BooleanField()
    count_hours = models.PositiveSmallIntegerField()
    inventory_months = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(replaces__isnull=True), name="cupboard_rules_have_one_beginning"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cupboard_rule_has_a_reason"),
        ]


class Inventory(Row):
    """Stock was taken on a day, at the opening or the close of business. What there was, the book says."""

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    at = models.DateTimeField()  # the moment of which the book is the record
    opening = models.BooleanField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
