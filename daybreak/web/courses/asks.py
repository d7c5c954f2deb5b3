"""Which tasks come of a booking: what is missing before it, and the call when nobody came; and when are they over?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.knowledge.schedules import days
from daybreak.web import zones
from daybreak.web.courses import gates
from daybreak.web.courses.models import Booking, What
from daybreak.web.courses.state import standing
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.queries import still_open

SOURCE = "booking "


def missing(booking: Booking, *, by: Person | None, at: datetime) -> None:
    """Ask for each thing that is missing whoever gets it, unless they are asked already."""
    now = standing(booking)
    due = max(at + timedelta(hours=1), now.starts - timedelta(days=days("tentative")))
    asked = {one.source.rpartition(" ")[0] for one in _open(f"{SOURCE}{booking.id} ")}
    for gate in gates.missing([now], at=at)[booking.id]:
        if f"{SOURCE}{booking.id} {gate.id}" in asked:
            continue
        tasks.make(
            source=f"{SOURCE}{booking.id} {gate.id} {now.next}",
            kind=Kind.OTHER,
            what=gate.name,
            site=booking.site,
            patient=booking.patient,
            level=Level.BY,
            due=due,
            permission=gate.permission,
            role=gate.role,
            where=f"/patients/{booking.patient_id}/{gate.where}",
            by=by,
            at=at,
        )


def settle(*, at: datetime) -> int:
    """Close the tasks whose thing is there by now, or whose visit is over or lost; how many. The clock asks now and then."""
    waiting = _open(SOURCE)
    found = Booking.objects.filter(pk__in={UUID(one.source.split(" ")[1]) for one in waiting})
    rows = found.select_related("site", "patient", "course").prefetch_related("events__chair__room")
    visits = [standing(one, one.events.all()) for one in rows]
    ahead = [one for one in visits if not one.over and one.last != What.ARRIVED]
    lacks = {id: {gate.id for gate in found} for id, found in gates.missing(ahead, at=at).items()}
    count = 0
    for task in waiting:
        _, booking, gate, *_ = task.source.split(" ")
        if gate not in lacks.get(UUID(booking), ()):
            result = tasks.DONE if UUID(booking) in lacks else tasks.NOT_NEEDED
            count += tasks.done(source=task.source, by=None, at=at, result=result) is not None
    return count


def _open(source: str) -> list[Task]:
    return list(still_open(Task.objects.filter(source__startswith=source)).order_by("id"))


def call_today(booking: Booking, *, by: Person, at: datetime) -> None:
    """Whoever does not come is called the same day, and asked about suicide."""
    zone = Site.objects.values_list("zone", flat=True).get(pk=booking.site_id)
    tomorrow = zones.midnight(zones.day(at, zone) + timedelta(days=1), zone)
    tasks.make(
        source=f"no-show {booking.id}",
        kind=Kind.MISSED,
        what="courses.call_today",
        site=booking.site,
        patient=booking.patient,
        level=Level.TODAY,
        due=max(at + timedelta(hours=1), tomorrow - timedelta(minutes=1)),
        permission=Permission.READ_PATIENTS,
        role=Role.NURSE,
        where=f"/patients/{booking.patient_id}/forms/",
        by=by,
        at=at,
    )
