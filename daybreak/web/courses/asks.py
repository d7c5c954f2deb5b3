"""Which tasks come of a booking: what is missing before it, and the call when nobody came; and when are they over?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch

from daybreak.knowledge.schedules import days
from daybreak.web.courses import gates
from daybreak.web.courses.gates import Gate
from daybreak.web.courses.models import Booking, BookingEvent, What
from daybreak.web.courses.state import Standing, standing, standings
from daybreak.web.locks import locked
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import queries as reach
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Event, Kind, Level, Task
from daybreak.web.tasks.models import What as Done
from daybreak.web.tasks.queries import still_open

SOURCE, MISSED = "booking ", "no-show "
AT_ONCE = 500  # bookings that are looked at together


def missing(booking: Booking, *, by: Person | None, at: datetime) -> None:
    """Ask for each thing that is missing whoever gets it, unless they are asked already, by the words of now."""
    now = standing(booking)
    asked = _asked([now])
    for gate in _asks(gates.missing([now], at=at)[booking.id]):
        task = asked.get((booking.id, gate.id))
        if task is None or _closed(task) or _outdated(task, now, gate):
            _ask(now, gate, instead=task, by=by, at=at)


def anew(*, at: datetime) -> int:
    """Ask once more for what was there, or done, and is not there now, for every visit that lies ahead; how many times.

    The clock looks. What somebody said is not needed for a visit is not asked for again.
    """
    found = sorted(set(BookingEvent.objects.filter(starts__gt=at).values_list("booking", flat=True)))
    return sum(_anew_of(found[n : n + AT_ONCE], at=at) for n in range(0, len(found), AT_ONCE))


def _anew_of(bookings: Collection[UUID], *, at: datetime) -> int:
    ahead = [one for one in _standings(bookings) if _waits(one) and one.starts > at]
    asked, lacking = _asked(ahead), gates.missing(ahead, at=at)
    lost = [one for one in ahead if any(_again(asked, one, gate) for gate in _asks(lacking[one.booking.id]))]
    return sum(_anew(one.booking, at=at) for one in lost)


@transaction.atomic
def _anew(booking: Booking, *, at: datetime) -> int:
    booking.patient = locked(Patient, pk=booking.patient_id)
    now = standing(booking)
    if not _waits(now):
        return 0
    asked = _asked([now])
    lost = [gate for gate in _asks(gates.missing([now], at=at)[booking.id]) if _again(asked, now, gate)]
    for gate in lost:
        _ask(now, gate, instead=asked.get((now.booking.id, gate.id)), by=None, at=at, via="clock")
    return len(lost)


def settle(*, at: datetime) -> int:
    """Close the tasks whose thing is there by now, or whose visit is over or lost; how many. The clock asks now and then."""
    waiting = list(still_open(Task.objects.filter(source__startswith=SOURCE)).order_by("id"))
    visits = _standings({_key(one)[0] for one in waiting})
    lacks = {
        id: {gate.id for gate in found}
        for id, found in gates.missing([one for one in visits if _waits(one)], at=at).items()
    }
    count = 0
    for task in waiting:
        booking, gate = _key(task)
        if gate not in lacks.get(booking, ()):
            result = tasks.DONE if booking in lacks else tasks.NOT_NEEDED
            count += tasks.done(source=task.source, by=None, at=at, result=result) is not None
    return count


def call_today(booking: Booking, *, by: Person, at: datetime) -> None:
    """Whoever does not come is called the same day, and asked about suicide; of whom it is written that they died, nobody is."""
    if reach.died(booking.patient_id):
        return
    before = Task.objects.filter(source__startswith=f"{MISSED}{booking.id}").count()  # taken back, and so again
    tasks.make(
        source=f"{MISSED}{booking.id}" + (f" {before + 1}" if before else ""),
        kind=Kind.MISSED,
        what="courses.call_today",
        site=booking.site,
        patient=booking.patient,
        level=Level.TODAY,
        due=due.today(Site.objects.values_list("zone", flat=True).get(pk=booking.site_id), at),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        where=f"/patients/{booking.patient_id}/forms/",
        by=by,
        at=at,
    )


def came_after_all(booking: Booking, *, text: str, by: Person, at: datetime) -> None:
    """That they did not come was a mistake: the call is not needed, and its task says why."""
    for task in still_open(Task.objects.filter(source__startswith=f"{MISSED}{booking.id}")):
        tasks.done(source=task.source, by=by, at=at, result=tasks.NOT_NEEDED, text=text)


def _ask(now: Standing, gate: Gate, *, instead: Task | None, by: Person | None, at: datetime, via: str = "web") -> None:
    booking = now.booking
    if instead and not _closed(instead):
        tasks.done(source=instead.source, by=None, at=at, result=tasks.NOT_NEEDED)
    source = f"{SOURCE}{booking.id} {gate.id} {now.next}"
    if before := Task.objects.filter(source__startswith=source).count():
        source += f".{before}"  # asked before, since the booking was last touched
    tasks.make(
        source=source,
        kind=Kind.OTHER,
        what=gate.name,
        values=gate.values(now),
        site=booking.site,
        patient=booking.patient,
        level=Level.BY,
        due=due.before(now.starts, lead=timedelta(days=days("tentative")), at=at),
        permission=gate.permission,
        role=gate.role,
        where=f"/patients/{booking.patient_id}/{gate.where}",
        by=by,
        at=at,
        via=via,
    )


def _asks(found: Iterable[Gate]) -> list[Gate]:
    return [gate for gate in found if gate.asked]


def _standings(bookings: Collection[UUID]) -> list[Standing]:
    return standings(Booking.objects.filter(pk__in=bookings))


def _waits(now: Standing) -> bool:
    return not now.over and now.last != What.ARRIVED


def _asked(visits: Iterable[Standing]) -> dict[tuple[UUID, str], Task]:
    """By booking and what is missing, the task that asked for it last, with what closed it."""
    patients = {one.booking.patient_id for one in visits}
    closing = Prefetch("events", Event.objects.filter(what=Done.CLOSED), to_attr="closings")
    found = Task.objects.filter(patient__in=patients, source__startswith=SOURCE)
    return {_key(one): one for one in found.prefetch_related(closing).order_by("id")}


def _again(asked: dict[tuple[UUID, str], Task], now: Standing, gate: Gate) -> bool:
    """Was it never asked for, in other words than those of now, or is the task done and the thing gone?"""
    task = asked.get((now.booking.id, gate.id))
    if task is None or _outdated(task, now, gate):
        return True
    closed = _closed(task)
    return closed is not None and (closed.result == tasks.DONE or closed.by_id is None)


def _outdated(task: Task, now: Standing, gate: Gate) -> bool:
    return not _closed(task) and json.loads(task.values) != gate.values(now)


def _closed(task: Task) -> Event | None:
    return next(iter(task.closings), None)  # type: ignore[attr-defined]


def _key(task: Task) -> tuple[UUID, str]:
    _, booking, gate, *_ = task.source.split(" ")
    return UUID(booking), gate
