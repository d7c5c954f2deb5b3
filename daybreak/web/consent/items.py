"""What of a document has been understood, what waits for a person who explains it, and what is open?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from daybreak.web.consent.models import ANSWER, ASKS, EXPLAINED, Step, Talk
from daybreak.web.words import known

OPEN, DONE, WAITS, STILL = "open", "done", "waits", "still"


@dataclass(frozen=True, slots=True)
class Item:
    """One statement, or one question with its answers. `state` STILL: another answer than ours, also after it was explained.

    `explained`: by whom last, empty when nobody had to. `said` is the last answer to a question (which, counted from 0).
    """

    id: str
    words: str
    answers: tuple[str, ...]
    right: int
    explains: str
    state: str
    explained: str
    said: int | None


def title(talk: Talk, language: str) -> str:
    """What the document is called, in the reader's language."""
    return str(json.loads(talk.content)["title"][known(language)])


def items(talk: Talk) -> list[Item]:
    """Statements first, then questions, in the language of the talk's text."""
    content = json.loads(talk.content)
    steps = list(Step.objects.filter(talk=talk).select_related("by").order_by("seq"))
    return [
        _item(one, talk.language, [step for step in steps if step.item == one["id"]])
        for one in (*content["statements"], *content["questions"])
    ]


def _item(one: dict[str, Any], language: str, steps: list[Step]) -> Item:
    answers = one.get("answers", [])
    right = next((i for i, answer in enumerate(answers) if answer["right"]), -1)
    said = next((int(step.value) for step in reversed(steps) if step.what == ANSWER), None)
    return Item(
        id=one["id"],
        words=one["asks" if answers else "says"][language],
        answers=tuple(answer["says"][language] for answer in answers),
        right=right,
        explains=one["explains"][language] if answers else "",
        state=_state(steps, right),
        explained=next((step.by.display_name for step in reversed(steps) if step.what == EXPLAINED and step.by), ""),
        said=said,
    )


def _state(steps: list[Step], right: int) -> str:
    if not steps or steps[-1].what == EXPLAINED:
        return OPEN
    last, before = steps[-1], steps[:-1]
    if last.what == ASKS:
        return WAITS
    if last.what == ANSWER and last.value != str(right):
        return STILL if any(step.what == EXPLAINED for step in before) else WAITS
    return DONE


def open_place(found: Iterable[Item]) -> int | None:
    """The place (from 1) of the first one that is to be answered."""
    return next((n for n, one in enumerate(found, 1) if one.state == OPEN), None)


def waiting(found: Iterable[Item]) -> list[Item]:
    """Those about which a person talks first."""
    return [one for one in found if one.state == WAITS]
