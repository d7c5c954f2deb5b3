"""What does a nurse of the demo do at a chair, from the check-in to the way home? By the action that a tap would use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.clinical.records import Observation, on
from daybreak.clinical.treatment.events import Outcome, What
from daybreak.demo.staff import HARBOUR, MILL, TEAMS
from daybreak.knowledge import sessions
from daybreak.web import ids, zones
from daybreak.web.bedside import actions as bedside
from daybreak.web.bedside import queries as devices
from daybreak.web.courses import actions as courses
from daybreak.web.courses import queries as booked
from daybreak.web.courses.models import WayHome
from daybreak.web.cupboard.models import Lot
from daybreak.web.patients import actions as charts
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, alarms, ordered, queries, signed, stock
from daybreak.web.treatment.models import Session

SPRAYS, VIAL = {HARBOUR: "24A007", MILL: "24A009"}, "KT5512"
PUMP = {"rate": "52.5", "weight": "70", "scale": "70.4", "minutes": "40", "concentration": "1"}  # as it shows
JO = {"name": "Jo", "phone": "555-9999"}
RISK = "c-ssrs-screen.risk"


class Chair:
    """One patient of today, and who looks after them."""

    def __init__(self, patient: Patient, site: Site) -> None:
        self.patient, self.site = patient, site
        team = TEAMS[site.name]
        of = {one.login: one for one in Person.objects.all()}
        self.nurse, self.doctor, self.desk = (of[one.login] for one in (team.nurse, team.prescriber, team.desk))

    @property
    def session(self) -> Session:
        """The newest."""
        found: Session = Session.objects.filter(patient=self.patient).latest("created")
        return found

    def happens(self, what: What, at: datetime, key: UUID, **told: Any) -> None:
        """As the nurse tells it."""
        actions.act(self.session, what, told, by=self.nurse, at=at, key=key)


Do = Callable[[Chair, datetime, UUID], None]


def comes(chair: Chair, at: datetime, key: UUID) -> None:
    """The patient is here, and it is known how they get home."""
    (now,) = [
        one for one in booked.on(chair.site, zones.day(at, chair.site.zone)) if one.booking.patient == chair.patient
    ]
    actions.begin(now.booking, by=chair.nurse, at=at, key=key)
    told = {**JO, "seen": now.next + 1, "by": chair.desk, "at": at, "key": ids.derived(key, 1)}
    courses.way_home(now.booking, WayHome.ACCOMPANIED, **told)
    is_asked_about_risk(chair, at, ids.derived(key, 2))


def is_asked_about_risk(chair: Chair, at: datetime, key: UUID) -> None:
    """The screener of the day; nothing worries whoever asks."""
    calm = Observation("", RISK, "none", on(zones.day(at, chair.site.zone)), at)
    charts.add(chair.patient, calm, by=chair.nurse, at=at, key=key)


def is_who(chair: Chair, at: datetime, key: UUID) -> None:
    """Says full name and date of birth."""
    _, month, day = patients.details(chair.patient).birth.split("-")
    actions.identify(chair.session, day=int(day), month=int(month), how="said", by=chair.nurse, at=at, key=key)


def answers(moment: str) -> Do:
    """Every question of that moment, and nothing stands in the way."""

    def do(chair: Chair, at: datetime, key: UUID) -> None:
        asked = [one for one in sessions.questions(chair.session.protocol, moment) if "after" not in one]
        said = {line["id"]: next(one["id"] for one in line["answers"] if one["does"] == "go") for line in asked}
        actions.answers(chair.session, said, by=chair.nurse, at=at, key=key)

    return do


@dataclass(frozen=True, slots=True)
class Saw:
    """A pressure, and what else was looked at or measured; the devices of the room measure the same (`signs`)."""

    systolic: int
    diastolic: int
    rows: Mapping[str, int]

    def __call__(self, chair: Chair, at: datetime, key: UUID) -> None:
        found: dict[str, Any] = {"pressure": {"systolic": str(self.systolic), "diastolic": str(self.diastolic)}}
        for name, value in self.rows.items():
            row = name.replace("moaa_s", "moaa-s")
            found[row] = value if sessions.rows()[row]["levels"] else str(value)
        actions.checks(chair.session, found, by=chair.nurse, at=at, key=key)


def saw(systolic: int, diastolic: int, **rows: int) -> Do:
    """The nurse looks, and writes it down."""
    return Saw(systolic, diastolic, rows)


def takes_off(chair: Chair, at: datetime, key: UUID) -> None:
    """The monitor is no longer this patient's. Where none was connected there is none to take off."""
    for binding in devices.in_force([chair.session.pk]):
        bedside.unbind(binding, by=chair.nurse, at=at)


