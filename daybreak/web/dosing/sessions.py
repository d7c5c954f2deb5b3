"""What was given in the sessions here: how much each patient may have got at the least and at the most, and what was seen?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from uuid import UUID

from daybreak.clinical.treatment.dosing import MG_PER_KG
from daybreak.clinical.treatment.session import Exposure, State
from daybreak.web import zones
from daybreak.web.courses.apart import product
from daybreak.web.dosing.given import Dose
from daybreak.web.dosing.models import Order
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.treatment import queries
from daybreak.web.treatment.queries import Now

ROW = "dissociation"
ZERO = Decimal(0)


def given(patient: Patient, entries: Iterable[Entry]) -> Iterator[Dose]:
    """One dose for each session in which something was, or may have been given."""
    every = [one for one in queries.of(patients.together(patient)) if one.state.exposed]
    orders = _orders({one.session.course_id for one in every}) if every else []
    for one in every:
        low, high = _bounds(one.state.exposures)
        begun, course = one.state.first_exposure, one.session.course
        assert begun is not None
        yield Dose(
            day=zones.day(begun, one.session.site.zone),
            product=product(course.protocol),
            route=one.state.exposures[0].route,
            low_mg=low,
            high_mg=high,
            mg_per_kg=_per_kg(one, orders, low if low == high else None),
            dissociation=_worst(one.state),
        )


def _bounds(exposures: Sequence[Exposure]) -> tuple[Decimal | None, Decimal | None]:
    """All of them together; None where of one nobody knows the most, or the least is told of none."""
    if any(one.mg_high is None for one in exposures):
        return None, None
    low = sum((one.mg_low or ZERO for one in exposures), ZERO)
    return low, sum((one.mg_high or ZERO for one in exposures), ZERO)


def _orders(courses: set[UUID]) -> list[Order]:
    return list(Order.objects.filter(course__in=courses, over=False).order_by("-created", "-id"))


def _per_kg(now: Now, orders: Sequence[Order], mg: Decimal | None) -> Decimal | None:
    """As it was ordered by weight, when exactly that was given; else nobody wrote it down."""
    begun, session = now.state.first_exposure, now.session
    mine = [
        one
        for one in orders
        if one.course_id == session.course_id
        and one.booking_id in (None, session.booking_id)
        and begun is not None
        and one.created <= begun
    ]
    order = next((one for one in mine if one.booking_id), mine[0] if mine else None)
    if order is None or order.unit != MG_PER_KG or mg is None or Decimal(order.dose_mg) != mg:
        return None
    return Decimal(order.amount)


def _worst(state: State) -> int | None:
    found = [value for one in state.checks if one.row == ROW and (value := _whole(one.value)) is not None]
    return max(found, default=None)


def _whole(value: object) -> int | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == int(number) else None
