"""Which rows say that a site adopted a protocol, or no longer uses it?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row

ADOPTED, WITHDRAWN = "adopted", "withdrawn"


class Ground(Row):
    """What all protocols rested on at one time besides their own lines (JSON): kept once for each state of the knowledge."""

    digest = models.CharField(max_length=64)
    content = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="ground_is_kept_once"),
        ]


class Adoption(Row):
    """A prescriber signed that a site adopts one protocol version, or that it stops. Rows are events: the newest counts.

    `digest` is that of the resolved protocol with everything it stands on: when it changes, nothing is adopted any more.
    `lines` are the criteria as they were read then (JSON), so that a later difference can be shown; `overlay_digest` is
    that of the site's own policy over it; None: there was none. `ground` is what it rested on; None: adopted before that was
    kept.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="adoptions")
    protocol = models.CharField(max_length=60)
    version = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    overlay_digest = models.CharField(max_length=64, null=True)
    lines = models.TextField()
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=(ADOPTED, WITHDRAWN)), name="adoption_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=ADOPTED) | (Q(replaces__isnull=False) & ~Q(reason="")), name="withdrawal_says_of_what"
            ),
            models.UniqueConstraint(
                fields=["site", "protocol"], condition=Q(replaces__isnull=True), name="adoptions_have_one_beginning"
            ),
        ]


class Stricter(Row):
    """A prescriber signed that a site asks for more than a protocol in one criterion, or (`line` empty) that it no longer does.

    Rows are versions of one line: the newest counts. `line` is JSON in the shape of a protocol's line.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    protocol = models.CharField(max_length=60)
    criterion = models.CharField(max_length=60)
    when = models.CharField(max_length=20)
    line = models.TextField(blank=True)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "protocols_stricter"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="stricter_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(line="") | Q(replaces__isnull=False), name="stricter_is_lifted_from_one"
            ),
            models.UniqueConstraint(
                fields=["site", "protocol", "criterion", "when"],
                condition=Q(replaces__isnull=True),
                name="stricter_has_one_beginning",
            ),
        ]
