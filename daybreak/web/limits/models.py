"""Which rows say how a prescriber signed that patients are watched at a site?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Signed(Row):
    """Limits, checks and minutes of one protocol at one site: every number (JSON), and the digest of what they rest on.

    Rows are versions: the newest counts, as long as the digest is that of the knowledge.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    protocol = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    numbers = models.TextField()
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="signed_watch_has_a_reason"),
            models.UniqueConstraint(
                fields=["site", "protocol"],
                condition=Q(replaces__isnull=True),
                name="signed_watches_have_one_beginning",
            ),
        ]
