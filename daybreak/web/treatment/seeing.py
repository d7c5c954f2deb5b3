"""What does somebody say who sees to an alarm: by one tap, in words, or when they look again?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from daybreak.knowledge import sessions
from daybreak.web.posted import typed
from daybreak.web.refusals import Refused
from daybreak.web.words import known

LONGEST = 1000  # letters of what was done
MOST_MINUTES = 1000


def sent(request: HttpRequest) -> dict[str, Any]:
    """What the form brought, as `alarms.acknowledge` takes it."""
    return {
        "did": typed(request, "did"),
        "chose": typed(request, "chose"),
        "within": _minutes(typed(request, "within")),
    }


def told(did: str, chose: str, *, language: str) -> dict[str, str]:
    """As it is written down: what was done, whole, in the words of who did it; and what of it was tapped and what was typed,
    so that it is read in every language."""
    own, acts = did.strip()[:LONGEST], sessions.acts()
    if not chose:
        return {"did": own}
    if chose not in acts:
        offered = ", ".join(one[known(language)] for one in acts.values())
        raise Refused("treatment.no_such_act", in_field="chose", typed=chose[:30], offered=offered)
    return {"did": _whole(acts[chose], own, language), "chose": chose, "own": own}


def said(told: Mapping[str, Any], language: str) -> str:
    """What was done, as it is read; nothing when only a time was chosen."""
    title = sessions.acts().get(str(told.get("chose", "")))
    return _whole(title, str(told.get("own", "")), language) if title else str(told.get("did", ""))


def offered(language: str) -> dict[str, Any]:
    """What a form offers."""
    acts = [(id, title[known(language)]) for id, title in sessions.acts().items()]
    return {"acts": acts, "looks_again": sessions.looks_again()}


def _whole(title: Mapping[str, str], own: str, language: str) -> str:
    return " · ".join(one for one in (title[known(language)], own) if one)


def _minutes(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < len(str(MOST_MINUTES)) and int(text)):
        raise Refused("cockpit.no_minutes", in_field="within", typed=text[:30])
    return int(text)
