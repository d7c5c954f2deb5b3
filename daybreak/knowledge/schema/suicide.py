"""Which answers call for somebody here, how soon, and who is called next?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Called(Fact):
    """An answer that calls for somebody, unless it is one of `clear`. What nobody can read calls for somebody too."""

    kind: Id
    clear: Annotated[tuple[str, ...], Field(min_length=1)]
    level: Literal["now", "today"]


class AskedToday(Fact):
    """After one of the `calm` answers nobody is sent to ask the same question again on the same day."""

    kind: Id
    calm: Annotated[tuple[str, ...], Field(min_length=1)]


class FollowUp(Strict):
    """One question of our own that is answered with yes or no."""

    id: Id
    words: Words


class FollowUps(Fact):
    """What is asked at once after an answer that calls for somebody; `screener` is the scale whose licensed wording goes before
    our own questions, `where` the question after them, answered in words."""

    screener: Id
    stem: Words
    questions: Annotated[tuple[FollowUp, ...], Field(min_length=1)]
    where: Words


class TalkedAbout(Fact):
    """How soon somebody talks about a statement or question of a consent that a patient alone did not understand."""

    item: Id
    level: Literal["now", "today"]


class Escalation(Fact):
    """After how many minutes the next one is called, as long as nobody has taken the task."""

    minutes: Annotated[tuple[int, ...], Field(min_length=1)]


class Again(Fact):
    """After how many minutes people are called again about what is late and was tried by nobody."""

    minutes: Annotated[int, Field(ge=1)]


class Age(Fact):
    """An answer that is older than this calls nobody at night; somebody looks at it within the day."""

    days: Annotated[int, Field(ge=0)]


class Within(Fact):
    """How many hours "today" is, or pass until a form that nobody goes on with is ended."""

    hours: Annotated[int, Field(ge=1)]


class Days(Strict):
    """How many days."""

    days: Annotated[int, Field(ge=1)]


class Minutes(Strict):
    """How many minutes."""

    minutes: Annotated[int, Field(ge=1)]


class Hours(Strict):
    """How many hours."""

    hours: Annotated[int, Field(ge=1)]


class Urgency(Fact):
    """What may be seen to within the day where a prescriber signed for it: an answer to the `item` below `every_day`, not worse
    than those of the days `before`, with a safety `plan` that is not older, when all that follows is "no" after `wait`, and
    somebody who said that they are there begins within `staffed`."""

    item: Id
    every_day: Annotated[int, Field(ge=1)]
    before: Days
    plan: Days
    wait: Minutes
    staffed: Hours


class Step(Strict):
    """What is done after that many tries in a row that reached nobody."""

    after: Annotated[int, Field(ge=1)]
    does: Literal["other_number", "contact", "welfare_check", "emergency_services"]


class Unreached(Fact):
    """The rule for somebody who cannot be reached, step by step."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if [one.after for one in self.steps] != sorted({one.after for one in self.steps}):
            raise ValueError("the steps of `unreached` come in order, each after more tries than the one before")
        return self


class SuicideFile(Strict):
    answers: tuple[Called, ...]
    asked_today: AskedToday
    followup: FollowUps
    consent: tuple[TalkedAbout, ...]
    escalation: Escalation
    again: Again
    old: Age
    unfinished: Within
    today: Within
    unreached: Unreached
    urgency: Urgency
