"""The page on which somebody judges a clinic. What they answer never comes here: the page has no form that is sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daybreak.knowledge import clinic_questions as asked
from daybreak.web.access import everyone
from daybreak.web.public.page import language_of, shown
from daybreak.web.words import known


@everyone("anybody may ask a clinic questions; what they answer stays in their browser")
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """All questions on one page, to print as they are; with a script one after the other."""
    language = known(language_of(request))
    heads = [
        {
            "id": head["id"],
            "words": head["words"][language],
            "questions": [_in(language, one) for one in head["questions"]],
        }
        for head in asked.heads()
    ]
    return shown(request, "public/check.html", {"heads": heads})


def _in(language: str, one: Any) -> dict[str, Any]:
    said = {name: one[name][language] for name in ("words", "short", "why", "good", "poor")}
    parts = {
        name: [{**each, "words": each["words"][language]} for each in one.get(name, ())] for name in ("needs", "asks")
    }
    return {
        **said,
        **parts,
        "id": one["id"],
        "standing": one["standing"],
        "source": asked.source(one["source"]["id"]),
        "where": one["source"]["where"],
        "card": " ".join(each["card"] for each in one["asks"] if "card" in each),
    }
