"""Which visits are there on a day or of a patient, what is missing for each, and where may one still sit?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, Subquery

from daybreak.clinical.courses.plan import Slip, slips
from daybreak.knowledge.schedules import days
from daybreak.web import zones
from daybreak.web.courses.models import Booking, BookingEvent, Chair, ChairBed, Course, Visit, What
from daybreak.web.courses.plans import plan
from daybreak.web.courses.state import Standing, standings
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site

# Each with where it is, by one query.
EVENTS = Prefetch("events", BookingEvent.objects.select_related("chair__room"))


def on(site: Site, day: date) -> list[Standing]:
    """Every visit of a site on a day of its zone, also those that were cancelled, by time."""
    begins = zones.midnight(day, site.zone)
    ends = zones.midnight(day + timedelta(days=1), site.zone)
    touched = BookingEvent.objects.filter(starts__lt=ends, starts__gte=begins, booking__site=site).values("booking")
    every = standings(Booking.objects.filter(pk__in=touched))
    return sorted((one for one in every if begins <= one.starts < ends), key=lambda one: (one.starts, one.chair.name))


def of(patient: Patient) -> list[Standing]:
    """Every visit of a patient, of all records that are read as one, the newest first."""
    records = patients.together(patient)
    every = sorted(standings(Booking.objects.filter(patient__in=records)), key=lambda one: one.starts, reverse=True)
    treatments = [one for one in reversed(every) if one.booking.visit == Visit.TREATMENT]
    for one in every:
        one.read["treatments"] = treatments
        if one.booking.patient_id == patient.pk:
            one.booking.patient = patient  # which knows its records
    return every


def chairs(site_ids: Iterable[UUID]) -> list[Chair]:
    """The chairs that take bookings, by room and name; `bed`: whether it has one, None when nobody said."""
    beds = ChairBed.objects.filter(chair=OuterRef("pk")).order_by("-created", "-id")
    found = Chair.objects.filter(room__site__in=list(site_ids), room__closed__isnull=True, end__isnull=True)
    found = found.annotate(bed=Subquery(beds.values("there")[:1]))
    return list(found.select_related("room", "room__site").order_by("room__site__name", "room__name", "name"))


def open_course(patient: Patient) -> Course | None:
    """The course that is not over."""
    found = Course.objects.filter(Q(patient__in=patients.together(patient)), end__isnull=True)
    return found.select_related("site", "by").order_by("-id").first()


def where(patient: Patient) -> Site:
    """The site where they are treated, or were last; else where they were registered first."""
    course = Course.objects.filter(patient=patient).select_related("site").order_by("-created").first()
    return course.site if course else patient.registrations.select_related("site").order_by("id")[0].site


def courses(patient: Patient) -> list[Course]:
    """Every course, the newest first; those that are over have an `end`."""
    found = Course.objects.filter(patient__in=patients.together(patient))
    return list(found.select_related("site", "end", "end__by", "by").prefetch_related("taken__by").order_by("-id"))


def next_step(course: Course, visits: Iterable[Standing]) -> int | None:
    """The first visit of the plan that is neither booked nor done; None when there is none."""
    done = {one.booking.step for one in visits if one.booking.course_id == course.pk and not one.free}
    return next((one.n for one in plan(course) if one.n not in done), None)


def slipped(course: Course, visits: Iterable[Standing], *, at: datetime) -> dict[int, Slip]:
    """By step, where the course has slipped from its plan. A visit that was booked for no step is none of the plan."""
    zone = course.site.zone
    came = {
        one.booking.step: zones.day(one.starts, zone)
        for one in visits
        if one.booking.course_id == course.pk and one.booking.step and one.last in (What.ARRIVED, What.LEFT)
    }
    found = slips(plan(course), came, today=zones.day(at, zone), window=days("window"))
    return {one.step.n: one for one in found}


def bookings_of(patient_ids: Iterable[UUID]) -> list[UUID]:
    """The visits of these patients: what a link about a visit is about."""
    return list(Booking.objects.filter(patient__in=list(patient_ids)).values_list("id", flat=True))


def escorted_last(booking: Booking) -> BookingEvent | None:
    """Who took the patient home from another visit, as it was said last: with a name."""
    found = BookingEvent.objects.filter(booking__patient=booking.patient_id, what=What.WAY_HOME).exclude(with_name="")
    return found.exclude(booking=booking).order_by("-created", "-id").first()
