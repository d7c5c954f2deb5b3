"""For which patients in treatment does something end soon that the next dose needs, and who is asked to see to it?

The authorisation of a payer, enrolment and certification, consent, and the last visit that is booked. What is not there at all
is a gate of the visit, and said there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.certified import Told, near
from daybreak.knowledge import rems
from daybreak.knowledge.consents import documents_for
from daybreak.knowledge.deadlines import days
from daybreak.web import zones
from daybreak.web.authorisation import queries as authorisations
from daybreak.web.authorisation.models import Authorisation
from daybreak.web.authorisation.state import LAPSE
from daybreak.web.consent.models import Signature
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, Course, Visit, What
from daybreak.web.courses.state import Standing, standings
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.patients.queries import all_together
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.rems.models import Certification, Enrolment
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Level, Task
from daybreak.web.tasks.queries import still_open

SOURCE = "course lapse "
AHEAD = (What.BOOKED, What.MOVED, What.LATE)


class Kind(StrEnum):
    """What ends."""

    AUTHORISATION = "authorisation"
    ENROLMENT = "enrolment"
    CERTIFICATION = "certification"
    CONSENT = "consent"
    VISIT = "visit"


# What the clock asks for here; the others are asked for where they are kept.
ASKS = {Kind.AUTHORISATION: "steering.task_lapse_authorisation", Kind.VISIT: "steering.task_lapse_visit"}
# Whose work it is, and on which page of the patient.
SEES_TO = {
    Kind.AUTHORISATION: (Role.FRONT_DESK, Permission.AUTHORISATIONS, "authorisations/"),
    Kind.ENROLMENT: (Role.NURSE, Permission.RUN_SESSIONS, "rems/"),
    Kind.CERTIFICATION: (Role.PRESCRIBER, Permission.ADOPT_PROTOCOL, "rems/"),
    Kind.CONSENT: (Role.NURSE, Permission.READ_PATIENTS, "consents/"),
    Kind.VISIT: (Role.FRONT_DESK, Permission.BOOK_VISITS, "course/"),
}


@dataclass(frozen=True, slots=True)
class Lapse:
    """Something of a course ends `on` that day, so many days from now (`left`, negative: it has ended), within `step` days
    (0: it is over). `on` None: no visit is booked."""

    course: Course
    kind: Kind
    on: date | None
    left: int
    step: int


def lapses(courses: Iterable[Course], *, at: datetime) -> list[Lapse]:
    """Of open courses, what ends within the longest of the steps, the soonest first; of many with as few queries as of one."""
    every = list(courses)
    records = all_together({one.patient_id for one in every}) if every else {}
    ends = list(_ends(every, records, at=at))
    found = [one for course, kind, on in ends if (one := _lapse(course, kind, on, at=at)) is not None]
    return sorted(found, key=lambda one: (one.left, one.course.pk, one.kind))


def look(*, at: datetime) -> int:
    """Once for each step of what ends, the nearer in place of the one before; how many tasks were made. The clock looks."""
    courses = Course.objects.filter(end__isnull=True).select_related("site", "patient").order_by("id")
    found = [one for one in lapses(courses, at=at) if one.kind in ASKS]
    _over({_about(one) for one in found}, at=at)
    return sum(_ask(one, at=at) for one in found)


def _lapse(course: Course, kind: Kind, on: date | None, *, at: datetime) -> Lapse | None:
    today = zones.day(at, course.site.zone)
    if on is None:
        return Lapse(course, kind, None, -1, 0)
    step = near(Told(today, on), today, [days(id) for id in LAPSE])
    return None if step is None else Lapse(course, kind, on, (on - today).days, step)


def _ends(
    courses: list[Course], records: dict[UUID, list[UUID]], *, at: datetime
) -> Iterator[tuple[Course, Kind, date | None]]:
    """What each has that ends, with its last day."""
    every = {id for those in records.values() for id in those}
    paid = authorisations.of_many(every)
    rows = Enrolment.objects.filter(patient__in=every, replaced_by__isnull=True, ended=False, expires__isnull=False)
    enrolled = {(one.patient_id, one.site_id): one.expires for one in rows}
    held = Certification.objects.filter(replaced_by__isnull=True, ended=False, expires__isnull=False)
    certified = dict(held.values_list("site_id", "expires"))
    consents = _consents(every)
    visits = standings(Booking.objects.filter(patient__in=every, visit=Visit.TREATMENT))
    who.with_courses(visits)
    for one in courses:
        theirs = records[one.patient_id]
        granted = [now.approval for id in theirs for row, now in paid.get(id, ()) if _pays(row, one) and now.open]
        until = [date.fromisoformat(each.told["until"]) for each in granted if each is not None]
        if until:
            yield one, Kind.AUTHORISATION, max(until)
        if one.protocol in rems.form()["protocols"]:
            known = [day for id in theirs if (day := enrolled.get((id, one.site_id))) is not None]
            if known:
                yield one, Kind.ENROLMENT, max(known)
            if one.site_id in certified:
                yield one, Kind.CERTIFICATION, certified[one.site_id]
        for document in documents_for(one.protocol):
            signed = [day for id in theirs if (day := consents.get((id, document))) is not None]
            if signed:
                yield one, Kind.CONSENT, max(signed)
        yield one, Kind.VISIT, _last_visit(one, visits, at=at)


def _pays(row: Authorisation, course: Course) -> bool:
    return (row.site_id, row.protocol) == (course.site_id, course.protocol)


def _consents(patients: Collection[UUID]) -> dict[tuple[UUID, str], date]:
    rows = Signature.objects.filter(talk__patient__in=patients, withdrawal__isnull=True).order_by("last_day")
    return {(id, name): day for id, name, day in rows.values_list("talk__patient", "talk__document", "last_day")}


def _last_visit(course: Course, visits: Iterable[Standing], *, at: datetime) -> date | None:
    """The day of the last treatment that is booked and lies ahead."""
    ahead = [
        zones.day(one.starts, course.site.zone)
        for one in visits
        if one.booking.course and one.booking.course.pk == course.pk and one.last in AHEAD and one.starts > at
    ]
    return max(ahead, default=None)


def _about(one: Lapse) -> str:
    return f"{SOURCE}{one.course.pk} {one.kind} {one.on or 'none'} {one.step}"


def _over(now: set[str], *, at: datetime) -> None:
    """What was asked for and is not so any more."""
    for task in still_open(Task.objects.filter(source__startswith=SOURCE)):
        if task.source not in now:
            tasks.done(source=task.source, by=None, at=at, result=tasks.NOT_NEEDED)


@transaction.atomic
def _ask(one: Lapse, *, at: datetime) -> int:
    locked(Patient, pk=one.course.patient_id)
    source = _about(one)
    if Task.objects.filter(source=source).exists():
        return 0
    role, permission, where = SEES_TO[one.kind]
    zone = one.course.site.zone
    today = due.today(zone, at)
    tasks.make(
        source=source,
        kind=TaskKind.OTHER,
        what=ASKS[one.kind] if one.on else "steering.task_no_visit",
        values={"on": one.on.isoformat()} if one.on else {},
        site=one.course.site,
        patient=one.course.patient,
        level=Level.BY,
        due=max(due.end_of(one.on, zone), today) if one.on else today,
        permission=permission,
        role=role,
        where=f"/patients/{one.course.patient_id}/{where}",
        by=None,
        at=at,
        via="clock",
    )
    return 1
