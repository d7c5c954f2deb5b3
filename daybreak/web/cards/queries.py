"""What stands on the cards of a site now, and what stood there before?"""

from __future__ import annotations

from uuid import UUID

from daybreak.web.cards.models import Text

FIELDS = {"en": "en", "zh-Hans": "zh_hans"}


def newest(site_id: UUID) -> dict[str, Text]:
    """By card, the last version, taken back or not."""
    rows = Text.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by")
    return {one.card: one for one in rows}


def written(site_id: UUID, card: str) -> Text | None:
    """What is to be read; None: nobody has written it, or it was taken back."""
    row = newest(site_id).get(card)
    return row if row is not None and (row.en or row.zh_hans) else None


def words(row: Text, language: str) -> tuple[str, str]:
    """The words in the reader's language, or in the other one when only that was written; and which language it is."""
    order = [language, *(one for one in FIELDS if one != language)]
    return next((getattr(row, FIELDS[one]), one) for one in order if getattr(row, FIELDS[one]))


def history(site_id: UUID, card: str) -> list[Text]:
    """Every version, the newest first."""
    rows = Text.objects.filter(site=site_id, card=card).select_related("by")
    return list(rows.order_by("-created", "-id"))
