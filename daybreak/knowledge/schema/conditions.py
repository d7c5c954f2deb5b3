"""Which codes and names say that a patient has a condition?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Icd = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?(-[A-Z][0-9][0-9A-Z])?$")]
Sctid = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5,17}$")]


class Concept(Fact):
    """A value set. ICD-10-CM entries are prefixes ("I71" holds I71.40) or ranges of categories ("O10-O16").

    `possible_*` leave it open whether the condition is there; `icd10cm_except` is cut out of the prefixes.
    """

    id: Id
    title: Words
    icd10cm: tuple[Icd, ...] = ()
    icd10cm_except: tuple[Icd, ...] = ()
    possible_icd10cm: tuple[Icd, ...] = ()
    snomed: dict[Sctid, str] = Field(default_factory=dict)
    possible_snomed: dict[Sctid, str] = Field(default_factory=dict)
    omop: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    possible_names: tuple[str, ...] = ()


class ConceptFile(Strict):
    """`ignored`: phrases of a name that say nothing about any concept ("without psychotic features")."""

    concepts: tuple[Concept, ...]
    ignored: tuple[str, ...] = ()
