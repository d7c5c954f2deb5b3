"""Which requests were already answered, and how?"""

from __future__ import annotations

from django.db import models

from daybreak.web.rows import Row


class Answered(Row):
    """One request that was done: what was asked (as a digest) and the id of the row that answered it."""

    key = models.UUIDField(unique=True)
    action = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    answer = models.UUIDField()
