"""Which codes and names mean which medicine, and to which classes does it belong?"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]
Atc = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$")]
AtcGroup = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[A-Z]{1,2}$")]


class Medicine(Fact):
    """One ingredient. `antidepressant` names its kind (ssri …) if a course of it is an antidepressant trial.

    `names` are the generic and brand names by which a text is matched, in lower case.
    """

    id: Id
    title: Words
    antidepressant: Id | None = None
    classes: tuple[Id, ...] = ()
    rxnorm: tuple[Digits, ...] = ()
    omop: int | None = None
    atc: tuple[Atc, ...] = ()
    names: tuple[str, ...]


class MedicineClass(Fact):
    """A class that a criterion asks about. `atc` groups that belong to it as a whole stand for medicines not listed."""

    id: Id
    title: Words
    atc: tuple[AtcGroup, ...] = ()
    names: tuple[str, ...] = ()


class MedicineFile(Strict):
    classes: tuple[MedicineClass, ...] = ()
    medicines: tuple[Medicine, ...]
