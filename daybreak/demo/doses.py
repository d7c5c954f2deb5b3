"""Which doses does the demo's clinic give: what it signed for infusions, a dose for each course, and a higher one on the way?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from daybreak.web import ids, zones
from daybreak.web.courses.models import Course
from daybreak.web.dosing import actions, figures, queries, worked
from daybreak.web.dosing.worked import Typed
from daybreak.web.people.models import Person, Site

FIRST, HIGHER = Decimal(56), Decimal(84)
SIGNED = figures.Typed("60", "0.2", "2", "A made-up clinic")


def sign(site: Site, *, by: Person, at: datetime) -> None:
    """The highest infusion, and between which concentrations it lies."""
    figures.sign(site, "ketamine-iv", SIGNED, seen=None, by=by, at=at, key=ids.new())


def order(course: Course, mg: Decimal, *, by: Person, at: datetime) -> None:
    """The prescriber orders so much of the spray for the treatments of the course, as the page shows it."""
    typed = Typed(course.protocol, mg, "mg", "actual", None, "", None, None, None, None)
    ground = worked.ground(course, course.patient, day=zones.day(at, course.site.zone))
    last = queries.newest(course, None)
    told = {"seen": worked.seen(typed, ground.plan(typed)), "replaces": last and last.id, "language": "en"}
    actions.order(course, typed, booking=None, reason="", **told, by=by, at=at, key=ids.new())
