"""What does a chart say as of one day? The same records, indexed once, without what lies in the future of that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term, Unreadable
from daybreak.clinical.records import (
    Allergy,
    AsOf,
    Chart,
    Condition,
    Coverage,
    Exposure,
    KetamineExposure,
    Observation,
    When,
)
from daybreak.clinical.screening.rules import TrialRules

ALL_DOMAINS = "all"


@dataclass(frozen=True, slots=True)
class Words:
    """What facts need to know about medicines and rule sets; it comes from knowledge.

    `classes` maps an ingredient to all its classes, `antidepressants` to the one class that counts as its kind.
    `depression_scales` are the observation kinds whose change measures depression, the most trusted first.
    """

    classes: Mapping[str, frozenset[str]]
    antidepressants: Mapping[str, str]
    trial_rules: Mapping[str, TrialRules]
    depression_scales: tuple[str, ...]


class Review(NamedTuple):
    """A review that still holds, with what a sentence says of it and the line that shows it."""

    coverage: Coverage
    values: Mapping[str, object]
    evidence: Evidence


def begins_after(when: When | Unreadable | None, day: date) -> bool:
    """Does it certainly begin after that day?"""
    return isinstance(when, When) and when.earliest > day


class View:
    """A chart as of a moment. Facts are asked of it; each is answered once."""

    def __init__(self, chart: Chart, as_of: AsOf, words: Words) -> None:
        self.chart, self.as_of, self.words = chart, as_of, words
        self.day = as_of.day
        self.answers: dict[Any, Any] = {}

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Diagnoses known by that day; refuted ones stay in (they answer for their own code)."""
        return tuple(
            c
            for c in self.chart.conditions
            if c.verification != "entered-in-error"
            and not begins_after(c.onset, self.day)
            and not (c.onset is None and begins_after(c.recorded, self.day))
        )

    @cached_property
    def by_concept(self) -> dict[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            if condition.verification != "refuted" and condition.concepts is not UNREADABLE:
                for concept in condition.concepts | condition.possible:
                    found.setdefault(concept, []).append(condition)
        return found

    @cached_property
    def nameless_conditions(self) -> tuple[Condition, ...]:
        """Entries that say that something is there, but not what: no absence can be read past them."""
        return tuple(c for c in self.conditions if c.concepts is UNREADABLE and c.verification != "refuted")

    @cached_property
    def unmapped_conditions(self) -> tuple[Condition, ...]:
        """Entries whose code or name nobody here knows: no absence can be read past them either."""
        return tuple(
            c
            for c in self.conditions
            if c.concepts is not UNREADABLE and not c.concepts and not c.possible and c.verification != "refuted"
        )

    @cached_property
    def exposures(self) -> tuple[Exposure, ...]:
        return tuple(e for e in self.chart.exposures if not begins_after(e.start, self.day))

    @cached_property
    def ketamine(self) -> tuple[KetamineExposure, ...]:
        return tuple(k for k in self.chart.ketamine if not begins_after(k.when, self.day))

    @cached_property
    def allergies(self) -> tuple[Allergy, ...]:
        """Allergies known by that day; refuted ones are none."""
        return tuple(
            a
            for a in self.chart.allergies
            if a.verification not in ("refuted", "entered-in-error") and not begins_after(a.recorded, self.day)
        )

    @cached_property
    def observations(self) -> dict[str, list[Observation]]:
        """By kind, those of that moment or before, and those without a date."""
        found: dict[str, list[Observation]] = {}
        now = self.as_of.instant
        for o in self.chart.observations:
            if (isinstance(o.when, When) and o.when.earliest > self.day) or (now and o.instant and o.instant > now):
                continue
            found.setdefault(o.kind, []).append(o)
        return found

    def latest(self, *kinds: str) -> list[Observation]:
        """Every reading of these kinds that could be the newest: usually one; several when their order cannot be known."""
        every = [o for kind in kinds for o in self.observations.get(kind, ())]
        if len(every) < 2:
            return every
        dated = [o for o in every if isinstance(o.when, When)]
        newest = max((o.when.earliest for o in dated if isinstance(o.when, When)), default=None)
        if newest is None:
            return every
        open_ = [o for o in every if not isinstance(o.when, When) or o.when.latest >= newest]
        timed = [o.instant for o in open_ if o.instant]
        if len(timed) == len(open_):
            return [o for o in open_ if o.instant == max(timed)]
        return open_

    def age_ok(self, when: When | Unreadable | None, valid_days: int | None) -> bool:
        """Is it certainly not older than `valid_days`? Undated is never fresh."""
        if not isinstance(when, When):
            return False
        return valid_days is None or when.earliest >= self.day - timedelta(days=valid_days)

    def reviewed(self, domains: tuple[str, ...], valid_days: int) -> Review | Reason:
        """The newest review of one of these domains that still holds, or the reason why none does."""
        key = ("review", domains, valid_days)
        review: Review | Reason | None = self.answers.get(key)
        if review is None:
            review = self.answers[key] = self._reviewed(domains, valid_days)
        return review

    def _reviewed(self, domains: tuple[str, ...], valid_days: int) -> Review | Reason:
        mine = [c for c in self.chart.coverage if c.domain in domains and c.reviewed_on <= self.day]
        terms = tuple(Term(f"domain.{d}") for d in domains)
        if not mine:
            return Reason("review.none", {"domains": terms})
        best = max(mine, key=lambda c: c.reviewed_on)
        if best.reviewed_on < self.day - timedelta(days=valid_days):
            return Reason("review.expired", {"domains": terms, "on": best.reviewed_on, "days": valid_days})
        unread = self._unread(best)
        if unread is not None:
            return Reason("review.unread", {"domains": terms, "on": best.reviewed_on, "record": unread})
        values = {
            "domain": Term(f"domain.{best.domain}"),
            "on": best.reviewed_on,
            "by": best.by or Term("reviewer.not-recorded"),
        }
        text = f"{best.domain}: {best.by or '?'}"
        return Review(best, values, Evidence(best.source, text, best.reviewed_on.isoformat()))

    @cached_property
    def unreadable_medicines(self) -> bool:
        """Is there a medicine of which nothing could be read?"""
        return any(_domain_of(problem.place) == "medicines" for problem in self.chart.problems)

    def _unread(self, review: Coverage) -> str | None:
        """A record of the domain that came after the review, or at an unknown time, and that we could not read."""
        for u in self.chart.unmapped:
            told = _TELLS_ABOUT.get(u.domain or "", ())
            if review.domain in told and not (u.recorded and u.recorded.latest <= review.reviewed_on):
                if begins_after(u.recorded, self.day):
                    continue
                return f"{u.ref} ({u.text or u.code})"
        for problem in self.chart.problems:
            broken = _domain_of(problem.place)
            if broken == ALL_DOMAINS or review.domain in _TELLS_ABOUT.get(broken or "", ()):
                return problem.place
        return None


# A diagnosis that nobody could read may be about the mind, substances, pregnancy or what ketamine did; a medicine about any
# trial or ketamine.
_TELLS_ABOUT = {
    "conditions": frozenset({"conditions", "psychiatric_history", "substance_use", "reproductive", "earlier_ketamine"}),
    "medicines": frozenset({"medicines", "antidepressant_trials", "earlier_ketamine"}),
    "allergies": frozenset({"allergies"}),
}
_DOMAIN_OF_TYPE = {
    "Condition": "conditions",
    "AllergyIntolerance": "allergies",
    "Medication": "medicines",
    "MedicationRequest": "medicines",
    "MedicationStatement": "medicines",
    "MedicationDispense": "medicines",
    "MedicationAdministration": "medicines",
}
_OUTSIDE_EVERY_DOMAIN = frozenset(
    {"Observation", "QuestionnaireResponse", "Patient", "Encounter", "Procedure", "List", "AdverseEvent"}
)


def _domain_of(place: str) -> str | None:
    """Which part of the history a broken record belonged to; a record of unknown type could belong to any."""
    kind = place.rpartition("#")[2].partition("/")[0]
    if kind in _OUTSIDE_EVERY_DOMAIN:
        return None
    return _DOMAIN_OF_TYPE.get(kind, ALL_DOMAINS)


def condition_evidence(c: Condition) -> Evidence:
    """One diagnosis in a line: name, code, status, dates as recorded."""
    code = next((x.code for x in c.codes if x.code), None)
    status = [s for s in (c.clinical, c.verification) if isinstance(s, str) and s != "confirmed"]
    words = " ".join([c.text or "?", *([f"({code})"] if code and code not in c.text else []), *status])
    when = c.onset if isinstance(c.onset, When) else c.recorded
    until = f" – {c.abatement}" if isinstance(c.abatement, When) else ""
    return Evidence(c.ref, words + until, str(when) if when else None)


def observation_evidence(o: Observation) -> Evidence:
    value = "?" if o.value is None or o.value is UNREADABLE else str(o.value)
    return Evidence(o.ref, o.text or value, str(o.when) if isinstance(o.when, When) else None)
