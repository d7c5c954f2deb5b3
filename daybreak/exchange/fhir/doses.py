"""How many milligrams a day does a dosage say?

`None`: nothing is written. `UNREADABLE`: something is, but not how much a day (as needed, a range, drops, words only).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.exchange.fhir.record import Record

# What FHIR and UCUM mean by their own words; none of these is a judgement about a medicine.
MILLIGRAMS = {
    "mg": Decimal(1),
    "milligram": Decimal(1),
    "milligrams": Decimal(1),
    "g": Decimal(1000),
    "gram": Decimal(1000),
    "grams": Decimal(1000),
    "ug": Decimal("0.001"),
    "mcg": Decimal("0.001"),
    "µg": Decimal("0.001"),
    "μg": Decimal("0.001"),
    "microgram": Decimal("0.001"),
    "micrograms": Decimal("0.001"),
}
PER_DAY = {"/d": Decimal(1), "/(24.h)": Decimal(1), "/24.h": Decimal(1), "/24h": Decimal(1), "/h": Decimal(24)}
PIECES = frozenset(
    f"{name}{ending}"
    for name in ("tablet", "tab", "capsule", "cap", "patch", "pill", "oral_tablet", "oral_capsule")
    for ending in ("", "s", "es", "(s)", "(es)")
)
DAYS = {"h": Decimal(1) / 24, "d": Decimal(1), "wk": Decimal(7)}
TIMES_A_DAY = {
    "qd": 1, "daily": 1, "once daily": 1, "once a day": 1, "every day": 1, "one time a day": 1,
    "am": 1, "qam": 1, "pm": 1, "qpm": 1, "bed": 1, "qhs": 1, "hs": 1, "at bedtime": 1, "every morning": 1, "q24h": 1,
    "bid": 2, "twice daily": 2, "twice a day": 2, "q12h": 2,
    "tid": 3, "three times daily": 3, "three times a day": 3, "q8h": 3,
    "qid": 4, "four times daily": 4, "four times a day": 4, "q6h": 4,
    "q4h": 6, "q3h": 8, "q2h": 12, "q1h": 24,
}  # fmt: skip
_STRENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mg|mcg|ug|g)\b(?:\s*/\s*([\w.]+))?", re.I)
_PER = {"": Decimal(1), "24hr": Decimal(1), "24h": Decimal(1), "day": Decimal(1), "hr": Decimal(24), "h": Decimal(24)}
Dose = Decimal | Unreadable | None


def daily_dose(record: Record, dosages: Sequence[Mapping[str, Any]], *, names: Sequence[str], pieces: bool) -> Dose:
    """Instructions of one time add up; instructions of different times (a titration) must agree.

    `names` are searched for the strength of one tablet or patch where `pieces` are counted (one ingredient only).
    """
    doses = [_dose(record, dosage, names if pieces else ()) for dosage in dosages]
    if not doses or all(dose is None for dose in doses):
        return None
    known = [dose for dose in doses if isinstance(dose, Decimal)]
    if len(known) < len(doses):
        return UNREADABLE
    if len({_turn(dosage) for dosage in dosages}) == 1:
        return sum(known, Decimal(0))
    return known[0] if len(set(known)) == 1 else UNREADABLE


def _turn(dosage: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells instructions for different times apart: their number and the bounds of their time."""
    sequence = dosage.get("sequence")
    bounds = _object(_object(_object(dosage.get("timing")).get("repeat")).get("boundsPeriod"))
    return tuple(x if isinstance(x, str | int) else None for x in (sequence, bounds.get("start"), bounds.get("end")))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _dose(record: Record, dosage: Mapping[str, Any], names: Sequence[str]) -> Dose:
    if dosage.get("asNeededBoolean") or dosage.get("asNeededCodeableConcept") or dosage.get("modifierExtension"):
        return UNREADABLE
    parts = record.objects("doseAndRate", dosage)
    if not parts:
        words = any(key.startswith(("dose", "rate", "text", "patientInstruction")) for key in dosage)
        return UNREADABLE if words else None
    found = {_one(record, part, dosage, names) for part in parts}
    return found.pop() if len(found) == 1 else UNREADABLE


