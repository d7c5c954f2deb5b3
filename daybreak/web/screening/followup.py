"""Which scale's total called for somebody on the board, and what is asked there at once?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.knowledge.suicide import calling, item_of
from daybreak.web.refusals import Refused
from daybreak.web.screening import questionnaire
from daybreak.web.screening.scores import ANOTHER, SEVERITY, SUICIDE, TOTALS, others

FOLLOWUP = "followup"  # what the form says that it is about


def scale_after(told: Mapping[str, str]) -> str:
    """The scale of a total that was kept, if what its question about suicide said is not clearly "no"; else nothing."""
    if told.get("about") == ANOTHER:
        scale = told.get("scale", "")
    else:
        scale = SEVERITY if told.get("about") == TOTALS and SEVERITY in told.get("of", "").split(",") else ""
    kind = item_of(scale, calling())
    return scale if kind and told.get(SUICIDE, "").strip() not in calling().clear[kind] else ""


def form_of(scale: str) -> str:
    """The form of what follows that scale. Refused when there is none."""
    if scale not in (SEVERITY, *others()) or item_of(scale, calling()) is None:
        raise Refused("screening.choose")
    return f"followup:{scale}"


def shown(scale: str, told: Mapping[str, str], language: str) -> dict[str, Any] | None:
    """Its questions with what was `told` when they could not be taken; None when nothing follows that scale."""
    try:
        return questionnaire.shown(told, language, form_of(scale)) | {"scale": scale}
    except Refused:
        return None
