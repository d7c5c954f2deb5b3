"""What does a monitoring form ask, in which version, and from what of a session is each field answered?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Count = Annotated[int, Field(ge=1)]
READINGS = frozenset({"before", "about", "last"})


class Days(Fact):
    """So many calendar days."""

    days: Count


class Escalation(Fact):
    """Who is called upon so many days after the treatment."""

    day: Count
    roles: Annotated[tuple[Literal["nurse", "prescriber", "administrator"], ...], Field(min_length=1)]
    level: Literal["by", "today", "now"]


class About(Fact):
    """So many minutes after the first device, give or take."""

    minutes: Count
    grace: Count


class Setting(Fact):
    """What the programme asks for where somebody is treated so."""

    id: Id
    enrolment: bool
    form: bool
    fhir: Literal["AMB", "IMP", "EMER"]
    words: Words
    says: Words


class Serious(Fact):
    """One thing that makes an event serious."""

    id: Id
    words: Words


class Ready(Fact):
    """Things seen before leaving that are about the medicine."""

    criteria: Annotated[tuple[Id, ...], Field(min_length=1)]


class Version(Fact):
    """One version of the form."""

    id: Id
    words: Words


class Block(Strict):
    """A part of the form."""

    id: Id
    words: Words


class Evidence(Strict):
    """What stands beside a judgement: other fields, how things seen before leaving went, and what else happened."""

    fields: tuple[Id, ...] = ()
    courses: tuple[Id, ...] = ()
    also: tuple[Literal["ready", "events", "earlier", "enrolment", "adverse"], ...] = ()


class FormField(Fact):
    """One question of the form, or a field of our own. `carried`: not seen on these versions. A judgement `asks` for yes or
    no, or for minutes; after a yes it may `tell` what happened; `when`: asked only after a yes to that field."""

    id: Id
    block: Id
    kind: Literal["identity", "figure", "list", "judgement"]
    words: Words
    unit: str = ""
    required: bool
    ours: bool = False
    versions: Annotated[tuple[Id, ...], Field(min_length=1)]
    carried: tuple[Id, ...] = ()
    of: str = ""
    row: Id | None = None
    classes: tuple[Id, ...] = ()
    asked: tuple[Id, ...] = ()
    asks: Literal["yes_no", "minutes"] | None = None
    when: Id | None = None
    tell: bool = False
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _whole(self) -> FormField:
        """A judgement says what it asks and shows evidence; nothing else does."""
        if (self.kind == "judgement") != (self.asks is not None) or (self.asks is None) != (self.evidence is None):
            raise ValueError("a judgement, and nothing else, has `asks` and `evidence`")
        if (self.kind in ("identity", "figure")) != bool(self.of):
            raise ValueError("an identity and a figure, and nothing else, say what they are `of`")
        if (self.kind == "list") != bool(self.classes):
            raise ValueError("a list, and nothing else, has `classes`")
        if (self.of in READINGS) != (self.row is not None):
            raise ValueError("a reading, and nothing else, has a `row`")
        if not {*self.carried} <= {*self.versions}:
            raise ValueError("a field is carried only into versions that have it")
        return self


class RemsFile(Strict):
    protocols: Annotated[tuple[Id, ...], Field(min_length=1)]
    says: Words
    contacts: Words
    settings: Annotated[tuple[Setting, ...], Field(min_length=1)]
    deadline: Days
    escalation: Annotated[tuple[Escalation, ...], Field(min_length=1)]
    nearer: Days
    serious: Annotated[tuple[Serious, ...], Field(min_length=1)]
    ready: Ready
    about: About
    reviewed: Days
    new: Id
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