def _one(record: Record, part: Mapping[str, Any], dosage: Mapping[str, Any], names: Sequence[str]) -> Dose:
    if part.get("doseQuantity") is not None and part.get("doseRange") is None:
        amount = milligrams(record, part["doseQuantity"], names)
    elif part.get("doseRange") is not None and part.get("doseQuantity") is None:
        span = _object(part["doseRange"])
        low, high = milligrams(record, span.get("low"), names), milligrams(record, span.get("high"), names)
        amount = low if low == high else UNREADABLE
    elif part.get("rateQuantity") is not None:
        return _rate(record, part["rateQuantity"])
    else:
        return UNREADABLE if part.keys() & {"rateRatio", "rateRange", "doseQuantity", "doseRange"} else None
    times = _times_a_day(record, dosage.get("timing"))
    return amount * times if isinstance(amount, Decimal) and times is not None else UNREADABLE


def milligrams(record: Record, quantity: Any, names: Sequence[str] = ()) -> Decimal | Unreadable:
    """A Quantity in mg; a number of tablets by the strength that the name gives. A unit is never guessed."""
    value = _object(quantity).get("value")
    if value is None or _object(quantity).get("comparator") is not None:
        return UNREADABLE
    number = record.number("dose", value)
    if number is UNREADABLE or number <= 0:
        return UNREADABLE
    for key in ("code", "unit"):
        unit = _object(quantity).get(key)
        unit = unit.strip().lower() if isinstance(unit, str) else ""
        if unit in MILLIGRAMS:
            return number * MILLIGRAMS[unit]
        if unit.strip("{}").replace(" ", "_") in PIECES:
            strength = strength_of(names)
            return number * strength if strength is not None else UNREADABLE
    return UNREADABLE


def strength_of(names: Sequence[str]) -> Decimal | None:
    """The milligrams in one piece, if the names give exactly one strength ("sertraline 100 MG Oral Tablet")."""
    found = set()
    for name in names:
        for number, unit, per in _STRENGTH.findall(name):
            factor = _PER.get(per.lower())
            if factor is None:  # per mL: not the strength of a piece
                return None
            found.add(Decimal(number) * MILLIGRAMS[unit.lower()] * factor)
    return found.pop() if len(found) == 1 else None


def _rate(record: Record, quantity: Any) -> Decimal | Unreadable:
    """A patch: mg per 24 hours."""
    given = _object(quantity)
    code = given.get("code") or given.get("unit")
    unit, slash, per = code.lower().replace(" ", "").partition("/") if isinstance(code, str) else ("", "", "")
    if unit not in MILLIGRAMS or slash + per not in PER_DAY or given.get("comparator") is not None:
        return UNREADABLE
    number = record.number("rate", given.get("value"))
    return number if number is UNREADABLE else number * MILLIGRAMS[unit] * PER_DAY[slash + per]


def _times_a_day(record: Record, timing: Any) -> Decimal | None:
    """How many times a day, if the timing says exactly that."""
    given = _object(timing)
    repeat = _object(given.get("repeat"))
    unclear = {"count", "countMax", "frequencyMax", "periodMax", "dayOfWeek", "duration"}
    if repeat.keys() & unclear or given.get("event") or given.get("modifierExtension"):
        return None
    if "frequency" in repeat or "period" in repeat:
        return _frequency(record, repeat)
    for key in ("timeOfDay", "when"):
        times = repeat.get(key)
        if isinstance(times, list) and times:
            return Decimal(len(times))
    if given.get("code") is None:
        return None
    codes, text = record.concept("timing.code", given["code"])
    said = {TIMES_A_DAY.get(word.strip().lower()) for word in (text, *(c.code for c in codes))} - {None}
    return Decimal(next(n for n in said if n)) if len(said) == 1 else None


def _frequency(record: Record, repeat: Mapping[str, Any]) -> Decimal | None:
    unit = repeat.get("periodUnit")
    length = DAYS.get(unit) if isinstance(unit, str) else None
    frequency = record.number("timing.repeat.frequency", repeat.get("frequency", 1))
    period = record.number("timing.repeat.period", repeat.get("period", 1))
    if length is None or frequency is UNREADABLE or period is UNREADABLE or period <= 0 or frequency <= 0:
        return None
    return frequency / (period * length)
