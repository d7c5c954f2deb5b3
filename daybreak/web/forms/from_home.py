"""What does a page take along, so that a form which is answered from home goes on without a connection?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language

from daybreak.web.forms import makers
from daybreak.web.forms.answering import OTHERS, Door
from daybreak.web.forms.form import Question
from daybreak.web.words import word

MOST = 60  # questions: a longer form would make every page of it heavy, and needs its connection
SAYS = {
    "onward": "forms.onward",
    "leave": "forms.leave",
    "aloud": "forms.aloud",
    "silent": "forms.silent",
    "away": "forms.away",
    "away_help": "forms.away_help",
    "away_done_title": "forms.away_done_title",
    "away_done": "forms.away_done",
    "away_leave": "forms.away_leave",
}


def taken_along(door: Door) -> str:
    """The questions and the sentences about having no connection, as JSON; "" of a long form. No answer is in it."""
    if len(door.form.questions) > MOST:
        return ""
    language = get_language()
    told = {
        "form": str(door.sitting.id),
        "language": door.form.language,
        "questions": [_question(door, one, language) for one in door.form.questions],
        "says": {name: word(said, language) for name, said in SAYS.items()},
    }
    return json.dumps(told, ensure_ascii=False)


def _question(door: Door, one: Question, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "words": one.words,
        "stem": one.stem,
        "help": one.help,
        "kind": one.kind.value,
        "unit": one.unit,
        "options": [(each.value, each.words) for each in one.options],
        "others": [(each, word(OTHERS[each], language)) for each in one.others],
        "after": [one.after[0], sorted(one.after[1])] if one.after else None,
        "safety": one.safety,
        "calls": list(_calls(door, one)) if one.safety and not one.follows else [],
    }


def _calls(door: Door, one: Question) -> Iterator[str]:
    """The answers to it that call for somebody."""
    made, name = makers.maker(door.sitting.form)
    values = (*(each.value for each in one.options), *one.others)
    return (value for value in values if made.urgent(name, one, value))
