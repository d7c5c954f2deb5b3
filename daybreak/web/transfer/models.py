"""Which rows say that a record went to another clinic, and that it arrived? None is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Transfer(Row):
    """What left, byte for byte, to whom, and in whose words the patient agreed."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="transfers")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=200)
    paper = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+")
    bundle = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+")
    labelled = models.BooleanField()  # with what bears a label
    note = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(receiver=""), name="transfer_has_a_receiver")]


class Receipt(Row):
    """Somebody there has it. `by` None: they said so themselves, by the link; else who here was told."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="receipt")
    name = models.CharField(max_length=200)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(name=""), name="receipt_has_a_name")]
