"""What is an adverse event called, how is it judged, and what do the papers about it ask? (`adverse.yaml`)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from daybreak.clinical.treatment.adverse import Death
from daybreak.knowledge import rems
from daybreak.knowledge.store import loaded

Line = Mapping[str, Any]


def _all() -> Line:
    found: Line = loaded("adverse")["adverse"]
    return found


def terms() -> Mapping[str, Line]:
    """What it can be called, by id, in order."""
    return {one["id"]: one for one in _all()["terms"]["items"]}


def choices(question: str) -> Mapping[str, Line]:
    """The answers of `grades`, `related`, `outcomes` or `actions`, by id, in order."""
    return {one["id"]: one for one in _all()[question]["items"]}


def serious() -> Mapping[str, Line]:
    """Each thing that makes one serious, by id, in order."""
    return {one["id"]: one for one in rems.form()["serious"]}


def death() -> Death:
    """What says that somebody died."""
    told = _all()["death"]
    return Death(told["criterion"], told["grade"], told["outcome"])


def percent() -> int:
    """How sure the interval of a rate is."""
    return int(_all()["interval"]["percent"])


def forms() -> Mapping[str, Line]:
    """The papers, by id, in order."""
    return {one["id"]: one for one in _all()["forms"]}


def fields(form: str) -> list[Line]:
    """What that paper asks, in order."""
    return [one for one in _all()["fields"]["items"] if form in one["at"]]


def label(product: str) -> Line | None:
    """The label of a product, as far as it could be read; None: of none."""
    return next((one for one in _all()["labels"] if one["product"] == product), None)


def listed(term: str, product: str) -> str:
    """Where the label of that product names the term; "": nowhere that we could read, which says nothing about the label."""
    about, found = label(product), terms().get(term)
    if about is None or found is None:
        return ""
    return next((one["where"] for one in found["listed"] if one["label"] == about["id"]), "")


def proposed(seen: Iterable[str]) -> list[str]:
    """The terms that these alarms or rows of a session propose, in order."""
    told = set(seen)
    return [id for id, one in terms().items() if told & set(one["seen"])]
