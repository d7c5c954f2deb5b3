"""Who is the patient: alive, how old, and could this person be pregnant or breast-feeding?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import When
from daybreak.clinical.screening.criteria import FactAnswer, Range
from daybreak.clinical.screening.history import sort_out, unless_nameless
from daybreak.clinical.screening.view import View, condition_evidence, observation_evidence


def alive(view: View) -> FactAnswer:
    patient = view.chart.patient
    dead = patient.deceased
    if dead is UNREADABLE:
        return FactAnswer(None, Reason("person.death-unreadable"), (_self(view),), (Reason("ask.alive"),))
    if dead is True or (isinstance(dead, When) and dead.earliest <= view.day):
        on = str(dead) if isinstance(dead, When) else "?"
        return FactAnswer(False, Reason("person.died", {"on": on}), (_self(view),))
    return FactAnswer(True, Reason("person.alive"), (_self(view),))


def _self(view: View) -> Evidence:
    birth = view.chart.patient.birth
    return Evidence(view.chart.patient.ref, str(birth) if isinstance(birth, When) else "?")


def age(view: View) -> FactAnswer:
    """Age in whole years; a partial birth date gives a range."""
    birth = view.chart.patient.birth
    if not isinstance(birth, When):
        reason = Reason("person.age-unknown")
        return FactAnswer(None, reason, (_self(view),), (Reason("ask.birth-date"),))
    dead = view.chart.patient.deceased
    day = min(view.day, dead.latest) if isinstance(dead, When) else view.day  # nobody grows older after death
    oldest, youngest = whole_years(birth.earliest, day), whole_years(birth.latest, day)
    value = Decimal(oldest) if oldest == youngest else Range(Decimal(youngest), Decimal(oldest))
    missing = () if oldest == youngest else (Reason("ask.birth-date"),)
    reason = Reason("person.age", {"years": oldest if oldest == youngest else f"{youngest}–{oldest}"})
    return FactAnswer(value, reason, (_self(view),), missing, grows_since=birth.latest)


def whole_years(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def pregnant(view: View, *, valid_days: int, longest_days: int) -> FactAnswer:
    """Is the patient pregnant? Asked of everybody who could be; a record of the sex "male" answers until something else does.

    `longest_days`: a pregnancy on the problem list that began before that is no answer any more.
    """
    return unless_nameless(view, Term("concept.pregnancy"), _pregnant(view, valid_days, longest_days))


def _pregnant(view: View, valid_days: int, longest_days: int) -> FactAnswer:
    answers = view.latest("pregnancy_status", "pregnancy_test")
    found, open_ = sort_out(view, "pregnancy", state="active")
    edge = view.day - timedelta(days=longest_days)
    begun = [c.recorded if c.onset is None else c.onset for c in found]
    old = [w for w in begun if isinstance(w, When) and w.latest < edge]
    current = [w for w in begun if isinstance(w, When) and w.earliest >= edge]
    unsure = len(old) + len(current) < len(found)  # it may have begun before the edge or after it
    evidence = (*(observation_evidence(o) for o in answers), *(condition_evidence(c) for c in (*found, *open_)))
    words = {str(o.value) for o in answers}
    if words and words <= {"pregnant", "positive"}:
        return FactAnswer(True, Reason("pregnancy.recorded"), evidence)
    no = bool(words) and words <= {"not_pregnant", "negative", "cannot"}
    if current and not answers:
        return FactAnswer(True, Reason("pregnancy.recorded"), evidence)
    if (current and no) or open_ or unsure or (old and not no):
        return FactAnswer(None, Reason("pregnancy.conflict"), evidence, (Reason("ask.pregnancy"),))
    if no:
        on = {"on": str(answers[0].when) if isinstance(answers[0].when, When) else "?"}
        fresh = all(view.age_ok(o.when, valid_days) for o in answers)
        expired = None if fresh else Reason("pregnancy.expired", {**on, "days": valid_days})
        return FactAnswer(False, Reason("pregnancy.no", on), evidence, expired=expired)
    if answers:
        declined = "declined" in words
        reason = Reason("pregnancy.declined" if declined else "pregnancy.open")
        return FactAnswer(None, reason, evidence, (Reason("ask.pregnancy"),))
    cannot, _ = sort_out(view, "cannot_become_pregnant", state="ever")
    if cannot:
        return FactAnswer(False, Reason("pregnancy.cannot"), tuple(condition_evidence(c) for c in cannot))
    if view.chart.patient.sex == "male":
        return FactAnswer(False, Reason("pregnancy.recorded-male"), (_self(view),))
    return FactAnswer(None, Reason("pregnancy.not-asked"), (_self(view),), (Reason("ask.pregnancy"),))


def breast_feeding(view: View, *, valid_days: int) -> FactAnswer:
    """Is the patient breast-feeding? Asked of everybody who could be, as with pregnancy."""
    what = Term("concept.lactation")
    return unless_nameless(view, what, _breast_feeding(view, what, valid_days))


def _breast_feeding(view: View, what: Term, valid_days: int) -> FactAnswer:
    answers = view.latest("breastfeeding_status")
    found, open_ = sort_out(view, "lactation", state="active")
    evidence = (*(observation_evidence(o) for o in answers), *(condition_evidence(c) for c in (*found, *open_)))
    words = {str(o.value) for o in answers}
    if words == {"breastfeeding"} or (found and not answers):
        return FactAnswer(True, Reason("lactation.recorded", {"what": what}), evidence)
    if words == {"not_breastfeeding"} and not found and not open_:
        fresh = all(view.age_ok(o.when, valid_days) for o in answers)
        expired = None if fresh else Reason("lactation.expired", {"days": valid_days})
        return FactAnswer(False, Reason("lactation.no"), evidence, expired=expired)
    if evidence:
        return FactAnswer(None, Reason("lactation.open"), evidence, (Reason("ask.lactation"),))
    if view.chart.patient.sex == "male":
        return FactAnswer(False, Reason("lactation.recorded-male"), (_self(view),))
    return FactAnswer(None, Reason("lactation.not-asked"), (_self(view),), (Reason("ask.lactation"),))
