"""Is what a session gave a dose of the patient, with both its bounds, and does the next order rest on it?"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from daybreak.web import ids
from daybreak.web.dosing import given, worked
from daybreak.web.patients import records
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked
from tests.web.dosing.conftest import SC
from tests.web.dosing.test_orders import ordered

D = Decimal
BEGUN = NOW + timedelta(days=6, minutes=5)


@pytest.fixture
def session(patient, chair, doctor, site):
    """Events of one session: `session(course, ("dose", {...}))`."""

    def make(course, *events: tuple[str, dict[str, Any]], at: datetime = BEGUN) -> Session:
        common = {"organisation_id": patient.organisation_id, "created": NOW}
        visit = booked(patient, chair, doctor, starts=at - timedelta(minutes=5))
        about = {"booking": visit, "course": course, "chair": chair, "protocol": course.protocol, "by": doctor}
        row = Session.objects.create(id=ids.new(), patient=patient, site=site, **about, **common)
        times = {"happened": at, "noted": at, "received": at}
        for seq, (what, told) in enumerate(events, 1):
            one = {"seq": seq, "what": what, "told": json.dumps(told), "key": ids.new(), "by": doctor}
            SessionEvent.objects.create(id=ids.new(), session=row, **one, **times, **common)
        return row

    return make


def spray(n: int, low: str, high: str | None = None, drug: str = "esketamine") -> tuple[str, dict[str, Any]]:
    amount = {"mg_low": low, "mg_high": high or low}
    return "dose", {"drug": drug, "route": "nasal", "n": n, "of": 2, **amount}


def doses(patient) -> list[given.Dose]:
    return given.doses(patient, records.current(patient))


def seen(value: Any) -> tuple[str, dict[str, Any]]:
    return "check", {"row": "dissociation", "value": value}


def test_a_session_in_which_nothing_was_given_is_no_dose(course, session, patient) -> None:
    session(course(), ("arrived", {}))
    assert doses(patient) == []


def test_devices_add_up_and_the_worst_that_was_seen_stands_beside(course, session, patient, doctor) -> None:
    session(course(), spray(1, "28"), spray(2, "28"), seen(1), seen(2), seen("much"))
    (one,) = doses(patient)
    assert (one.day, one.product, one.mg, one.dissociation) == (BEGUN.date(), "esketamine", D(56), 2)
    shown = signed_in(doctor).get(f"/patients/{patient.id}/dose/history/", secure=True).content.decode()
    assert ">56<" in shown


def test_what_nobody_knows_has_two_bounds(course, session, patient, doctor) -> None:
    session(course(), spray(1, "28"), spray(2, "0", "28"))
    (one,) = doses(patient)
    assert (one.low_mg, one.high_mg, one.mg) == (D(28), D(56), None)
    shown = signed_in(doctor).get(f"/patients/{patient.id}/dose/history/", secure=True).content.decode()
    assert "28 to 56" in shown


def test_an_infusion_that_runs_is_a_dose_of_which_nobody_knows_how_much(course, session, patient) -> None:
    session(course(SC), ("infusion_started", {"drug": "ketamine", "route": "iv"}))
    (one,) = doses(patient)
    assert (one.product, one.low_mg, one.high_mg) == ("ketamine", None, None)


def test_the_next_order_knows_the_step_that_was_given(course, session, patient, doctor, site) -> None:
    now = course(SC)
    shot = worked.Typed("ketamine-sc", D("0.5"), "mg/kg", "actual", D(70), "record", NOW.date(), None, D(50), None)
    ordered(now, shot, doctor)
    session(now, spray(1, "35", drug="ketamine"))
    ground = worked.ground(now, patient, day=BEGUN.date() + timedelta(days=3))
    assert (ground.first, ground.last.mg, ground.last.mg_per_kg) == (False, D(35), D("0.5"))
    assert worked.ground(now, patient, day=BEGUN.date()).first


def test_another_amount_than_the_one_ordered_is_no_known_step(course, session, patient, doctor) -> None:
    now = course(SC)
    shot = worked.Typed("ketamine-sc", D("0.5"), "mg/kg", "actual", D(70), "record", NOW.date(), None, D(50), None)
    ordered(now, shot, doctor)
    session(now, spray(1, "20", drug="ketamine"))
    ground = worked.ground(now, patient, day=BEGUN.date() + timedelta(days=3))
    assert (ground.last.mg, ground.last.mg_per_kg) == (D(20), None)
