"""Who was treated at a site in a time, how did each treatment stand, and from when was each course under way?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Min, Q

from daybreak.clinical.treatment.events import GIVES, Event, What
from daybreak.clinical.treatment.session import State, fold
from daybreak.web import zones
from daybreak.web.courses.models import Course
from daybreak.web.patients.queries import all_together
from daybreak.web.people.models import Site
from daybreak.web.protocols import reading
from daybreak.web.treatment import payload
from daybreak.web.treatment.models import Session, SessionEvent

STATES = ("dissociation", "distress")  # the rows that tell how somebody is in their mind
_LEADS = (*GIVES, What.INFUSION_ENDED, What.STOPPED, What.PAUSED, What.ENDED, What.REOPENED, What.CORRECTED)


@dataclass(frozen=True, slots=True)
class Treatment:
    """One session in which something reached the patient. `person`: the same for two records of one person."""

    session: Session
    person: UUID
    events: tuple[Event, ...]
    state: State
    first: datetime

    @property
    def route(self) -> str:
        return str(reading.file(self.session.protocol)["route"])

    @property
    def infusion(self) -> bool:
        return any(one.what == What.INFUSION_STARTED for one in self.events)

    @property
    def most_mg(self) -> tuple[object, ...]:
        return tuple(one.mg_high for one in self.state.exposures)


@dataclass(frozen=True)
class Treated:
    """Everything of a time, both days counted, in order."""

    site: Site
    first: date
    last: date
    every: tuple[Treatment, ...]
    together: Mapping[UUID, list[UUID]]

    @cached_property
    def people(self) -> dict[UUID, list[Treatment]]:
        found: dict[UUID, list[Treatment]] = {}
        for one in self.every:
            found.setdefault(one.person, []).append(one)
        return found

    @cached_property
    def by_course(self) -> dict[UUID, list[Treatment]]:
        found: dict[UUID, list[Treatment]] = {}
        for one in self.every:
            found.setdefault(one.session.course_id, []).append(one)
        return found

    @cached_property
    def courses(self) -> dict[UUID, Course]:
        rows = Course.objects.filter(pk__in=self.by_course).select_related("decision", "end", "site", "patient")
        return {one.id: one for one in rows.prefetch_related("taken")}

    @cached_property
    def begun(self) -> dict[UUID, datetime]:
        """By course its first dose ever, also from before the time."""
        return _begun(Q(session__course__in=self.by_course))

    @cached_property
    def first_course(self) -> dict[UUID, Course]:
        """By person the course of their first treatment of the time."""
        return {person: self.courses[those[0].session.course_id] for person, those in self.people.items()}

    def records(self, person: UUID) -> list[UUID]:
        """The ids of all records that are this person."""
        return self.together[self.people[person][0].session.patient_id]


def _begun(which: Q) -> dict[UUID, datetime]:
    rows = SessionEvent.objects.filter(which, what__in=GIVES).values("session__course")
    return dict(rows.annotate(first=Min("happened")).values_list("session__course", "first"))


def in_course(courses: object) -> dict[UUID, int]:
    """By course in how many sessions something was given, ever."""
    rows = SessionEvent.objects.filter(session__course__in=courses, what__in=GIVES).values("session__course")
    return dict(rows.annotate(n=Count("session", distinct=True)).values_list("session__course", "n"))


def people_since(site: Site, first: date, last: date) -> int:
    """How many records have a treatment in that time; read without their events."""
    begins, ends = zones.midnight(first, site.zone), zones.midnight(last + timedelta(days=1), site.zone)
    given = SessionEvent.objects.filter(session__site=site, what__in=GIVES, happened__gte=begins, happened__lt=ends)
    return given.values("session__patient").distinct().count()


def treated(site: Site, first: date, last: date) -> Treated:
    """From that day to that day by the calendar of the site. Where a session was made the day before, it is looked at too."""
    day = timedelta(days=1)
    begins, ends = zones.midnight(first - day, site.zone), zones.midnight(last + 2 * day, site.zone)
    rows = {one.id: one for one in Session.objects.filter(site=site, created__gte=begins, created__lt=ends)}
    checks = Q(what=What.CHECK) & (Q(told__contains=f'"{STATES[0]}"') | Q(told__contains=f'"{STATES[1]}"'))
    told: dict[UUID, list[Event]] = {}
    events = SessionEvent.objects.filter(Q(session__in=rows) & (Q(what__in=_LEADS) | checks))
    for event in events.order_by("session", "seq"):
        told.setdefault(event.session_id, []).append(payload.event(event))
    together = all_together({one.patient_id for one in rows.values()})
    found = []
    for id, those in told.items():
        state = fold(those)
        begun = state.first_exposure
        if begun and first <= zones.day(begun, site.zone) <= last:
            found.append(Treatment(rows[id], min(together[rows[id].patient_id]), tuple(those), state, begun))
    found.sort(key=lambda one: (one.first, one.session.id))
    return Treated(site, first, last, tuple(found), together)
