"""When was the programme looked at last for a patient, what does the site ask for, and does a dose wait for it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Subquery

from daybreak.clinical.answers import Reason
from daybreak.web import zones
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.pdmp.models import Look, Result, Rule
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Standing:
    """How many days ago the programme was reached, and the rule of the site. `why`: what a dose waits for; nothing where the
    site asks for no look."""

    age_days: int | None
    rule: Rule | None
    why: tuple[Reason, ...]


def looks(patient: Patient) -> list[Look]:
    """Every look at the records that are one person, the newest first."""
    return list(_of(patient).select_related("by", "site"))


def newest_rule(site_id: UUID) -> Rule | None:
    """What was signed last at the site."""
    return Rule.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by").first()


def standing(patient: Patient, site: Site, *, at: datetime) -> Standing:
    """How it stands for a dose at that site, with one question; without a rule nobody asks how old the last look is."""
    reached = _of(patient).exclude(result=Result.NOT_REACHED)
    told = {f"look_{name}": Subquery(reached.values(name)[:1]) for name in ("day", "result", "by")}
    rule = Rule.objects.filter(site=site.id, replaced_by__isnull=True).annotate(**told).first()
    if rule is None:
        return Standing(None, None, ())
    day, result, by = (getattr(rule, name) for name in told)
    return judged(day, result, by, rule, site, at=at)


def judged(
    day: date | None, result: str | None, by: UUID | None, rule: Rule | None, site: Site, *, at: datetime
) -> Standing:
    """The same, of a look that was read already: its day, what it showed and who looked."""
    age = (zones.day(at, site.zone) - day).days if day else None
    return Standing(age, rule, tuple(_why(age, result, by, rule, site, at=at)))


def _of(patient: Patient) -> QuerySet[Look]:
    return Look.objects.filter(patient__in=list(patients.together(patient))).order_by("-created", "-id")


def _why(
    age: int | None, result: str | None, by: UUID | None, rule: Rule | None, site: Site, *, at: datetime
) -> list[Reason]:
    """What was not expected waits for a prescriber's own look: whoever looked for them does not decide."""
    if rule is None or rule.days is None:
        return []
    if age is None:
        return [Reason("session.pdmp-never")]
    if age > rule.days:
        return [Reason("pdmp.why_old", {"age": age, "most": rule.days})]
    if result == Result.UNEXPECTED:
        person = Person.objects.filter(pk=by).first()
        if person is None or not may(person, Permission.DECIDE_DOSE, at=at, site_id=site.id):
            return [Reason("pdmp.why_unexpected")]
    return []
