"""Which doses of ketamine or esketamine did somebody get, how much of each, and what is known of it?

An amount that nobody knows is two, the least and the most that it can be; where not even these are known, None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.module_loading import import_string

from daybreak.clinical.records import KetamineExposure, When
from daybreak.web.patients import records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry, Patient

# Functions that know of doses: each takes a patient and the entries of the record that count. An app that has some adds its line.
SOURCES = ("daybreak.web.dosing.given.recorded", "daybreak.web.dosing.sessions.given")


@dataclass(frozen=True, slots=True)
class Dose:
    """One treatment. `day` None: nobody knows when, or not to the day. `dissociation`: the most that was seen, 0 to 3."""

    day: date | None
    product: str
    route: str
    low_mg: Decimal | None
    high_mg: Decimal | None
    mg_per_kg: Decimal | None = None
    dissociation: int | None = None

    @property
    def mg(self) -> Decimal | None:
        """The amount, where exactly one is possible."""
        return self.low_mg if self.low_mg == self.high_mg else None


def doses(patient: Patient, entries: Iterable[Entry]) -> list[Dose]:
    """Every one that is known of, by day; those without a day first."""
    every = list(entries)
    found = [dose for source in SOURCES for dose in import_string(source)(patient, every)]
    return sorted(found, key=lambda one: one.day or date.min)


def recorded(patient: Patient, entries: Iterable[Entry]) -> Iterator[Dose]:
    """Those that stand in the record: given elsewhere, or written down by hand."""
    for entry in entries:
        if entry.kind == Kind.KETAMINE:
            one = records.record(entry)
            assert isinstance(one, KetamineExposure)
            mg = one.dose if isinstance(one.dose, Decimal) else None
            day = one.when.latest if isinstance(one.when, When) and one.when.exact else None
            yield Dose(day, one.drug, one.route or "", mg, mg)
