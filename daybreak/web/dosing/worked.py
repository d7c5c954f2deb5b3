"""What comes of an order as things stand: by age and weight, by what was given before, and by what the clinic signed?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.records import Observation, When
from daybreak.clinical.treatment import dosing
from daybreak.clinical.treatment.dosing import Last, Person, Plan, ideal_kg
from daybreak.clinical.treatment.judged import plan
from daybreak.clinical.treatment.ladders import Ladder, Signed
from daybreak.clinical.treatment.units import written
from daybreak.clinical.treatment.weights import ORDER, RECORD, SCALE, weights
from daybreak.exchange.fhir.dates import read_date
from daybreak.knowledge import dosing as knowledge
from daybreak.knowledge.sentences import language
from daybreak.knowledge.store import digest_of, loaded
from daybreak.knowledge.terms import terms
from daybreak.web.courses.apart import product
from daybreak.web.courses.models import Booking, Course, Visit, What
from daybreak.web.courses.state import Standing, standings
from daybreak.web.dosing import figures, given
from daybreak.web.dosing.models import Order
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Details, Entry, Patient
from daybreak.web.patients.weights import POUND, WEIGHT, last

SCORE = "phq-9"


@dataclass(frozen=True, slots=True)
class Typed:
    """What an order says; a number that is not there is None."""

    ladder: str
    amount: Decimal
    unit: str
    basis: str
    weight_kg: Decimal | None
    weight_from: str
    weighed: date | None
    height_cm: Decimal | None
    concentration_mg_per_ml: Decimal | None
    minutes: int | None


@dataclass(frozen=True)
class Ground:
    """What an order rests on, on a day: read once, and asked for each figure that is tried."""

    course: Course
    day: date
    details: Details
    weight: Observation | None  # the latest of the record
    doses: tuple[given.Dose, ...]  # of the product of the course, since it began and before that day
    came: bool  # to a treatment of the course before
    scores: tuple[tuple[date, Decimal], ...]
    signed: Mapping[str, Signed]

    @cached_property
    def ladders(self) -> list[Ladder]:
        """Those of the course's product, its own first."""
        return knowledge.of_product(product(self.course.protocol), self.course.protocol)

    @property
    def first(self) -> bool:
        """Is it the first treatment of the course?"""
        return not self.came and not self.doses

    @property
    def ages(self) -> tuple[int, int] | None:
        """The youngest and the oldest that the patient may be that day; None when no birth date is known."""
        return ages(self.details.birth, self.day)

    @property
    def last(self) -> Last | None:
        """What was given before in this course; what is not known of it is None."""
        if self.first:
            return None
        newest = self.doses[-1] if self.doses else None
        undated = any(one.day is None for one in self.doses)
        if newest is None or undated:
            return Last(None, None, self.improved)
        return Last(newest.mg, newest.mg_per_kg, self.improved)

    @property
    def improved(self) -> Decimal | None:
        """By how many percent the score has fallen since before the course; None without a score before and one since."""
        before = [score for day, score in self.scores if day <= self.course.starts]
        since = [score for day, score in self.scores if self.course.starts < day <= self.day]
        return (before[-1] - since[-1]) * 100 / before[-1] if before and since and before[-1] else None

    def person(self, typed: Typed) -> Person:
        """Whom it is for, by the weight and the height that the order says."""
        _, formula = knowledge.ideal_weight()
        return Person(self.ages, typed.weight_kg, ideal_kg(typed.height_cm, self.details.sex, formula))

    def plan(self, typed: Typed) -> Plan:
        """The order worked out, with everything that speaks against it, the weight that was typed too."""
        ladder = knowledge.ladders()[typed.ladder]
        order = dosing.Order(
            typed.amount,
            typed.unit,
            self.course.protocol,
            self.first,
            typed.basis,
            typed.concentration_mg_per_ml,
            typed.minutes,
        )
        told = {"signed": self.signed.get(ladder.id, Signed()), "rounding": knowledge.rounding()}
        found = plan(order, ladder, person=self.person(typed), last=self.last, **told)
        return replace(found, findings=(*found.findings, *self._weighed(typed)))

    def _weighed(self, typed: Typed) -> tuple[Any, ...]:
        """The scale of today, or the weight of an order that stands, held against the record."""
        recorded = self.weight.value if self.weight is not None else None
        if typed.unit == dosing.MG or typed.weight_kg is None or not isinstance(recorded, Decimal):
            return ()
        kind = terms().kinds[WEIGHT]
        assert kind.change is not None
        told = {SCALE if typed.weight_from == SCALE else ORDER: typed.weight_kg, RECORD: recorded}
        return weights(told, percent=kind.change, pound_kg=kind.units[POUND])


