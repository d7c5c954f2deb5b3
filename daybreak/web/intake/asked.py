"""How is the intake a form? The questions of `knowledge/intake`, each repeated for every medicine that was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from daybreak.knowledge.store import loaded
from daybreak.knowledge.terms import terms
from daybreak.web.assessments.asked import MAKER as SCALES
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Option, Question
from daybreak.web.forms.models import Sitting
from daybreak.web.intake.told import told
from daybreak.web.people.models import Person
from daybreak.web.words import known, word

FORM, ONE = "intake", "intake:intake"
BLOCKS = 6  # for medicines, on paper


class Intake:
    """The `Maker` of the one form that is asked before the first visit."""

    def ids(self) -> list[str]:
        """One."""
        return [FORM]

    def alone(self, name: str) -> bool:
        """It is made for that."""
        return True

    def form(self, name: str, language: str) -> Form:
        """Our questions, then those of the scales that follow."""
        if name != FORM:
            raise LookupError(name)
        file, said = loaded("intake")[FORM], known(language)
        return Form(
            id=ONE,
            title=file["title"][said],
            explained=file["explained"][said],
            language=said,
            questions=(*_own(file["questions"], said), *_scales(file["then"], language)),
            attribution=" ".join(SCALES.form(scale, language).attribution for scale in file["then"]),
        )

    def sheet(self, name: str, language: str) -> Form:
        """On paper each medicine is named by hand, and some blocks of the same questions follow."""
        file, said = loaded("intake")[name], known(language)
        whole = self.form(name, language)
        own = tuple(_on_paper(file["questions"], said))
        return replace(
            whole, questions=(*own, *(one for one in whole.questions if one.id.partition(".")[0] in file["then"]))
        )

    def urgent(self, name: str, question: Question, value: str) -> bool:
        """As the scale says to which the question belongs."""
        scale, _, item = question.id.partition(".")
        return SCALES.urgent_item(scale, item, value)

    def answered(self, sitting: Sitting, question: Question, value: str, *, by: Person | None, at: datetime) -> None:
        """The same."""
        scale, _, item = question.id.partition(".")
        SCALES.answered_item(sitting, scale, item, value, by=by, at=at)

    def tried(self, sitting: Sitting, question: Question, value: str, *, about: UUID, at: datetime) -> bool:
        """The same."""
        scale, _, item = question.id.partition(".")
        return SCALES.tried_item(sitting, scale, item, value, about=about, at=at)

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """What was said becomes entries of the record, each by itself; the scales are scored as if asked alone."""
        told(sitting, answers, by=by, at=at)
        for scale in loaded("intake")[FORM]["then"]:
            given = {id.partition(".")[2]: value for id, value in answers.items() if id.startswith(f"{scale}.")}
            SCALES.ended_scale(sitting, scale, given, by=by, at=at)


MAKER = Intake()


def _own(asked: list[dict[str, Any]], said: str) -> Iterator[Question]:
    medicines = _medicines(said)
    each = [one for one in asked if "each" in one]
    for one in asked:
        if "each" in one:
            continue
        yield _question(one, said, medicines)
        if "from_list" in one:
            for medicine, title in medicines:
                follow = [other for other in each if other["each"] == one["id"]]
                yield from (_about(medicine, title, other, one["id"], said) for other in follow)


def _on_paper(asked: list[dict[str, Any]], said: str) -> Iterator[Question]:
    each = [one for one in asked if "each" in one]
    for one in asked:
        if "from_list" in one:
            for n in range(1, 1 + BLOCKS):
                name = word("intake.medicine", said, n=n)
                yield Question(f"{n}", word("intake.medicine_name", said, n=n), Kind.TEXT, others=())
                yield from (
                    _question(follow, said, (), id=f"{n}.{follow['id']}", name=name, free=True) for follow in each
                )
        elif "each" not in one:
            yield _question(one, said, ())


def _about(medicine: str, title: str, one: Mapping[str, Any], chosen: str, said: str) -> Question:
    """The question about one medicine; its own condition is about the same medicine."""
    after = one.get("after")
    waits = (
        (f"{medicine}.{after['question']}", frozenset(after["values"])) if after else (chosen, frozenset({medicine}))
    )
    return _question(one, said, (), id=f"{medicine}.{one['id']}", name=title, after=waits)


def _question(
    one: Mapping[str, Any],
    said: str,
    medicines: tuple[tuple[str, str], ...] | list[tuple[str, str]],
    *,
    id: str = "",
    name: str = "",
    after: tuple[str, frozenset[str]] | None = None,
    free: bool = False,
) -> Question:
    waits = None if free else one.get("after")
    listed = [Option(medicine, title) for medicine, title in medicines] if "from_list" in one else []
    return Question(
        id=id or one["id"],
        words=one["words"][said].format(name=name) if name else one["words"][said],
        kind=Kind(one["kind"]),
        options=(*listed, *(Option(choice["value"], choice["words"][said]) for choice in one["options"])),
        others=(NOT_KNOWN, NOT_SAID) if one["may_be_unknown"] else (NOT_SAID,),
        help=one["help"][said] if "help" in one else "",
        unit=one["unit"],
        low=Decimal(one["low"]) if "low" in one else None,
        high=Decimal(one["high"]) if "high" in one else None,
        after=after or (waits and (waits["question"], frozenset(waits["values"]))),
        ours=True,
        sensitive=one["sensitive"],
    )


def _medicines(said: str) -> list[tuple[str, str]]:
    """Every antidepressant with the names it is sold under, by title."""
    every = [
        (id, terms().medicines[id]["title"][said], terms().medicines[id]["names"]) for id in terms().antidepressants
    ]
    found = [(id, _with_brand(title, names)) for id, title, names in every]
    return sorted(found, key=lambda one: one[1].casefold())


def _with_brand(title: str, names: list[str]) -> str:
    brand = next((name for name in names if name.isascii() and name.lower() != title.lower()), "")
    return f"{title} ({brand.title()})" if brand else title


def _scales(scales: list[str], language: str) -> Iterator[Question]:
    for scale in scales:
        for one in SCALES.form(scale, language).questions:
            after = one.after and (f"{scale}.{one.after[0]}", one.after[1])
            yield replace(one, id=f"{scale}.{one.id}", after=after)
