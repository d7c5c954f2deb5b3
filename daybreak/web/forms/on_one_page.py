"""How does a whole form stand on one page, and what does that page bring back?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import QueryDict

from daybreak.web.forms.answering import said, told
from daybreak.web.forms.form import Form, Kind, asked


def questions(
    form: Form, answers: dict[str, str], typed: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """What stands on the page: what is asked, and every question about risk, so that none waits for a second page. An answer
    that does not apply is open again; words that were `typed` into a page that could not be taken stay, whatever was chosen."""
    now = asked(form, answers)
    every = [one for one in form.questions if one in now or one.safety]
    places = {one.id: n for n, one in enumerate(every, 1)}
    stems = ["", *(one.stem for one in every)]
    return [
        {
            **told(form, one, value=answers.get(one.id, "") if one in now else ""),
            **({"value": words} if one.kind is Kind.TEXT and (words := typed.get(f"t-{one.id}", "")) else {}),
            "n": n,
            "after": places.get(one.after[0]) if one.after else None,
            "stem": one.stem if one.stem != stems[n - 1] else "",
        }
        for n, one in enumerate(every, 1)
    ]


def brought(form: Form, posted: QueryDict) -> dict[str, str]:
    """What was said to each question; a question without an answer is not among them."""
    found = {}
    for one in form.questions:
        typed = posted.get(f"t-{one.id}", "").replace("\0", "").strip()
        if text := said(one, posted.getlist(f"q-{one.id}"), typed):
            found[one.id] = text
    return found
