"""Who waits at a site, which time is free for them, and who is next?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from daybreak.web import zones
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Booking, BookingEvent, Course
from daybreak.web.courses.state import Standing, standing
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.reach import posting
from daybreak.web.reach.models import Reach
from daybreak.web.reach.queries import stopped
from daybreak.web.referral.models import Event as Referred
from daybreak.web.referral.models import What as Came
from daybreak.web.waitlist.models import ENDS, Event, What, Wish
from daybreak.web.waitlist.slots import Slot, freed, suits
from daybreak.web.waitlist.state import State, state

Waiting = tuple[Wish, State]


@dataclass(frozen=True, slots=True)
class Free:
    """Free time, who has it offered now, and otherwise who is next."""

    slot: Slot
    offered: Waiting | None
    next: Waiting | None


@dataclass(frozen=True, slots=True)
class Waitlist:
    """Of one site: who waits, the longest first, and the free time."""

    waiting: list[Waiting]
    free: list[Free]


def waitlist(site: Site, *, at: datetime) -> Waitlist:
    """The longest waiting comes first; whoever was offered a time once is not offered it again."""
    waiting = _waiting(site)
    today = zones.midnight(zones.day(at, site.zone), site.zone)
    soon = BookingEvent.objects.filter(ends__gt=today, booking__site=site).values("booking")
    rows = Booking.objects.filter(pk__in=soon).select_related("course", "patient", "site")
    visits = [standing(one, one.events.all()) for one in rows.prefetch_related(courses.EVENTS)]
    taken: dict[UUID, list[Standing]] = {}
    for one in visits:
        taken.setdefault(one.booking.patient_id, []).append(one)
    away = stopped([wish.patient_id for wish, _ in waiting])
    able = [one for one in waiting if one[0].patient_id not in away]
    free = []
    for slot in freed(visits, courses.chairs([site.id]), at=at):
        offered = next((one for one in able if _holds(one[1], slot, at)), None)
        fits = [
            one
            for one in able
            if offered is None
            and not one[1].held(at)
            and not one[1].had(slot.chair.id, slot.starts, slot.ends)
            and suits(one[0], slot, zone=ZoneInfo(site.zone), taken=taken)
        ]
        free.append(Free(slot, offered, fits[0] if fits else None))
    return Waitlist(waiting, free)


def still_waiting() -> QuerySet[Wish]:
    """The wishes that neither came true nor were withdrawn, and whose course is not over."""
    ended = Event.objects.filter(wish=OuterRef("pk"), what__in=ENDS)
    return Wish.objects.filter(~Exists(ended)).exclude(booking__course__end__isnull=False)


def of(patient: Patient) -> list[Waiting]:
    """Every wish of a patient, the newest first."""
    found = Wish.objects.filter(patient__in=patients.together(patient)).select_related("site", "by", "booking")
    return [(one, state(one, one.events.all())) for one in found.prefetch_related(EVENTS).order_by("-id")]


def may_wait(patient: Patient, site_id: UUID) -> bool:
    """Is there an open course at the site, or a referral to it that was accepted?"""
    records = patients.together(patient)
    if Course.objects.filter(patient__in=records, site=site_id, end__isnull=True).exists():
        return True
    theirs = Referred.objects.filter(what=Came.PATIENT, patient__in=records, referral__site=site_id)
    return Referred.objects.filter(what=Came.ACCEPTED, referral__in=theirs.values("referral")).exists()


def ahead(patient: Patient, site_id: UUID, *, at: datetime) -> list[Standing]:
    """The visits of a patient at a site that have not begun, by time."""
    found = [one for one in courses.of(patient) if one.booking.site_id == site_id and one.starts > at and not one.over]
    return sorted(found, key=lambda one: one.starts)


def offers_of(patient_ids: Iterable[UUID]) -> list[UUID]:
    """The offers to these patients: what a link to one is about."""
    found = Event.objects.filter(what=What.OFFERED, wish__patient__in=list(patient_ids))
    return list(found.values_list("id", flat=True))


def written_to(patient_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these patients who may be written to, by one query."""
    found = Reach.objects.filter(patient__in=list(patient_ids), replaced_by__isnull=True)
    return {one.patient_id for one in found if posting.way(one)}


def _waiting(site: Site) -> list[Waiting]:
    found = still_waiting().filter(Q(site=site)).select_related("patient", "site", "booking__course")
    return [(one, state(one, one.events.all())) for one in found.prefetch_related(EVENTS).order_by("created", "id")]


def _holds(now: State, slot: Slot, at: datetime) -> bool:
    offer = now.held(at)
    return bool(offer and offer.chair_id == slot.chair.id and offer.starts < slot.ends and slot.starts < offer.ends)


EVENTS = Prefetch("events", Event.objects.select_related("chair__room", "by"))
