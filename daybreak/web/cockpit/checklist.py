"""What is seen to in this phase of a session, each with its shape: met, not met, unknown, or only done?"""

from __future__ import annotations

from datetime import datetime

from daybreak.clinical.answers import MET, NOT_MET, Verdict
from daybreak.clinical.treatment.checks import Due, Item
from daybreak.clinical.treatment.discharge import Seen, leaving
from daybreak.clinical.treatment.rules import Rules
from daybreak.clinical.treatment.session import State
from daybreak.knowledge import sessions
from daybreak.web.cockpit.due import named
from daybreak.web.cockpit.shown import Line
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import word

SHAPE = {Verdict.MET: "met", Verdict.NOT_MET: "not-met", Verdict.UNKNOWN: "unknown"}
DONE, CAUTION = "done", "caution"
# Asked, never good: an answer about suicide is not green.
SUICIDE = "suicide"
TITLES = {"watched": "cockpit.leaving_watched", "identity": "cockpit.leaving_identity"}


def lines(state: State, rules: Rules, items: tuple[Item, ...], *, at: datetime, language: str) -> tuple[Line, ...]:
    """The checks of the schedule that were done, and after the dose what leaving asks for; nothing before a dose."""
    if not state.exposed:
        return tuple(_check(one, language) for one in items if one.state is Due.DONE)
    return tuple(_seen(one, language) for one in leaving(state, rules, at))


def _check(one: Item, language: str) -> Line:
    rows = named(one.rows, language) if one.missed and one.rows else word("cockpit.before_dose", language)
    return Line(CAUTION if one.missed else DONE, rows, word("cockpit.check_done", language))


def _seen(one: Seen, language: str) -> Line:
    verdict = one.answer.verdict
    shape = DONE if one.id == SUICIDE and verdict is MET else SHAPE[verdict]
    if not one.gates and verdict is NOT_MET:
        shape = CAUTION
    title = {each["id"]: each["title"][language] for each in sessions.leaving()}.get(one.id)
    return Line(shape, title or word(TITLES[one.id], language), sentence(one.answer.reason, language))
