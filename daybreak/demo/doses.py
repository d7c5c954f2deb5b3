"""Which doses does the demo's clinic give: what it signed for infusions, a dose for each course, and a higher one on the way?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from daybreak.clinical.records import Observation, on
from daybreak.web import ids, zones
from daybreak.web.courses.models import Course
from daybreak.web.dosing import actions, figures, queries, worked
from daybreak.web.dosing.models import RECORD
from daybreak.web.dosing.worked import Typed
from daybreak.web.patients import actions as charts
from daybreak.web.patients import weights
from daybreak.web.people.models import Person, Site

FIRST, HIGHER = Decimal(56), Decimal(84)
USUAL, KG, MG_PER_ML, MINUTES = (Decimal("0.5"), "mg/kg"), Decimal(70), Decimal(1), 40
SIGNED = figures.Typed("60", "0.2", "2", "A made-up clinic")


def sign(site: Site, *, by: Person, at: datetime) -> None:
    """The highest infusion, and between which concentrations it lies."""
    figures.sign(site, "ketamine-iv", SIGNED, seen=None, by=by, at=at, key=ids.new())


def order_infusion(course: Course, *, nurse: Person, by: Person, at: datetime) -> None:
    """Half a milligram for each kilogram in forty minutes, after somebody was weighed."""
    day = zones.day(at, course.site.zone)
    weighed = Observation("", weights.WEIGHT, KG, on(day), at)
    charts.add(course.patient, weighed, by=nurse, at=at, key=ids.new())
    _order(course, Typed("ketamine-iv", *USUAL, "actual", KG, RECORD, day, None, MG_PER_ML, MINUTES), by=by, at=at)


def order(course: Course, mg: Decimal, *, by: Person, at: datetime) -> None:
    """The prescriber orders so much of the spray for the treatments of the course, as the page shows it."""
    _order(course, Typed(course.protocol, mg, "mg", "actual", None, "", None, None, None, None), by=by, at=at)


def _order(course: Course, typed: Typed, *, by: Person, at: datetime) -> None:
    ground = worked.ground(course, course.patient, day=zones.day(at, course.site.zone))
    last = queries.newest(course, None)
    told = {"seen": worked.seen(typed, ground.plan(typed)), "replaces": last and last.id, "language": "en"}
    actions.order(course, typed, booking=None, reason="", **told, by=by, at=at, key=ids.new())
