"""Who was treated, in which courses: the rows of people and of courses as the registry counts them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Min, Q

from daybreak.clinical.treatment.events import GIVES
from daybreak.outcomes import tables
from daybreak.web import zones
from daybreak.web.consent.models import Talk
from daybreak.web.consent.queries import VALID, newest, state, with_signatures
from daybreak.web.courses.models import Course
from daybreak.web.courses.plans import plan
from daybreak.web.patients.models import Details
from daybreak.web.patients.queries import all_together
from daybreak.web.people.models import Site
from daybreak.web.protocols import reading

CONSENT = "registry"  # the document by which somebody agrees


@dataclass(frozen=True, slots=True)
class Treated:
    """The courses of some sites: each row, and by course the phase of each step of its plan. `person`: by record, the one id
    of everybody whose records are read as one."""

    courses: tuple[tables.Course, ...]
    phases: Mapping[UUID, Mapping[int, str]]
    person: Mapping[UUID, UUID]


def treated(sites: Collection[Site]) -> Treated:
    """Every course that began at one of these sites. Whether it is somebody's first is counted over all sites."""
    zone = {one.id: one.zone for one in sites}
    here = list(Course.objects.filter(site__in=zone).select_related("end", "site").order_by("created", "id"))
    together = all_together({one.patient_id for one in here})
    person = {each: min(ids) for ids in together.values() for each in ids}
    every = Course.objects.filter(patient__in=list(person)).annotate(
        first=Min("sessions__events__happened", filter=Q(sessions__events__what__in=GIVES))
    )
    begun: dict[UUID, datetime | None] = {}
    order: dict[UUID, list[UUID]] = {}
    for one in every.order_by("created", "id"):
        begun[one.id] = one.first
        if one.first is not None:
            order.setdefault(person[one.patient_id], []).append(one.id)
    rows = []
    for one in here:
        before = order.get(person[one.patient_id], [])
        number = before.index(one.id) + 1 if one.id in before else len(before) + 1
        rows.append(_row(one, person[one.patient_id], number, _day(begun[one.id], one.site.zone)))
    return Treated(tuple(rows), {one.id: {step.n: step.phase for step in plan(one)} for one in here}, person)


def _row(one: Course, person: UUID, number: int, started: date | None) -> tables.Course:
    file, end = reading.file(one.protocol), getattr(one, "end", None)
    return tables.Course(
        course=str(one.id),
        patient=str(person),
        site=str(one.site_id),
        number=number,
        protocol=one.protocol,
        product=str(file["product"]),
        route=str(file["route"]),
        started=started,
        ended=end and zones.day(end.created, one.site.zone),
        end_reason=end and end.reason,
    )


def _day(at: datetime | None, zone: str) -> date | None:
    return None if at is None else zones.day(at, zone)


def patients(of: Treated, *, at: datetime) -> Iterator[tables.Patient]:
    """Everybody of these courses, once; two records of one person are told by the first."""
    first = {one.patient: one.site for one in reversed(of.courses)}
    agreed = volunteers(of.person, at=at)
    rows = Details.objects.filter(patient__in={UUID(id) for id in first}, replaced_by__isnull=True)
    for one in rows.order_by("patient").iterator():
        id = str(one.patient_id)
        yield tables.Patient(
            patient=id,
            site=first[id],
            birth_year=int(one.birth[:4]) if one.birth else None,
            sex=one.sex or None,
            language=one.language or None,
            volunteer=id in agreed,
        )


def volunteers(person: Mapping[UUID, UUID], *, at: datetime) -> set[str]:
    """Whose consent to the registry holds at this moment, by the id of the person."""
    records: dict[UUID, set[UUID]] = {}
    for record, id in person.items():
        records.setdefault(id, {id}).add(record)
    told: dict[UUID, list[Talk]] = {}
    for talk in with_signatures({each: tuple(those) for those in records.values() for each in those}):
        if talk.document == CONSENT:
            told.setdefault(person[talk.patient_id], []).append(talk)
    return {str(id) for id, talks in told.items() if any(state(one, at=at) == VALID for one in newest(talks))}
