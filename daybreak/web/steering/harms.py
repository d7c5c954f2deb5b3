"""Which harms that build up over months are to be asked about again, of whom, and who is told? Nothing waits for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from daybreak.clinical.followup.harms import Asked, Given, Part, part
from daybreak.clinical.treatment.session import Exposure
from daybreak.knowledge import harms
from daybreak.web import zones
from daybreak.web.assessments.harms import NAME, NO, YES
from daybreak.web.courses.models import Booking, Course, Visit
from daybreak.web.courses.state import Standing, standings
from daybreak.web.forms import queries as forms
from daybreak.web.forms.models import UNUSED
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.patients.queries import all_together
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.steering.treated import given as treatments
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.treatment import queries

FORM = f"harms:{NAME}"
SOURCE = "harms due "


def parts(given: Sequence[Given], answers: Mapping[str, Sequence[Asked]], *, today: date) -> list[Part]:
    """Each part of the schedule; none before anything was given."""
    every = (part(one, given=given, asked=answers.get(one.domain, ()), today=today) for one in harms.schedule())
    return [one for one in every if one is not None]


def doses(visits: Sequence[Standing], records: Collection[UUID]) -> list[Given]:
    """What was given at each treatment, of all records of a person; of a visit without a session nobody knows."""
    sessions = {one.session.booking_id: one.state.exposures for one in queries.of(records)}
    return [_given(day, sessions.get(one.booking.pk)) for one, day in treatments(visits)]


def answered(records: Collection[UUID]) -> dict[UUID, dict[str, list[Asked]]]:
    """By record and part, what was answered in each form, in order."""
    found = forms.in_time().filter(sitting__patient__in=records, sitting__form=FORM, sitting__ending__isnull=False)
    rows = found.exclude(sitting__ending__how__in=UNUSED).order_by("sitting__ending__created", "sitting", "seq")
    told: dict[tuple[UUID, UUID, date], dict[str, str]] = {}
    of = ("sitting__patient", "sitting", "sitting__ending__created", "sitting__site__zone", "question", "value")
    for patient, sitting, ended, zone, question, value in rows.values_list(*of):
        told.setdefault((patient, sitting, zones.day(ended, zone)), {})[question] = value
    every: dict[UUID, dict[str, list[Asked]]] = {}
    for (patient, _, day), values in told.items():
        for domain, yes in _parts(values).items():
            every.setdefault(patient, {}).setdefault(domain, []).append(Asked(day, yes))
    return every


def joined(answers: Mapping[UUID, Mapping[str, Sequence[Asked]]], records: Iterable[UUID]) -> dict[str, list[Asked]]:
    """Those of all records of a person, in order."""
    found: dict[str, list[Asked]] = {}
    for id in records:
        for domain, those in answers.get(id, {}).items():
            found.setdefault(domain, []).extend(those)
    return {domain: sorted(those, key=lambda one: one.day) for domain, those in found.items()}


def look(*, at: datetime) -> int:
    """Of everybody in treatment, once for each whole answer after which it is due again; how many tasks were made. The clock
    looks."""
    courses = list(Course.objects.filter(end__isnull=True).select_related("site", "patient").order_by("id"))
    records = all_together({one.patient_id for one in courses}) if courses else {}
    every = {id for those in records.values() for id in those}
    visits = treatments(standings(Booking.objects.filter(patient__in=every, visit=Visit.TREATMENT)))
    answers = answered(every)
    count = 0
    for one in courses:
        theirs = records[one.patient_id]
        given = [Given(day, None, None) for visit, day in visits if visit.booking.patient_id in theirs]
        found = parts(given, joined(answers, theirs), today=zones.day(at, one.site.zone))
        count += _ask(one, [each for each in found if each.due], at=at)
    return count


@transaction.atomic
def _ask(course: Course, found: Sequence[Part], *, at: datetime) -> int:
    locked(Patient, pk=course.patient_id)
    last = max((one.last.day for one in found if one.last), default=None)
    source = f"{SOURCE}{course.pk} {last or 'never'}" if found else ""
    for task in still_open(Task.objects.filter(source__startswith=f"{SOURCE}{course.pk} ")):
        if task.source != source:
            tasks.done(source=task.source, by=None, at=at, result=tasks.NOT_NEEDED if found else tasks.DONE)
    if not found or Task.objects.filter(source=source).exists():
        return 0
    tasks.make(
        source=source,
        kind=Kind.OTHER,
        what="steering.task_harms",
        site=course.site,
        patient=course.patient,
        level=Level.BY,
        due=due.today(course.site.zone, at),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        where=f"/patients/{course.patient_id}/harms/",
        by=None,
        at=at,
        via="clock",
    )
    return 1


def _parts(values: Mapping[str, str]) -> dict[str, int | None]:
    """By part, how many were a yes; None: not every question has a yes or a no."""
    found: dict[str, list[str]] = {}
    for id, one in harms.items().items():
        found.setdefault(one["domain"], []).append(values.get(id, ""))
    return {domain: told.count(YES) if {*told} <= {YES, NO} else None for domain, told in found.items()}


def _given(day: date, exposures: Sequence[Exposure] | None) -> Given:
    if exposures is None:
        return Given(day, None, None)
    low = [one.mg_low for one in exposures]
    high = [one.mg_high for one in exposures]
    return Given(day, _sum(low), _sum(high))


def _sum(mg: Sequence[Decimal | None]) -> Decimal | None:
    known = [one for one in mg if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(mg) else None
