"""Which certification, enrolment or training ends soon, or is over, and who sees to it? Each step is asked for once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.certified import Holds, holds, near
from daybreak.knowledge import rems
from daybreak.knowledge.deadlines import days
from daybreak.web import zones
from daybreak.web.courses.models import Course
from daybreak.web.patients.models import Patient
from daybreak.web.patients.queries import all_together
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.rems import programme
from daybreak.web.rems.models import Certification, Enrolment, Standing, Training
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open

STEPS = ("programme-lapse-first", "programme-lapse-second", "programme-lapse-last")
SOURCE, SITE = "rems lapse ", "rems site "


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends: its words while it does and once it did, who sees to it and where."""

    row: Any
    soon: str
    over: str
    role: Role
    permission: Permission
    where: str
    values: dict[str, str]
    patient: Patient | None = None


def look(*, at: datetime) -> int:
    """By the calendar of each site; how many tasks were made."""
    every = list(_certifications()) + list(_enrolments()) + list(_trainings(at))
    made = sum(_look(one, one.row.site, at=at) for one in every)
    return made + sum(_uncertified(site, at=at) for site in _treating())


def over(row: Standing, *, by: Person, at: datetime) -> None:
    """Something else was written down instead, in the transaction that did: nobody has to see to the end of the last any more."""
    for task in still_open(Task.objects.filter(source__startswith=f"{SOURCE}{row.pk} ")):
        tasks.done(source=task.source, by=by, at=at)


def certified(site_id: UUID, *, by: Person, at: datetime) -> None:
    """The certification of the site was written down."""
    for task in still_open(Task.objects.filter(source__startswith=f"{SITE}{site_id} ")):
        tasks.done(source=task.source, by=by, at=at)


def _certifications() -> Iterator[Ending]:
    for row in _heads(Certification.objects.select_related("site")):
        words = ("rems.task_certification", "rems.task_certification_over")
        where = f"/clinic/rems/?site={row.site_id}"
        yield Ending(row, *words, Role.PRESCRIBER, Permission.ADOPT_PROTOCOL, where, {})


def _enrolments() -> Iterator[Ending]:
    """Of whoever is in a course that the programme asks about, on whichever of their records."""
    rows = list(_heads(Enrolment.objects.select_related("site", "patient")))
    records = all_together({one.patient_id for one in rows}) if rows else {}
    asked = Course.objects.filter(end__isnull=True, protocol__in=rems.form()["protocols"])
    treated = set(asked.values_list("patient", "site"))
    for row in rows:
        if any((id, row.site_id) in treated for id in records[row.patient_id]):
            words = ("rems.task_enrolment", "rems.task_enrolment_over")
            where = f"/patients/{row.patient_id}/rems/"
            yield Ending(row, *words, Role.NURSE, Permission.RUN_SESSIONS, where, {}, row.patient)


def _trainings(at: datetime) -> Iterator[Ending]:
    """Of whoever works at the site still."""
    there = {(one.person_id, one.site_id) for one in all_in_force(at=at)}
    for row in _heads(Training.objects.select_related("site", "person")):
        if (row.person_id, row.site_id) in there:
            words = ("rems.task_training", "rems.task_training_over")
            where, told = f"/clinic/rems/?site={row.site_id}", {"name": row.person.display_name, "what": row.what}
            yield Ending(row, *words, Role.PRESCRIBER, Permission.ADOPT_PROTOCOL, where, told)


def _heads(rows: Any) -> Iterable[Any]:
    return rows.filter(replaced_by__isnull=True, ended=False, expires__isnull=False)  # type: ignore[no-any-return]


@transaction.atomic
def _look(one: Ending, site: Site, *, at: datetime) -> int:
    """Of two steps the nearer takes the place of the other."""
    row, today = one.row, zones.day(at, site.zone)
    step = near(row.told, today, [days(id) for id in STEPS])
    source = f"{SOURCE}{row.pk} {step}"
    if step is None or Task.objects.filter(source=source).exists():
        return 0
    for task in still_open(Task.objects.filter(source__startswith=f"{SOURCE}{row.pk} ")):
        tasks.done(source=task.source, by=None, at=at, result=tasks.NOT_NEEDED)
    tasks.make(
        source=source,
        kind=Kind.OTHER,
        what=one.soon if step else one.over,
        values={**one.values, "on": row.expires.isoformat()},
        site=site,
        patient=one.patient,
        level=Level.BY if step else Level.TODAY,
        due=due.end_of(row.expires, site.zone) if step else due.today(site.zone, at),
        permission=one.permission,
        role=one.role,
        where=one.where,
        by=None,
        at=at,
        via="clock",
    )
    return 1


def _treating() -> list[Site]:
    """The sites at which somebody is in a course that the programme asks about."""
    asked = Course.objects.filter(end__isnull=True, protocol__in=rems.form()["protocols"])
    return list(Site.objects.filter(pk__in=asked.values("site"), closed__isnull=True))


@transaction.atomic
def _uncertified(site: Site, *, at: datetime) -> int:
    """Nothing that holds is written down of its certification: it is asked for once, and not by each of its visits."""
    row = programme.certifications([site.id]).get(site.id)
    found = holds(row.told if row else None, zones.day(at, site.zone))
    source = f"{SITE}{site.id} {row.pk if row else 'never'}"
    if found in (Holds.YES, Holds.EXPIRED) or Task.objects.filter(source=source).exists():
        return 0  # that one expired is asked for above
    tasks.make(
        source=source,
        kind=Kind.OTHER,
        what="rems.task_uncertified",
        site=site,
        level=Level.TODAY,
        due=due.today(site.zone, at),
        permission=Permission.ADOPT_PROTOCOL,
        role=Role.PRESCRIBER,
        where=f"/clinic/rems/?site={site.id}",
        by=None,
        at=at,
        via="clock",
    )
    return 1