def ground(
    course: Course,
    patient: Patient,
    *,
    day: date,
    before: Booking | None = None,
    visits: Sequence[Standing] | None = None,
) -> Ground:
    """What an order for the course rests on. `before`: the visit it is for, which is none that was before; `visits`: those of
    the patient, where they were read anyway."""
    entries = records.current(patient)
    every = given.doses(patient, entries)
    return Ground(
        course=course,
        day=day,
        details=patients.details(patient),
        weight=last(entries),
        doses=tuple(one for one in every if one.product == product(course.protocol) and _before(one, course, day)),
        came=_came(course, before, visits),
        scores=tuple(scores(entries)),
        signed={ladder: figures.signed(row) for ladder, row in figures.newest(course.site_id).items()},
    )


def typed_of(order: Order) -> Typed:
    """What a signed order says."""
    return Typed(
        order.ladder,
        Decimal(order.amount),
        order.unit,
        order.basis,
        _decimal(order.weight_kg),
        "",
        order.weighed,
        _decimal(order.height_cm),
        _decimal(order.concentration_mg_per_ml),
        order.minutes,
    )


def wording(ladder: str) -> str:
    """The digest of a ladder as it stands in the file."""
    every = loaded("dosing")["dosing"]["ladders"]
    return digest_of(next(one for one in every if one["id"] == ladder))


def content(typed: Typed, found: Plan, *, lang: str) -> str:
    """The order worked out as it was shown, with its sentences in the language of whoever signs."""
    spoken = language(lang)
    figures = {
        name: written(value)
        for name in (*SHOWN, "volume_ml", "rate_ml_per_hour", "dose_mg", "ceiling_mg")
        if (value := getattr(found, name)) is not None
    }
    findings = [
        {
            "strength": one.strength.value,
            "id": one.reason.id,
            "values": {name: _plain(value) for name, value in one.reason.values.items()},
            "said": spoken.say(one.reason),
        }
        for one in found.findings
    ]
    whole = {"ladder": wording(typed.ladder), "language": lang, "plan": figures, "findings": findings}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


SHOWN = (
    "exact_mg",
    "mg_per_kg_actual",
    "mg_per_kg_ideal",
    "mg_per_hour",
    "mg_per_kg_per_hour",
    "ug_per_kg_per_min",
)


def seen(typed: Typed, found: Plan) -> str:
    """Changes when any figure or sentence of what was shown does: nobody signs what they have not seen."""
    return hashlib.sha256(f"{typed!r} {content(typed, found, lang='en')}".encode()).hexdigest()


def _plain(value: Reason | Term | Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.id if isinstance(value, Term) else value if isinstance(value, int) else str(value)


def ages(birth: str, day: date) -> tuple[int, int] | None:
    """The youngest and the oldest that somebody may be that day, of whom only the year is known perhaps."""
    read = read_date(birth) if birth else None
    return None if read is None else (_years(read[0].latest, day), _years(read[0].earliest, day))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _before(one: given.Dose, course: Course, day: date) -> bool:
    """Was it given in the course before that day? A dose without a day may be one of the course."""
    return one.day is None or course.starts <= one.day < day


def _came(course: Course, before: Booking | None, visits: Sequence[Standing] | None) -> bool:
    found = visits if visits is not None else standings(Booking.objects.filter(course=course, visit=Visit.TREATMENT))
    mine = (one for one in found if one.booking.course_id == course.pk and one.booking.visit == Visit.TREATMENT)
    return any(one.last in (What.ARRIVED, What.LEFT) and one.booking != before for one in mine)


def scores(entries: Iterable[Entry]) -> list[tuple[date, Decimal]]:
    """The totals of the score that a dose is held against, by day."""
    found = [records.record(one) for one in entries if one.kind == Kind.OBSERVATION]
    return sorted(
        (one.when.latest, one.value)
        for one in found
        if isinstance(one, Observation)
        and one.kind == SCORE
        and isinstance(one.value, Decimal)
        and isinstance(one.when, When)
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
