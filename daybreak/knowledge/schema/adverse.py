"""What is an adverse event called, how is it judged, and what do the papers about it ask?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Text = Annotated[str, StringConstraints(min_length=1)]


class Label(Fact):
    """A product's label, as far as its list of reactions could be read."""

    id: Id
    product: Id
    words: Words


class Listed(Strict):
    """Where a label names the term."""

    label: Id
    where: Text


class Term(Strict):
    """What an event can be called; without a code it is not mapped. `seen`: alarms and rows of a session that propose it."""

    id: Id
    words: Words
    icd10cm: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9A-Z.]+$")], ...] = ()
    listed: tuple[Listed, ...] = ()
    seen: tuple[Id, ...] = ()


class Terms(Fact):
    items: Annotated[tuple[Term, ...], Field(min_length=1)]


class Choice(Strict):
    """One answer."""

    id: Id
    words: Words


class Choices(Fact):
    """The answers of one question, in order."""

    items: Annotated[tuple[Choice, ...], Field(min_length=1)]


class Death(Fact):
    """The three answers that say that somebody died."""

    criterion: Id
    grade: Id
    outcome: Id


class Interval(Fact):
    """Of a hundred such intervals so many hold the true rate."""

    percent: Annotated[int, Field(gt=50, lt=100)]


class Form(Fact):
    """A paper; `named`: what stands there for the patient's name."""

    id: Id
    words: Words
    named: Literal["code", "initials"]


class FormField(Strict):
    """What papers ask; `at`: where, on each of them."""

    id: Id
    of: Literal[
        "by_hand", "patient", "age", "sex", "weight", "kind", "serious", "onset", "report_day", "described",
        "product", "dose", "route", "indication", "dates", "lots", "expiry", "concomitant", "reporter",
    ]  # fmt: skip
    words: Words
    at: dict[Id, Text]


class FormFields(Fact):
    items: Annotated[tuple[FormField, ...], Field(min_length=1)]


class AdverseFile(Strict):
    labels: tuple[Label, ...]
    terms: Terms
    grades: Choices
    related: Choices
    outcomes: Choices
    actions: Choices
    death: Death
    interval: Interval
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    fields: FormFields

    @model_validator(mode="after")
    def _names(self) -> AdverseFile:
        """Every id stands once, and what is named is there."""
        ids = {
            "terms": [one.id for one in self.terms.items],
            "forms": [one.id for one in self.forms],
            "labels": [one.id for one in self.labels],
            "fields": [one.id for one in self.fields.items],
        }
        for name, found in ids.items():
            if len(set(found)) != len(found):
                raise ValueError(f"an id of `{name}` stands twice")
        if not {each.label for one in self.terms.items for each in one.listed} <= set(ids["labels"]):
            raise ValueError("a term is listed by a label that is not there")
        if not {form for one in self.fields.items for form in one.at} <= set(ids["forms"]):
            raise ValueError("a field stands on a form that is not there")
        fatal = {one.id for one in self.outcomes.items} & {self.death.outcome}
        if not fatal or self.death.grade not in {one.id for one in self.grades.items}:
            raise ValueError("what says that somebody died is an outcome and a grade of this file")
        return self
