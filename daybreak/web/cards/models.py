"""Which rows hold what a site has written on its emergency cards?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.rows import Row


class Text(Row):
    """The site's own words on one card, as a prescriber signed them, in the languages in which they were written.

    Rows are versions: the newest counts. Empty in both languages: taken back.
    """

    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    card = models.CharField(max_length=40)
    en = models.TextField(blank=True)
    zh_hans = models.TextField(blank=True)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="card_text_has_a_reason"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=False) | ~Q(en="") | ~Q(zh_hans=""), name="card_text_begins_with_words"
            ),
            models.UniqueConstraint(
                fields=["site", "card"], condition=Q(replaces__isnull=True), name="card_texts_have_one_beginning"
            ),
        ]
