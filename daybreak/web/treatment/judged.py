"""What does the protocol ask before each dose, and is it met with what was measured in this session?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daybreak.clinical.answers import MET, UNKNOWN, Reason, Verdict
from daybreak.clinical.records import AsOf, Observation, on
from daybreak.clinical.screening.judge import Finding, decide
from daybreak.clinical.screening.view import View
from daybreak.clinical.treatment.events import decimal
from daybreak.clinical.treatment.session import State
from daybreak.knowledge.periods import period
from daybreak.knowledge.protocols import NotInForce
from daybreak.knowledge.rules import words
from daybreak.web import zones
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.protocols import policies
from daybreak.web.treatment.models import Session

EACH_DOSE = "before_each_dose"
PRESSURE = "pre_dose_blood_pressure"


@dataclass(frozen=True, slots=True)
class Judged:
    """Blood pressure apart from the rest: on that a prescriber may decide, where the protocol lets them."""

    criteria: bool | None
    pressure: bool | None
    may_weigh: bool | None
    why: tuple[Reason, ...]
    pressure_why: tuple[Reason, ...]


def judged(session: Session, state: State, *, at: datetime) -> Judged:
    """By the protocol of the session as it holds at its site today. A protocol that is not in force clears nothing."""
    site = session.site
    today = zones.day(at, site.zone)
    rows = policies.lines_of([site.id])
    try:
        here = policies.here(session.protocol, rows.get((site.id, session.protocol), ()), as_of=today)
    except NotInForce:
        return Judged(None, None, None, (), ())
    entries, _ = records.current_with_state(session.patient)
    chart = records.chart_of(patients.details(session.patient), entries)
    chart = replace(chart, observations=(*chart.observations, *_measured(session, state)))
    found = decide(View(chart, AsOf(today, at), words()), here.protocol).findings
    due = [one for one in found if one.criterion.when == EACH_DOSE]
    pressure = [one for one in due if one.criterion.name.startswith(PRESSURE)]
    rest = [one for one in due if one not in pressure]
    return Judged(
        criteria=_all(rest),
        pressure=_all(pressure),
        may_weigh=_fresh(state, at) and all(one.criterion.override == "prescriber" for one in pressure),
        why=_why(rest),
        pressure_why=_why(pressure),
    )


def _fresh(state: State, at: datetime) -> bool:
    """Is the reading still one of before this dose? What was decided about it is no older than it may be."""
    check = state.baseline("pressure")
    return check is not None and at - check.earliest <= timedelta(minutes=period("pre-dose-reading")["minutes"])


def _all(findings: list[Finding]) -> bool | None:
    verdicts: set[Verdict] = {one.answer.verdict for one in findings}
    if verdicts <= {MET}:
        return True
    return None if UNKNOWN in verdicts else False


def _why(findings: list[Finding]) -> tuple[Reason, ...]:
    return tuple(one.answer.reason for one in findings if one.answer.verdict is not MET)


def _measured(session: Session, state: State) -> list[Observation]:
    """The newest pressure before the dose, as the record has one. A figure that is none stands in no observation: unknown."""
    check = state.baseline("pressure")
    if check is None or not isinstance(check.value, dict):
        return []
    day = on(zones.day(check.at, session.site.zone))
    ref = f"Session/{session.id}"
    figures = ((part, decimal(check.value.get(part))) for part in ("systolic", "diastolic"))
    return [
        Observation(ref=f"{ref}#{check.seq}.{part}", kind=part, value=value, when=day, instant=check.earliest)
        for part, value in figures
        if value is not None
    ]
