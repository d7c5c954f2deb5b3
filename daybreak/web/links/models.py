"""What is a link, and what happened to it?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from daybreak.web.rows import Row

# What each may: `purposes`.
JOIN, READERS, FORM, REFERRAL, TRANSFER, CONSENT = "join", "readers", "form", "referral", "transfer", "consent"
VISIT, OFFER, ESCORT = "visit", "offer", "escort"
DIARY = "diary"
ASK, ANSWER, PAYMENT, WALL = "ask", "answer", "payment", "wall"
LETTER = "letter"
CARE, CARE_SHARED = "care", "care_shared"
SIGNS = "signs"
USED, FINISHED, REVOKED, WRONG, ACCEPTED = "used", "finished", "revoked", "wrong", "accepted"


class Link(Row):
    """For one purpose, about one subject, for a time and a number of uses. The token itself is stored nowhere.

    It is computed from `id` under a key outside the database; the row has only its digest.
    """

    purpose = models.CharField(max_length=20)
    subject = models.UUIDField()
    key = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    uses = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # None: the operator
    site = models.ForeignKey("people.Site", models.PROTECT, null=True, related_name="+")  # None: its subject says it


class LinkEvent(Row):
    """The link was used, did its work, was taken back, or accepted by a second person; or its holder gave a wrong answer."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)

    class Meta:
        db_table = "links_link_event"
        indexes: ClassVar = [models.Index(fields=["link", "kind"], name="link_event_kind")]
