"""How is a chart made for a test? Every builder has its required parts filled in; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Reason, Term, Unreadable
from daybreak.clinical.records import (
    DOMAINS,
    Allergy,
    AsOf,
    Chart,
    Condition,
    Coverage,
    Episode,
    Exposure,
    KetamineExposure,
    Observation,
    Patient,
    Therapy,
    When,
    on,
)
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.view import View
from daybreak.knowledge.rules import words

DAY = date(2026, 6, 15)
NAMES = count(1)

Day = When | Unreadable | str | None


def when(day: Day) -> When | Unreadable | None:
    """`"2026-06-15"`, a month `"2026-06"`, a year `"2026"`, or what is one already."""
    if not isinstance(day, str):
        return day
    if len(day) == 10:
        return on(date.fromisoformat(day))
    if len(day) == 4:
        return When(date(int(day), 1, 1), date(int(day), 12, 31))
    first = date.fromisoformat(f"{day}-01")
    return When(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def days_ago(days: int) -> When:
    return on(DAY - timedelta(days=days))


def _ref(kind: str) -> str:
    return f"{kind}/{next(NAMES)}"


def patient(**fields: Any) -> Patient:
    return Patient(**{"id": "p", "ref": "Patient/p", "birth": on(date(1980, 3, 1)), "sex": "female", **fields})


def condition(*concepts: str, onset: Day = "2024-01-10", abatement: Day = None, **fields: Any) -> Condition:
    """An active, confirmed diagnosis since 2024."""
    given = {"ref": _ref("Condition"), "text": " ".join(concepts) or "?", "concepts": frozenset(concepts)}
    given |= {"clinical": "active", "verification": "confirmed", "onset": when(onset), "abatement": when(abatement)}
    return Condition(**{**given, **fields})


def exposure(
    *ingredients: str, dose: float | None = 100, start: Day = "2024-02-01", end: Day = None, **fields: Any
) -> Exposure:
    """A medicine taken since February 2024, still taken unless it has an end."""
    given = {"ref": _ref("MedicationStatement"), "text": " ".join(ingredients), "ingredients": ingredients}
    given |= {"dose": None if dose is None else Decimal(str(dose)), "start": when(start), "end": when(end)}
    given |= {"status": "active" if end is None else "ended", "kind": "MedicationStatement"}
    return Exposure(**{**given, **fields})


def observation(kind: str, value: float | str | Unreadable | None, day: Day = None, **fields: Any) -> Observation:
    """A reading of the day of the decision."""
    found = Decimal(str(value)) if isinstance(value, int | float) else value
    given = {"ref": _ref("Observation"), "kind": kind, "value": found, "when": on(DAY) if day is None else when(day)}
    return Observation(**{**given, **fields})


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00+00:00")


def allergy(*substances: str, **fields: Any) -> Allergy:
    given = {"ref": _ref("AllergyIntolerance"), "text": " ".join(substances), "substances": frozenset(substances)}
    return Allergy(**{**given, "clinical": "active", "verification": "confirmed", **fields})


def ketamine(response: str | Unreadable | None, day: Day = "2025-03-03", **fields: Any) -> KetamineExposure:
    given = {"ref": _ref("MedicationAdministration"), "text": "ketamine 35 mg", "drug": "ketamine"}
    return KetamineExposure(**{**given, "when": when(day), "response": response, **fields})


def therapy(start: Day = "2024-03-01", end: Day = "2024-08-01", **fields: Any) -> Therapy:
    given = {"ref": _ref("Procedure"), "text": "psychotherapy", "kind": "psychotherapy", "sessions": 12}
    return Therapy(**{**given, "start": when(start), "end": when(end), "stop": "no effect", **fields})


def reviewed(*domains: str, day: date = DAY - timedelta(days=5), by: str | None = "Dr Vale") -> tuple[Coverage, ...]:
    """Somebody reviewed these parts of the history (without names: all of them) five days ago."""
    return tuple(Coverage(d, day, by, f"List/{d}") for d in domains or DOMAINS)


def chart(*records: Any, **fields: Any) -> Chart:
    """A chart of records in any order; nothing is reviewed unless `coverage` says so."""

    def of(kind: type) -> tuple[Any, ...]:
        return tuple(r for r in records if isinstance(r, kind))

    given = {"conditions": of(Condition), "exposures": of(Exposure), "observations": of(Observation)}
    given |= {"allergies": of(Allergy), "ketamine": of(KetamineExposure), "therapies": of(Therapy)}
    given |= {"coverage": of(Coverage), "patient": next(iter(of(Patient)), patient())}
    given["episode"] = next(iter(of(Episode)), None)
    return Chart(**{**given, **fields})


def view(*records: Any, as_of: AsOf | date = DAY, **fields: Any) -> View:
    """The view of a chart of these records (or of the one chart that is given)."""
    whole = records[0] if len(records) == 1 and isinstance(records[0], Chart) else chart(*records)
    return View(replace(whole, **fields), as_of if isinstance(as_of, AsOf) else AsOf(as_of), words())


def failed_trial(medicine: str, dose: float, start: str, end: str, **fields: Any) -> Exposure:
    return exposure(medicine, dose=dose, start=start, end=end, stop="no effect", **fields)


def cleared() -> Chart:
    """Everything asked, everything reviewed, nothing in the way: `eligible` under every protocol.

    Recorded suicidal thoughts with a later screen that says low risk: the one protocol is for them, the others allow it.
    """
    return chart(
        patient(),
        Episode("Condition/md", when("2024-01-10"), "severe"),
        condition("major_depression", ref="Condition/md", text="Major depressive disorder"),
        condition("suicidality", ref="Condition/si", text="Suicidal ideation", onset="2026-06-01"),
        failed_trial("sertraline", 150, "2024-02-01", "2024-05-01"),
        failed_trial("venlafaxine", 225, "2024-06-01", "2024-09-01"),
        failed_trial("bupropion", 300, "2024-10-01", "2025-01-01"),
        failed_trial("nortriptyline", 150, "2025-02-01", "2025-06-01"),
        exposure("mirtazapine", dose=30, start="2026-04-01"),
        observation("phq-9", 19, "2026-06-10"),
        observation("phq-9.item-9", 1, "2026-06-05"),
        observation("c-ssrs-screen.risk", "low", "2026-06-10"),
        observation("audit-c", 1, "2026-06-10"),
        observation("dast-10", 0, "2026-06-10"),
        observation("drug_screen.cocaine", "negative", "2026-06-10"),
        observation("pregnancy_status", "not_pregnant", "2026-06-12"),
        observation("breastfeeding_status", "not_breastfeeding", "2026-06-12"),
        *(observation("systolic", value, day) for value, day in ((124, "2026-05-20"), (128, "2026-06-10"))),
        *(observation("diastolic", value, day) for value, day in ((78, "2026-05-20"), (80, "2026-06-10"))),
        *reviewed(),
    )


def missing(answer: FactAnswer) -> list[str]:
    """The ids of what would have to be known."""
    return [reason.id for reason in answer.missing]


def refs(evidence: Iterable[Any]) -> list[str]:
    return [e.resource for e in evidence]


__all__ = ["DAY", "UNREADABLE", "Reason", "Term"]
