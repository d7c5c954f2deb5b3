"""How is it told what a carer is asked after a treatment, and what they answered?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from daybreak.knowledge import careplan
from daybreak.web import zones
from daybreak.web.careplan.models import Checked, Share
from daybreak.web.words import word


def questions(typed: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Each with its choices, and what was chosen in the form that came back."""
    return [
        {
            "id": id,
            "words": one["words"][language],
            "choices": [(each["id"], each["words"][language]) for each in one["choices"]],
            "chosen": typed.get(f"q-{id}", ""),
        }
        for id, one in careplan.questions().items()
    ]


def said(row: Checked, language: str) -> list[tuple[str, str]]:
    """Each question with its answer; what was left blank says so."""
    told = json.loads(row.said)
    return [
        (
            one["words"][language],
            next(
                (each["words"][language] for each in one["choices"] if each["id"] == told.get(id)),
                word("careplan.blank", language),
            ),
        )
        for id, one in careplan.questions().items()
    ]


def mine(share: Share, language: str) -> list[tuple[str, list[tuple[str, str]], str]]:
    """What whoever holds the link answered, the newest first."""
    rows = Checked.objects.filter(asked__whom=share.whom).order_by("-id")
    return [(zones.minute(one.created), said(one, language), one.text) for one in rows]
