"""What has to be there before a booking is firm, who gets it, and which of it is missing? (an app that has one adds its line)

Booking is always possible: what is missing makes it tentative. The dose itself is gated elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.module_loading import import_string

from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, Visit
from daybreak.web.courses.state import Standing
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.screening.hard import needs
from daybreak.web.screening.models import TREAT, Snapshot


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing: its sentence in `words.yaml`, whose task it is, what one needs to see it, below which page of the patient
    it is done, a function (by its dotted name) that says for which of several visits it is missing at a moment, and one
    that says for such a visit what the sentence names."""

    id: str
    name: str
    role: Role
    permission: Permission
    where: str
    missing: str
    visits: frozenset[Visit] = frozenset({Visit.TREATMENT})
    names: str = ""
    asked: bool = True  # by a task for each visit; what is missing of a whole site is asked for once, elsewhere

    def values(self, now: Standing) -> Mapping[str, str]:
        """What the sentence names, of a visit for which it was found missing."""
        return import_string(self.names)(now) if self.names else {}


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
        "apart",
        "courses.gate_apart",
        Role.PRESCRIBER,
        Permission.PLAN_COURSES,
        "course/",
        "daybreak.web.courses.apart.unsigned",
    ),
    Gate(
        "apart_unknown",
        "courses.gate_apart_unknown",
        Role.NURSE,
        Permission.READ_PATIENTS,
        "",
        "daybreak.web.courses.apart.unknown",
    ),
    Gate(
        "apart_soon",
        "courses.gate_apart_soon",
        Role.PRESCRIBER,
        Permission.PLAN_COURSES,
        "course/",
        "daybreak.web.courses.apart.soon",
    ),
    Gate(
        "near",
        "courses.gate_near",
        Role.PRESCRIBER,
        Permission.PLAN_COURSES,
        "course/",
        "daybreak.web.courses.near.near",
        names="daybreak.web.courses.near.told",
    ),
    Gate(
        "same_day",
        "courses.gate_same_day",
        Role.PRESCRIBER,
        Permission.PLAN_COURSES,
        "course/",
        "daybreak.web.courses.near.same_day",
        names="daybreak.web.courses.near.told_day",
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
        "consent",
        "consent.not_for_this_day",
        Role.NURSE,
        Permission.READ_PATIENTS,
        "consents/",
        "daybreak.web.consent.gate.no_consent",
    ),
    Gate(
        "rems_site",
        "rems.gate_site",
        Role.PRESCRIBER,
        Permission.RUN_SESSIONS,
        "rems/",
        "daybreak.web.rems.gate.no_site",
        asked=False,
    ),
    Gate(
        "rems_patient",
        "rems.gate_patient",
        Role.NURSE,
        Permission.RUN_SESSIONS,
        "rems/",
        "daybreak.web.rems.gate.no_patient",
    ),
    Gate(
        "judgement",
        "steering.gate_judgement",
        Role.PRESCRIBER,
        Permission.PLAN_COURSES,
        "judgement/",
        "daybreak.web.steering.gate.unjudged",
        asked=False,
    ),
    Gate(
        "language",
        "courses.gate_language",
        Role.FRONT_DESK,
        Permission.FIND_PATIENTS,
        "details/",
        "daybreak.web.courses.gates.no_language",
        frozenset(Visit),
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
    Gate(
        "chair",
        "courses.gate_chair",
        Role.FRONT_DESK,
        Permission.FIND_PATIENTS,
        "course/",
        "daybreak.web.courses.chairs.lost",
        frozenset(Visit),
    ),
)


def missing(visits: Sequence[Standing], *, at: datetime) -> dict[UUID, list[Gate]]:
    """What is not there yet, by booking; of many with as few queries as of one."""
    who.with_courses(visits)
    found: dict[UUID, list[Gate]] = {one.booking.id: [] for one in visits}
    for gate in GATES:
        asked = [one for one in visits if one.booking.visit in gate.visits]
        absent: set[UUID] = import_string(gate.missing)(asked, at=at) if asked else set()
        for id in absent:
            found[id].append(gate)
    return found


def decided(patient_ids: Iterable[UUID], site_ids: Iterable[UUID], protocol: str) -> Snapshot | None:
    """The newest signed decision under the protocol at one of the sites that is to treat and needs nobody else's signature.

    A newer one at the same site takes its place, whatever it says.
    """
    newest: dict[UUID, Snapshot] = {}
    for row in _newest(patient_ids).filter(site__in=list(site_ids), protocol=protocol):
        newest.setdefault(row.site_id, row)
    return next((row for row in newest.values() if _final(row)), None)


def decided_protocols(patient_ids: Iterable[UUID], site_ids: Iterable[UUID], *, since: datetime | None) -> set[str]:
    """The protocols under which there is such a decision at any of the sites, signed after that moment, by one query."""
    newest: dict[tuple[UUID, str], Snapshot] = {}
    for row in _newest(patient_ids).filter(site__in=list(site_ids)):
        newest.setdefault((row.site_id, row.protocol), row)
    return {protocol for (_, protocol), row in newest.items() if _final(row) and (since is None or row.created > since)}


def no_decision(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which is there no signed decision to treat under the protocol of the course?"""
    newest: dict[tuple[UUID, UUID, str], Snapshot] = {}
    records = who.together([one for one in visits if one.booking.course])
    for row in _newest({id for those in records.values() for id in those}):
        newest.setdefault((row.patient_id, row.site_id, row.protocol), row)

    def signed(booking: Booking) -> bool:
        course = booking.course
        if course is None:
            return False
        found = [newest.get((id, booking.site_id, course.protocol)) for id in records[booking.patient_id]]
        row = max((one for one in found if one), key=lambda one: one.pk, default=None)
        return row is not None and _final(row)

    return {one.booking.id for one in visits if not signed(one.booking)}


def no_language(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which does nobody know whether an interpreter is needed, because no language is written down?"""
    spoken = _spoken(visits)
    return {one.booking.id for one in visits if not one.interpreter and not spoken.get(one.booking.patient_id)}


def no_interpreter(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which does the patient speak another language than English, without somebody named who interprets and is not
    the escort? That our pages are in a language says nothing of the staff; nor is an unknown wording taken for English."""
    spoken = _spoken(visits)
    return {
        one.booking.id
        for one in visits
        if (not one.interpreter or one.goes_with(one.interpreter))
        and spoken.get(one.booking.patient_id, "") not in {"", *ENGLISH}
    }


def _spoken(visits: Sequence[Standing]) -> dict[UUID, str]:
    return {id: row.language.strip().casefold() for id, row in who.details(visits).items()}


def _newest(patient_ids: Iterable[UUID]) -> QuerySet[Snapshot]:
    found = Snapshot.objects.filter(patient__in=list(patient_ids)).defer("content").select_related("second")
    return found.order_by("-id")


def _final(row: Snapshot) -> bool:
    return row.outcome == TREAT and (not needs(row) or hasattr(row, "second"))


ENGLISH = frozenset({"english", "en", "en-us", "en-gb", "英语", "英語", "英文"})
