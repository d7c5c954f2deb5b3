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
    if r.sex == "female":
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


# what each story shows, in Chinese; the docstrings say it in English
CHINESE: dict[str, str] = {
    "demo-ada": "两次治疗失败，所有项目均已询问和核查：完整记录的样子。",
    "demo-bo": "同样的病情，但无人核查：没有记录不等于没有病史。",
    "demo-cy": "记录完整，但有说明书禁忌。",
    "demo-dee": "第二次治疗缺少剂量：可能计入，须询问。",
    "demo-eva": "在决定是否用氯胺酮之前，今天就有两个理由须面见此人。",
    "demo-finn": "手写的过敏、既往精神病性症状，以及无法对应的药物。",
}

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


def shows(id_: str, language: str) -> str:
    """What this person's record is there to show, in one sentence."""
    if language == "en":
        return next(story.__doc__ or "" for name, _, _, story in PEOPLE if name == id_)
    return CHINESE[id_]
