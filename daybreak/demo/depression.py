"""What do the histories of depression look like, and what is asked at the clinic? The pieces of every story."""

from __future__ import annotations

from daybreak.demo.fhir import Record
from daybreak.demo.people import AUDIT_C, CSSRS, CSSRS_NAME, DAST, PHQ9, PHQ9_NAME
from daybreak.demo.story import CONFIRM, REVIEW, Story

# RxNorm ingredient and an ordinary dose in mg a day.
DRUGS = {
    "sertraline": ("36437", 150),
    "escitalopram": ("321988", 20),
    "fluoxetine": ("4493", 40),
    "venlafaxine": ("39786", 225),
    "duloxetine": ("72625", 60),
    "bupropion": ("42347", 300),
    "mirtazapine": ("15996", 30),
    "vortioxetine": ("1455099", 20),
}
SEVERE = ("F33.2", "Major depressive disorder, recurrent, severe")
MODERATE = ("F33.1", "Major depressive disorder, recurrent, moderate")
SINGLE = ("F32.2", "Major depressive disorder, single episode, severe")


def depressed(s: Story, *, since: int = 620) -> None:
    """A present episode of major depression."""
    code, text = s.chance.choice((SEVERE, SEVERE, MODERATE, SINGLE))
    s.record.condition(code, text, since=s.day(since))


def trial(
    s: Story, drug: str, *, since: int, days: int, better: int = 5, mg: float | None = -1, why: str | None = "no effect"
) -> None:
    """An antidepressant that was taken and stopped, with the scores around it; `better` in percent; mg None: not told."""
    rxnorm, usual = DRUGS[drug]
    began, ended = s.day(since), s.day(since - days)
    s.record.medicine(rxnorm, drug, mg=usual if mg == -1 else mg, since=began, until=ended, why_ended=why)
    before = s.chance.randint(18, 23)
    s.record.score(PHQ9, PHQ9_NAME, before, began)
    s.record.score(PHQ9, PHQ9_NAME, round(before * (100 - better) / 100), ended)


def resistant(s: Story, *, now: bool = True) -> None:
    """Depression, two antidepressants that did nothing, and mostly a third one that is taken now."""
    depressed(s)
    first, second, third = s.chance.sample(sorted(DRUGS), 3)
    trial(s, first, since=560, days=s.chance.randint(70, 120), better=s.chance.choice((0, 5, 10)))
    trial(s, second, since=400, days=s.chance.randint(60, 150), better=s.chance.choice((0, 5, 10, 15)))
    if now:
        s.record.medicine(DRUGS[third][0], third, mg=DRUGS[third][1], since=s.day(90))


def asked(
    s: Story,
    *,
    ago: int,
    risk: str = "None",
    alcohol: int = 1,
    drugs: int = 0,
    pregnant: str | None = "Not pregnant",
    pressure: tuple[int, int] = (126, 79),
) -> None:
    """The questions of the clinic, asked so many days ago; blood pressure twice, a week apart."""
    r: Record = s.record
    r.score(PHQ9, PHQ9_NAME, s.chance.randint(16, 24), s.day(ago))
    r.answer(CSSRS, CSSRS_NAME, risk, s.day(ago))
    r.score(AUDIT_C, "AUDIT-C total score", alcohol, s.day(ago))
    r.score(DAST, "DAST-10 total score", drugs, s.day(ago))
    if s.who.sex == "female" and pregnant:
        r.answer("82810-3", "Pregnancy status", pregnant, s.day(ago))
        r.answer("63895-7", "Breastfeeding status", "Not breastfeeding", s.day(ago))
    for before in (ago + 7, ago):
        systolic, diastolic = (value + s.chance.randint(-3, 3) for value in pressure)
        r.pressure(systolic, diastolic, f"{s.day(before)}T09:20:00Z")


def worked_up(s: Story, *, ago: int = 3, **answers: object) -> None:
    """All that a decision needs: trials confirmed, everything asked, the whole history reviewed."""
    s.record.came()
    s.did(ago + 2, CONFIRM)
    asked(s, ago=ago, **answers)  # type: ignore[arg-type]
    s.reviewed(ago)
    s.did(ago, REVIEW, text="antidepressant_trials")  # no section of a bundle says this
