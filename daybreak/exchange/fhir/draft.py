"""What has been read of one patient so far?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from daybreak.clinical.records import (
    Allergy,
    Chart,
    Code,
    Condition,
    Coverage,
    Encounter,
    Exposure,
    KetamineExposure,
    Observation,
    Patient,
    Problem,
    Therapy,
    Unmapped,
    When,
)


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

    def chart(self) -> Chart:
        return Chart(
            self.patient,
            conditions=tuple(self.conditions),
            exposures=tuple(self.exposures),
            observations=tuple(self.observations),
            allergies=tuple(self.allergies),
            ketamine=tuple(self.ketamine),
            therapies=tuple(self.therapies),
            coverage=tuple(self.coverage),
            encounters=tuple(self.encounters),
            unmapped=tuple(self._unmapped.values()),
            problems=tuple(dict.fromkeys(self.problems)),
        )
