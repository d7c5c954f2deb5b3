"""Which harms between treatments and over months are asked about?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Harm(Fact):
    """One question with yes or no; who says yes is seen to within so many hours."""

    id: Id
    domain: Literal["after", "mood", "bladder", "thinking", "dependence", "liver", "nose"]
    words: Words
    hours: Annotated[int, Field(ge=1)]


class Again(Fact):
    """How often a part that builds up is asked about, and with how many yes which referral is proposed."""

    domain: Literal["bladder", "thinking", "dependence", "liver"]
    treatments: Annotated[int, Field(ge=1)]
    days: Annotated[int, Field(ge=1)]
    refer: Annotated[int, Field(ge=1)]
    referral: Words


class ToolForm(Strict):
    """One form of a published tool, by its name alone."""

    id: Id
    words: Words


class Tool(Fact):
    """A published tool about the same harms, of which no item is shipped."""

    id: Literal["kset", "kset-r"]
    title: Words
    forms: Annotated[tuple[ToolForm, ...], Field(min_length=1)]


class Mapped(Fact):
    """A part of ours beside the forms that are about the same time; `domain`: what the tool calls it, where a source says so."""

    ours: Literal["session", "after", "mood", "bladder", "thinking", "dependence", "liver", "nose"]
    kset: Id | None = None
    kset_r: Id | None = Field(default=None, alias="kset-r")
    domain: Words | None = None


class HarmsFile(Strict):
    items: Annotated[tuple[Harm, ...], Field(min_length=1)]
    schedule: Annotated[tuple[Again, ...], Field(min_length=1)]
    tools: tuple[Tool, ...]
    mapped: tuple[Mapped, ...]

    @model_validator(mode="after")
    def _schedule_can_be_met(self) -> HarmsFile:
        for one in self.schedule:
            if one.refer > sum(each.domain == one.domain for each in self.items):
                raise ValueError(f"{one.domain!r} has fewer questions than yes that propose a referral")
        if len({one.domain for one in self.schedule}) < len(self.schedule):
            raise ValueError("a part stands in `schedule` twice")
        return self

    @model_validator(mode="after")
    def _each_part_once(self) -> HarmsFile:
        parts = [one.ours for one in self.mapped]
        if sorted(parts) != sorted({"session", *(one.domain for one in self.items)}):
            raise ValueError("each part of the checklist, and the session, stands in `mapped` once")
        forms: dict[str, set[str]] = {one.id: {each.id for each in one.forms} for one in self.tools}
        for one in self.mapped:
            told = {"kset": one.kset, "kset-r": one.kset_r}
            if any(form is not None and form not in forms.get(tool, set()) for tool, form in told.items()):
                raise ValueError(f"{one.ours!r} stands beside a form that its tool does not have")
        return self
