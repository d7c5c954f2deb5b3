"""Which code stands for a treatment on a bill, from when until when, and for how much of it?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words


class Code(Fact):
    """`unit`: what one of it is: a visit, or so many mg. `above_mg` and `up_to_mg`: of which doses; `minutes`: begun after so
    many. `payers`: whose bills; `route`: of what. A code whose limits cannot be read from a session is proposed by nobody."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5}$")]
    routes: tuple[Id, ...]
    payers: tuple[Literal["medicare", "medicaid", "commercial", "self_pay"], ...]
    words: Words
    unit: Literal["visit", "mg"]
    above_mg: Annotated[int, Field(ge=0)] | None = None
    up_to_mg: Annotated[int, Field(ge=1)] | None = None
    proposed: bool = True
    note: Words | None = None


class CodesFile(Strict):
    codes: tuple[Code, ...]
