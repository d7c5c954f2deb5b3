"""What has to be there before a booking is firm, who gets it, and which of it is missing? (an app that has one adds its line)

Booking is always possible: what is missing makes it tentative. The dose itself is gated elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import import_string

from daybreak.web.courses.models import Booking, Visit
from daybreak.web.patients.queries import details
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.screening.hard import needs
from daybreak.web.screening.models import TREAT, Snapshot


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing: its sentence in `words.yaml`, whose task it is, what one needs to see it, below which page of the patient
    it is done, and a function (by its dotted name) that says whether it is missing at a moment."""

    id: str
    name: str
    role: Role
    permission: Permission
    where: str
    missing: str
    visits: frozenset[Visit] = frozenset({Visit.TREATMENT})


GATES = (
    Gate(
        "decision",
        "courses.gate_decision",
        Role.PRESCRIBER,
        Permission.READ_SCREENING,
        "screening/",
        "daybreak.web.courses.gates.no_decision",
    ),
    Gate(
        "payment",
        "authorisation.nobody_pays",
        Role.FRONT_DESK,
        Permission.AUTHORISATIONS,
        "authorisations/",
        "daybreak.web.authorisation.gate.nobody_pays",
    ),
    Gate(
        "interpreter",
        "courses.gate_interpreter",
        Role.FRONT_DESK,
        Permission.FIND_PATIENTS,
        "course/",
        "daybreak.web.courses.gates.no_interpreter",
        frozenset(Visit),
    ),
)


def missing(booking: Booking, *, at: datetime) -> list[Gate]:
    """What is not there yet."""
    found = (gate for gate in GATES if booking.visit in gate.visits)
    return [gate for gate in found if _function(gate)(booking, at=at)]


def _function(gate: Gate) -> Callable[..., bool]:
    return import_string(gate.missing)  # type: ignore[no-any-return]


def decided(patient_ids: Iterable[object], site_id: object, protocol: str) -> Snapshot | None:
    """The newest signed decision under the protocol, when it is to treat and needs nobody else's signature."""
    newest = (
        Snapshot.objects.filter(patient__in=list(patient_ids), site=site_id, protocol=protocol)
        .defer("content")
        .select_related("second")
        .order_by("-id")
        .first()
    )
    if newest is None or newest.outcome != TREAT:
        return None
    return newest if not needs(newest) or hasattr(newest, "second") else None


def no_decision(booking: Booking, *, at: datetime) -> bool:
    """Is there no signed decision to treat under the protocol of the course?"""
    course = booking.course
    return course is None or decided([booking.patient_id], booking.site_id, course.protocol) is None


def no_interpreter(booking: Booking, *, at: datetime) -> bool:
    """Does the patient speak a language that the clinic's pages do not, without an interpreter booked?"""
    language = details(booking.patient).language.strip()
    return bool(language) and not booking.interpreter and language.casefold() not in OURS


OURS = frozenset({"english", "en", "英语", "英文"})
