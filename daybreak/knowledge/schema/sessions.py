"""What does a treatment session ask, see and end with?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Count = Annotated[int, Field(ge=1)]
Route = Literal["esketamine", "ketamine"]
Role = Literal["prescriber", "nurse", "front_desk"]


class AnswerLine(Strict):
    """An answer, and what it does. `task`: the dose is given, and somebody sees to it; `tell`: what and since when is told."""

    id: Id
    does: Literal["go", "decide", "stop"]
    task: bool = False
    tell: bool = False
    words: Words


class After(Strict):
    """Asked once that question is answered otherwise than so."""

    question: Id
    unless: Annotated[tuple[str, ...], Field(min_length=1)]


class QuestionLine(Fact):
    """A question before the dose, or before leaving. Without `routes` everybody is asked; `once`: in one session of a series."""

    id: Id
    moment: Literal["before", "leaving"]
    routes: tuple[Route, ...] = ("esketamine", "ketamine")
    private: bool = False
    once: bool = False
    after: After | None = None
    title: Words
    ask: Words
    answers: Annotated[tuple[AnswerLine, ...], Field(min_length=2)]


class Part(Strict):
    """A figure that is typed. Of a total that no device sends its own ends stand here."""

    id: Literal["value", "systolic", "diastolic"]
    least: int | None = None
    most: int | None = None


class Level(Strict):
    """One tap."""

    value: Annotated[int, Field(ge=0)]
    words: Words


class RowLine(Fact):
    """What can be charted: figures, or one of its levels."""

    id: Id
    before: bool = False
    title: Words
    unit: str = ""
    parts: tuple[Part, ...] = ()
    levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> RowLine:
        if bool(self.parts) == bool(self.levels):
            raise ValueError("a row has either parts or levels")
        return self


class BoundLine(Strict):
    """How a row has to be before somebody leaves. `limits`: within the lines of that level that the site has signed for it, or
    as before the dose; recorded it is judged, and it has to be recorded where the signed check before leaving has it."""

    row: Id
    part: Literal["", "systolic", "diastolic"] = ""
    most_above: Decimal | None = None
    most_below: Decimal | None = None
    most: Decimal | None = None
    least: Decimal | None = None
    limits: Literal["", "caution", "alarm"] = ""

    @model_validator(mode="after")
    def _bounded(self) -> BoundLine:
        if all(one is None for one in (self.most_above, self.most_below, self.most, self.least)) is not bool(
            self.limits
        ):
            raise ValueError("a bound has a figure, or the limits of its row")
        return self


class LeavingLine(Fact):
    """Something to be seen: rows within bounds, or a question answered so. `stays`: a second answer takes the first one's
    place only with a prescriber's word."""

    id: Id
    gates: bool
    stays: bool = False
    title: Words
    bounds: tuple[BoundLine, ...] = ()
    question: str = ""
    answers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> LeavingLine:
        if bool(self.bounds) == bool(self.question) or bool(self.question) != bool(self.answers):
            raise ValueError("a line has either bounds, or a question with its answers")
        return self


class Minutes(Fact):
    """So many minutes."""

    minutes: Count


class NoDrivingLine(Fact):
    """So many hours after the end of the last dose of that medicine, beside the night."""

    drug: Id
    hours: Annotated[int, Field(ge=0)]


class SecondPerson(Fact):
    """Whether the time-out needs a second person."""

    routes: tuple[Route, ...]
    needed: bool


class PerNurse(Fact):
    """So many patients at a time."""

    most: Count


class RescueLine(Fact):
    """A kind of medicine against what the dose does."""

    id: Id
    watch_again: bool
    title: Words


class Duty(Strict):
    """What an end leaves to be done: by whom, within how many hours."""

    id: Id
    role: Role
    hours: Count
    level: Literal["now", "today", "by"]


class EndLine(Fact):
    """A way in which a session ends, `exposed`: after a dose, or (False) only before one."""

    id: Literal["discharged", "against_advice", "unseen", "transferred", "died", "not_today", "cancelled"]
    exposed: bool
    title: Words
    duties: tuple[Duty, ...]


class Tap(Strict):
    """Something to be tapped; what is done then is the clinic's own."""

    id: Id
    title: Words


class SeenLine(Fact):
    """What somebody taps who acknowledges an alarm: what they do, or in how many minutes they look again."""

    acts: Annotated[tuple[Tap, ...], Field(min_length=1)]
    looks_again: Annotated[tuple[Annotated[int, Field(gt=0, le=60)], ...], Field(min_length=1)]


class SessionsFile(Strict):
    questions: tuple[QuestionLine, ...]
    rows: tuple[RowLine, ...]
    leaving: tuple[LeavingLine, ...]
    seen_within: Minutes
    no_driving: tuple[NoDrivingLine, ...]
    second_person: tuple[SecondPerson, ...]
    margin: Minutes
    patients_per_nurse: PerNurse
    rescue: tuple[RescueLine, ...]
    ends: tuple[EndLine, ...]
    cards: tuple[Tap, ...]
    calls: tuple[Tap, ...]
    seen: SeenLine

    @model_validator(mode="after")
    def _names_stand(self) -> SessionsFile:
        rows, questions = {one.id for one in self.rows}, {one.id: one for one in self.questions}
        for n, one in enumerate(self.questions):
            before = {each.id: each for each in self.questions[:n]}
            if one.after and one.after.question not in before:
                raise ValueError(f"{one.id}: no question '{one.after.question}' before it")
            if one.after and not set(one.after.unless) <= {each.id for each in before[one.after.question].answers}:
                raise ValueError(f"{one.id}: '{one.after.question}' has no such answer")
        for line in self.leaving:
            for bound in line.bounds:
                if bound.row not in rows:
                    raise ValueError(f"leaving/{line.id}: no row '{bound.row}'")
            if line.question and line.question not in questions:
                raise ValueError(f"leaving/{line.id}: no question '{line.question}'")
            if line.question and not set(line.answers) <= {one.id for one in questions[line.question].answers}:
                raise ValueError(f"leaving/{line.id}: '{line.question}' has no such answer")
        return self
