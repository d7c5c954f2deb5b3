"""Who are the synthetic patients that come with Daybreak, and what is each of them there to show? Nobody here exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from daybreak.demo.fhir import Record

AS_OF = date(2026, 11, 20)  # the day of the demo: its records are written around it
PHQ9, CSSRS, AUDIT_C, DAST = "44261-6", "93374-7", "75626-2", "82667-7"
PHQ9_NAME, CSSRS_NAME = "PHQ-9 total score", "C-SSRS risk level"


def _two_failed_trials(r: Record) -> None:
    r.condition("F33.2", "Major depressive disorder, recurrent, severe", since="2025-03-01")
    r.medicine("36437", "sertraline", mg=150, since="2025-03-10", until="2025-06-10", why_ended="no effect")
    r.medicine("39786", "venlafaxine", mg=225, since="2025-06-15", until="2025-10-20", why_ended="no effect")
    for value, on in ((21, "2025-03-10"), (20, "2025-06-10"), (20, "2025-06-15"), (18, "2025-10-20")):
        r.score(PHQ9, PHQ9_NAME, value, on)


def _asked_everything(r: Record, *, risk: str = "Low", pregnant: str = "Not pregnant") -> None:
    r.score(PHQ9, PHQ9_NAME, 19, "2026-11-16")
    r.answer(CSSRS, CSSRS_NAME, risk, "2026-11-16")
    r.score(AUDIT_C, "AUDIT-C total score", 1, "2026-11-16")
    r.score(DAST, "DAST-10 total score", 0, "2026-11-16")
    r.answer("82810-3", "Pregnancy status", pregnant, "2026-11-17")
    r.answer("63895-7", "Breastfeeding status", "Not breastfeeding", "2026-11-17")
    r.pressure(124, 78, "2026-11-02T09:10:00Z")
    r.pressure(128, 80, "2026-11-16T09:20:00Z")
    r.reviewed("2026-11-16", "Dr Ines Vale")


def documented(r: Record) -> None:
    """Two failed trials, everything asked and reviewed: what a complete record looks like."""
    _two_failed_trials(r)
    r.medicine("15996", "mirtazapine", mg=30, since="2026-09-01")
    _asked_everything(r)


def undocumented(r: Record) -> None:
    """The same illness, and nobody has reviewed anything: no rows is not no history."""
    _two_failed_trials(r)
    r.score(PHQ9, PHQ9_NAME, 22, "2026-11-18")


def aneurysm(r: Record) -> None:
    """A label contraindication in an otherwise complete record."""
    _two_failed_trials(r)
    r.condition("I71.40", "Abdominal aortic aneurysm, without rupture", since="2024-02-12")
    _asked_everything(r)


def one_and_a_half_trials(r: Record) -> None:
    """The second trial has no dose: it could count, and somebody has to ask."""
    r.condition("F33.1", "Major depressive disorder, recurrent, moderate", since="2025-09")
    r.medicine("321988", "escitalopram", mg=20, since="2025-10-01", until="2026-01-31", why_ended="no effect")
    r.score(PHQ9, PHQ9_NAME, 17, "2025-10-01")
    r.score(PHQ9, PHQ9_NAME, 16, "2026-01-31")
    r.medicine("704", "amitriptyline", mg=None, since="2026-02-10", until="2026-06-30", why_ended="no effect")
    r.medicine(None, "lorazepam 1 mg tablet", mg=1, since="2026-05-01")
    r.condition("E03.9", "Hypothyroidism", since="2019")
    _asked_everything(r)


def pregnant_and_suicidal(r: Record) -> None:
    """Two reasons to see a person today, before any decision about ketamine."""
    _two_failed_trials(r)
    _asked_everything(r, risk="High", pregnant="Pregnant")
    r.condition("R45.851", "Suicidal ideations", since="2026-11-16")


def allergy_by_name(r: Record) -> None:
    """An allergy somebody typed, a past psychosis, and a medicine nobody can map."""
    _two_failed_trials(r)
    r.condition("F23", "Brief psychotic disorder", since="2012-03-01", until="2012-04-10", status="resolved")
    r.allergy("ketamine (rash, 2016)", "2026-01-05")
    r.medicine(None, "herbal sleep mixture", mg=None, since="2026-10-01")
    _asked_everything(r)


PEOPLE: tuple[tuple[str, str, str, Callable[[Record], None]], ...] = (
    ("demo-ada", "1979-05-14", "female", documented),
    ("demo-bo", "1991-08-02", "male", undocumented),
    ("demo-cy", "1963-01-30", "male", aneurysm),
    ("demo-dee", "1988-12-09", "female", one_and_a_half_trials),
    ("demo-eva", "1995-04-21", "female", pregnant_and_suicidal),
    ("demo-finn", "1972-10-17", "male", allergy_by_name),
)


def records(copies: int = 1) -> list[Record]:
    """The records of everybody, written anew; with `copies`, so many of each under ids of their own."""
    found = []
    for copy in range(copies):
        for id_, born, sex, story in PEOPLE:
            record = Record(id_ if copies == 1 else f"{id_}-{copy:06d}", born=born, sex=sex)
            story(record)
            found.append(record)
    return found
