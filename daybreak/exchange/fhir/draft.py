"""What has been read of one patient so far?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, TypeVar

from daybreak.clinical.records import (
    Allergy,
    Chart,
    Code,
    Condition,
    Coverage,
    Encounter,
    Episode,
    Exposure,
    KetamineExposure,
    Observation,
    Patient,
    Problem,
    Therapy,
    Unmapped,
    When,
)

Kept = TypeVar("Kept")


@dataclass(slots=True)
class Draft:
    """A chart in the making. Readers add to it; `chart()` closes it."""

    patient: Patient
    conditions: list[Condition] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    allergies: list[Allergy] = field(default_factory=list)
    ketamine: list[KetamineExposure] = field(default_factory=list)
    therapies: list[Therapy] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    encounters: list[Encounter] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    carried: list[Any] = field(default_factory=list)  # records of ours, as they were written
    listed: dict[str, When] = field(default_factory=dict)  # what a review names was there to be read on that day
    _unmapped: dict[tuple[str, str, str | None], Unmapped] = field(default_factory=dict)

    def unmapped(
        self, ref: str, *, codes: tuple[Code, ...], text: str, domain: str | None, recorded: When | None
    ) -> None:
        """List a record whose code we do not know. Equal ones are one line with their count and their latest date."""
        code = next((f"{c.system}|{c.code}" for c in codes if c.code), "")
        recorded = recorded or self.listed.get(ref)
        known = self._unmapped.get((code, text, domain))
        if known is None:
            self._unmapped[code, text, domain] = Unmapped(ref, code, text, domain, recorded)
            return
        latest = None
        if known.recorded and recorded:
            latest = max(known.recorded, recorded, key=lambda w: w.latest)
        self._unmapped[code, text, domain] = replace(known, recorded=latest, count=known.count + 1)

    def found(self) -> Iterator[Any]:
        """Every record so far, one kind after the other."""
        ordinary: tuple[list[Any], ...] = (self.conditions, self.exposures, self.observations, self.allergies)
        return chain(*ordinary, self.ketamine, self.therapies, self.coverage, self.encounters)

    def _with_carried(self, kind: type[Kept], read: Iterable[Kept]) -> tuple[Kept, ...]:
        return (*read, *(one for one in self.carried if type(one) is kind))

    def chart(self) -> Chart:
        both = self._with_carried
        return Chart(
            self.patient,
            conditions=both(Condition, self.conditions),
            exposures=both(Exposure, self.exposures),
            observations=both(Observation, self.observations),
            allergies=both(Allergy, self.allergies),
            ketamine=both(KetamineExposure, self.ketamine),
            therapies=both(Therapy, self.therapies),
            coverage=both(Coverage, self.coverage),
            encounters=both(Encounter, self.encounters),
            episode=next(iter(both(Episode, ())), None),
            unmapped=both(Unmapped, self._unmapped.values()),
            problems=tuple(dict.fromkeys(both(Problem, self.problems))),
        )
