"""How often did something come through a door?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Tally(models.Model):
    """How much came within one span. `address` is a keyed digest of where from; empty: from everywhere together."""

    door = models.CharField(max_length=20)
    since = models.DateTimeField(db_index=True)
    address = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["door", "since", "address"], name="tally_stands_once_for_an_address")
        ]