def cleared(chair: Chair, at: datetime, key: UUID) -> None:
    """Nothing stands in the way; what is given is taken from the cupboard, and everybody pauses for a moment."""
    chair.happens(What.CLEARED, at, key)
    order = signed.order(chair.session, at=at)
    if order is not None:
        told = {"mg": order.mg * order.doses, "by": chair.nurse, "at": at, "key": ids.derived(key, 1)}
        stock.take(chair.session, Lot.objects.get(site=chair.site, number=SPRAYS[chair.site.name]), **told)
    about: dict[str, Any] = {"by": chair.nurse, "at": at, "key": ids.derived(key, 2)}
    actions.time_out(chair.session, second=None, alone_because="", seen=ordered.seen(order), **about)


def set_up(chair: Chair, at: datetime, key: UUID) -> None:
    """Nothing stands in the way of an infusion: it is drawn up, the pump shows what is ordered, and two people pause."""
    chair.happens(What.CLEARED, at, key)
    about: dict[str, Any] = {"by": chair.nurse, "at": at}
    order = signed.order(chair.session, at=at)
    if order is not None:
        lot = Lot.objects.get(site=chair.site, number=VIAL)
        stock.take(chair.session, lot, mg=order.mg, key=ids.derived(key, 1), **about)
    actions.compare_pump(chair.session, PUMP, why="", key=ids.derived(key, 2), **about)
    order = signed.order(chair.session, at=at)
    told = {"second": chair.doctor, "alone_because": "", "seen": ordered.seen(order)}
    actions.time_out(chair.session, **told, key=ids.derived(key, 3), **about)


def infusion(chair: Chair, at: datetime, key: UUID) -> None:
    """It runs."""
    actions.start(chair.session, by=chair.nurse, at=at, key=key)


def ends_early(mg: str, why: str) -> Do:
    """No more than so much ran in."""

    def do(chair: Chair, at: datetime, key: UUID) -> None:
        told = {"mg_low": mg, "mg_high": mg, "full": False, "why": why}
        actions.end_infusion(chair.session, told, by=chair.nurse, at=at, key=key)

    return do


def dose(chair: Chair, at: datetime, key: UUID) -> None:
    """The next device, in full."""
    actions.give(chair.session, {}, by=chair.nurse, at=at, key=key)


def writes(text: str) -> Do:
    """Something that has no row."""
    return lambda chair, at, key: chair.happens(What.EVENT, at, key, text=text)


def sees_to_it(did: str, *, doctor: bool = False) -> Do:
    """Somebody sees every alarm of the chair, and does this about it. What somebody else has seen by then stays theirs."""

    def do(chair: Chair, at: datetime, key: UUID) -> None:
        by = chair.doctor if doctor else chair.nurse
        for n, alarm in enumerate(sorted(queries.now(chair.session).state.alarms)):
            with suppress(Refused):
                alarms.acknowledge(chair.session, alarm, did=did, by=by, at=at, key=ids.derived(key, n))

    return do


def is_ready(chair: Chair, at: datetime, key: UUID) -> None:
    """Says once more who they are, and everything else was seen."""
    is_who(chair, at, key)
    chair.happens(What.READY, at, ids.derived(key, 1))


def leaves(outcome: Outcome, **told: str) -> Do:
    """In this way."""
    return lambda chair, at, key: chair.happens(What.ENDED, at, key, outcome=outcome, **told)
