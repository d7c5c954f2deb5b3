"""Which words may stand in one sentence about a session?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from daybreak.knowledge.schema.common import Fact, Id

Phrase = Annotated[str, StringConstraints(min_length=1)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]
Named = dict[str, Phrases]


class SaidFile(Fact):
    """Each phrase stands in one list alone: a word that could mean two things means none."""

    joints: Phrases
    fillers: Phrases
    gave: Phrases
    units: Named
    routes: Named
    ladders: dict[Id, tuple[Id, ...]]
    waste: Phrases
    no_waste: Phrases
    same_vial: Phrases
    rows: dict[Id, Phrases]
    levels: Named
    rescues: dict[Id, Phrases]
    events: Phrases

    @model_validator(mode="after")
    def _one_meaning(self) -> SaidFile:
        lists = [self.joints, self.fillers, self.gave, self.waste, self.no_waste, self.same_vial, self.events]
        for named in (self.units, self.routes, self.rows, self.levels, self.rescues):
            lists += named.values()
        every = [one.casefold() for phrases in lists for one in phrases]
        if twice := sorted({one for one in every if every.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)} would mean two things")
        return self
