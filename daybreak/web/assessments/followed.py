"""What is asked at once after an answer about suicide that calls for somebody, and what is written of it?

The screener where the clinic shows its licensed wording, else the clinic's own questions (`suicide.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, When
from daybreak.knowledge.suicide import calling
from daybreak.web.assessments.scoring import scored
from daybreak.web.forms.form import NOT_SAID, Kind, Option, Question
from daybreak.web.words import known, word

BEFORE, WHERE = "followup.", "followup.where"  # how the id of each such question begins
YES, NO = "yes", "no"


def following(
    item: Question, clear: frozenset[str], screener: tuple[Question, ...], language: str
) -> Iterator[Question]:
    """The questions after `item`, asked unless its answer is `clear`. `screener`: its questions, if they may be shown."""
    rule, said = calling().followup, known(language)
    after = item.id, frozenset({one.value for one in item.options} - clear | {NOT_SAID})
    stem = rule["stem"][said]
    for one in screener:
        waits = one.after and (BEFORE + one.after[0], one.after[1])
        yield replace(one, id=BEFORE + one.id, after=waits or after, follows=True)
    both = (Option(YES, word("assessments.yes", said)), Option(NO, word("assessments.no", said)))
    for one in () if screener else rule["questions"]:
        id, words = BEFORE + one["id"], one["words"][said]
        yield Question(id, words, Kind.CHOICE, both, stem=stem, after=after, safety=True, ours=True, follows=True)
    where = rule["where"][said]
    yield Question(WHERE, where, Kind.TEXT, stem=stem, after=after, safety=True, ours=True, follows=True)


def record(id: str, value: str, at: datetime | None = None, day: When | None = None) -> Observation | None:
    """What the record says of an answer; None for the one in words, which goes to the task alone."""
    if id == WHERE:
        return None
    name = id.removeprefix(BEFORE)
    own = name in {one["id"] for one in calling().followup["questions"]}
    kind = f"suicide-followup.{name}" if own else f"{calling().followup['screener']}.{name}"
    return Observation("", kind, UNREADABLE if value == NOT_SAID else value, day, at)


def level(answers: Mapping[str, str], at: datetime, day: When) -> Observation | None:
    """The level that the screener makes of what followed; None while what is open leaves it unknown, or for our own."""
    screener = calling().followup["screener"]
    told = {id.removeprefix(BEFORE): value for id, value in answers.items() if id.startswith(BEFORE)}
    risk = scored(screener, told).result["risk"] if f"{BEFORE}q1" in answers else None
    return risk and Observation("", f"{screener}.risk", risk, day, at)
