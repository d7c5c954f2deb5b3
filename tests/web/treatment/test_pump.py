"""Does an infusion wait until its pump was held against order, record and scale, and another order for another time-out?"""

from __future__ import annotations

import html
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.events import Phase, What
from daybreak.clinical.treatment.ledger import Kind
from daybreak.web import ids
from daybreak.web.cupboard import book, recalls
from daybreak.web.cupboard import stock as stocked
from daybreak.web.cupboard.models import Entry
from daybreak.web.dosing import figures
from daybreak.web.dosing.models import Figure, Order
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import actions, context, deviating, payload, queries, stock
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.saying import NotNow
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked
from tests.web.dosing.conftest import IV, course, weighed
from tests.web.dosing.test_orders import DRIP, SPRAY, ordered, signed
from tests.web.onsite.test_onsite import here
from tests.web.treatment.steps import DEVICE, MINUTE, cleared, does, stands

__all__ = ["course", "weighed"]
AS_ORDERED = {"rate": "52.5", "weight": "70", "scale": "71", "minutes": "40", "concentration": "1"}


@pytest.fixture
def drip(course, patient, site, chair, doctor, nurse, noon, weighed):
    """A session with an infusion that is ordered, up to the time-out; by rows alone."""
    now = course(IV)
    signed(site, doctor)
    weighed("70")
    ordered(now, DRIP, doctor, at=NOW)
    booking = booked(patient, chair, doctor, starts=noon + MINUTE, at=noon)
    common = {"organisation_id": site.organisation_id, "created": NOW}
    about = {"booking": booking, "course": now, "chair": chair, "protocol": IV, "by": doctor}
    session = Session.objects.create(id=ids.new(), patient=patient, site=site, **about, **common)
    for seq, what in enumerate(("arrived", "identified", "cleared"), 1):
        SessionEvent.objects.create(
            id=ids.new(), session=session, seq=seq, what=what, told=json.dumps({"matched": True}), by=nurse, key=ids.new(),
            happened=noon, noted=noon, received=noon, **common,
        )  # fmt: skip
    return session


def starts(session, nurse, noon) -> set[str]:
    with pytest.raises(NotNow) as refused:
        actions.start(session, by=nurse, at=noon, key=ids.new())
    return {one.id for one in refused.value.reasons}


def compares(session, by, at, *, why: str = "", **changed: str) -> SessionEvent:
    return actions.compare_pump(session, AS_ORDERED | changed, why=why, by=by, at=at, key=ids.new())


def test_not_compared_is_not_ready_and_a_slip_stays_shut_until_it_is_put_right(drip, nurse, noon) -> None:
    assert "session.pump-not-compared" in starts(drip, nurse, noon)
    compares(drip, nurse, noon, rate="525")
    assert "session.pump-differs" in starts(drip, nurse, noon)
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/?step=pump", secure=True).content.decode())
    assert "a decimal point too far" in page
    compares(drip, nurse, noon)
    assert not [one for one in starts(drip, nurse, noon) if "pump" in one]
    assert json.loads(drip.events.get(seq=4).told)["refused"], "what was wrong stays"


def test_a_weight_that_differs_needs_a_reason_and_is_counted(drip, nurse, noon) -> None:
    with pytest.raises(Refused, match="weight on the scale") as refused:
        compares(drip, nurse, noon, scale="95")
    assert refused.value.sentence("zh-Hans")
    with pytest.raises(Refused, match="weight in the pump"):
        compares(drip, nurse, noon, weight="")
    compares(drip, nurse, noon, weight="", no_weight="1")
    compares(drip, nurse, noon, scale="", why="the scale is broken, weighed on Monday")
    found = deviations(queries.now(drip).events, context.rules(drip, at=noon))
    assert [(one.seq, one.reason.id) for one in found if "weighed" in one.reason.id] == [(5, "weighed.unknown")]
    assert not [one for one in starts(drip, nurse, noon) if "pump" in one]
    with pytest.raises(Refused, match="rate"):
        compares(drip, nurse, noon, rate="")


def test_another_order_asks_for_pump_and_time_out_anew(drip, nurse, doctor, noon) -> None:
    compares(drip, nurse, noon)
    does(drip, What.TIMED_OUT, nurse, noon, alone_because="alone tonight")
    assert not starts(drip, nurse, noon) & {"session.order-changed", "session.pump-other-order"}
    last = Order.objects.get()
    ordered(drip.course, replace(DRIP, minutes=60), doctor, replaces=last.id, at=noon)
    assert {"session.order-changed", "session.pump-other-order"} <= starts(drip, nurse, noon)
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/?step=time_out", secure=True).content.decode())
    assert "The order has changed since the time-out" in page


def test_nobody_is_alone_beside_somebody_who_could_sign(drip, nurse, doctor, desk, site, noon) -> None:
    for one in (nurse, doctor, desk):
        here(site, one, at=noon, until=noon + 60 * MINUTE)
    with pytest.raises(Refused, match="1 more on site could be the second person") as refused:
        does(drip, What.TIMED_OUT, nurse, noon, alone_because="it is quicker")
    assert refused.value.sentence("zh-Hans")
    visit = booked(drip.patient, drip.chair, doctor, starts=noon + 240 * MINUTE, at=noon)
    same = ("patient", "site", "course", "chair", "protocol", "by", "created", "organisation_id")
    about = {name: getattr(drip, name) for name in same}
    other = Session.objects.create(id=ids.new(), booking=visit, **about)
    actions.act(other, What.EMERGENCY_OPENED, {}, by=doctor, at=noon, key=ids.new())
    does(drip, What.TIMED_OUT, nurse, noon, alone_because="she is with the emergency")
    found = [one.reason.id for one in deviations(queries.now(drip).events, context.rules(drip, at=noon))]
    assert found.count("treatment.was_alone") == 1
    lines = deviating.listed(deviating.deviating(site.pk, at=noon), "en")
    assert ("The time-out was held by one person alone.", 1) in deviating.counted(lines)


def test_on_the_page_a_pump_is_typed_in_and_nothing_typed_is_lost(drip, nurse, noon) -> None:
    client, address = signed_in(nurse), f"/sessions/{drip.id}/?step=pump"
    wrong = client.post(address, {"do": "pump", "key": str(ids.new()), **AS_ORDERED, "rate": "x"}, secure=True)
    assert (wrong.status_code, 'value="71"' in wrong.content.decode()) == (422, True)
    right = client.post(address, {"do": "pump", "key": str(ids.new()), **AS_ORDERED}, secure=True)
    assert right.status_code == 302
    assert stands(drip).pump.told["scale"] == "71"
    assert "As ordered" in client.get(address, secure=True).content.decode()


def test_an_infusion_ends_with_one_tap_and_whatever_the_cupboard_says(drip, nurse, doctor, site, noon) -> None:
    vial = {
        "product": "ketamine-vial-50",
        "number": "K7",
        "units": 2,
        "expires": date(2030, 1, 31),
        "ml": Decimal("0.5"),
    }
    lot = stocked.receive(site, **vial, partner="Dawn Supply", by=doctor, at=noon, key=ids.new()).lot
    stock.take(drip, lot, mg=Decimal(20), by=nurse, at=noon, key=ids.new())
    with pytest.raises(Conflict, match="Ordered are 35 mg and 25 mg were taken for it: 10 mg are free"):
        stock.take(drip, lot, mg=Decimal(20), by=nurse, at=noon, key=ids.new())
    told = {"drug": "ketamine", "route": "infusion", "mg_high": "35"}
    about = {"by": nurse, "at": noon, "key": ids.new()}
    row = actions.report(drip, What.INFUSION_STARTED, told, happened=noon, **about)
    assert "session.no-stock" in [one["id"] for one in json.loads(row.told)["lacking"]], "one vial is too little"
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/", secure=True).content.decode())
    assert "The infusion has ended" in page
    recalls.recall(lot, text="letter 9", by=doctor, at=noon, key=ids.new())
    ends = {"do": "infusion_ended", "key": str(ids.new())}
    slip = {**ends, "amount": "other", "mg_low": "350", "mg_high": "350", "why": "typed"}
    assert (
        signed_in(nurse).post(f"/sessions/{drip.id}/", {**slip, "key": str(ids.new())}, secure=True).status_code == 409
    )
    for _ in range(2):
        assert signed_in(nurse).post(f"/sessions/{drip.id}/", ends, secure=True).status_code == 302
    (given,) = stands(drip).exposures
    assert (stands(drip).phase, given.mg_low, given.mg_high) == (Phase.OBSERVING, 35, 35)
    assert [one.mg for one in Entry.objects.filter(kind="given")] == [25], "no more than was taken"


def test_an_infusion_takes_its_share_of_a_vial_that_is_open(drip, nurse, doctor, site, noon) -> None:
    vial = {"product": "ketamine-vial-50", "number": "K7", "units": 1, "expires": date(2030, 1, 31), "ml": Decimal(10)}
    about = {"by": doctor, "at": noon}
    lot = stocked.receive(site, **vial, partner="Dawn Supply", key=ids.new(), **about).lot
    stocked.move(lot, Kind.OPENED, units=1, key=ids.new(), **about)
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/?step=time_out", secure=True).content.decode())
    assert "500 mg left in an open vial" in page
    assert "No highest dose in mg is signed here" not in page
    last = Figure.objects.get()
    signed(site, doctor, typed=figures.Typed("", "0.2", "2", "by weight alone"), seen=last.id)
    for address in (f"/sessions/{drip.id}/?step=time_out", f"/patients/{drip.patient_id}/dose/"):
        said = html.unescape(signed_in(doctor).get(address, secure=True).content.decode())
        assert "No highest dose in mg is signed here for this way" in said, address
    stock.take(drip, lot, mg=Decimal(35), by=nurse, at=noon, key=ids.new())
    with pytest.raises(Conflict, match="35 mg were taken for it: 0 mg are free"):
        stock.take(drip, lot, mg=Decimal(1), by=nurse, at=noon, key=ids.new())
    told = {"drug": "ketamine", "route": "infusion", "mg_high": "35"}
    actions.report(drip, What.INFUSION_STARTED, told, happened=noon, by=nurse, at=noon, key=ids.new())
    actions.end_infusion(drip, {}, by=nurse, at=noon, key=ids.new())
    given = Entry.objects.get(kind="given")
    assert (given.units, given.mg, given.session_id, book.balance(lot).open.mg) == (0, 35, drip.pk, 465)


def test_without_an_order_there_is_nothing_to_compare(session, nurse, noon, monkeypatch) -> None:
    with pytest.raises(NotNow, match="order"):
        compares(session, nurse, noon)


def test_a_dose_that_was_ordered_after_the_time_out_waits_for_the_next(session, nurse, doctor, noon) -> None:
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    last = Order.objects.get()
    typed = replace(SPRAY, amount=Decimal(84))
    ordered(session.course, typed, doctor, replaces=last.id, at=noon, reason="as agreed")
    with pytest.raises(NotNow) as refused:
        does(session, What.DOSE, nurse, noon + 5 * MINUTE, n=2, **DEVICE)
    assert "session.order-changed" in [one.id for one in refused.value.reasons]
    page = signed_in(nurse).get(f"/sessions/{session.id}/", secure=True).content.decode()
    assert "has to be held again" in page
    with pytest.raises(Conflict, match="was changed while"):
        actions.time_out(session, second=None, alone_because="", seen="old", by=nurse, at=noon, key=ids.new())
    does(session, What.TIMED_OUT, nurse, noon)
    page = signed_in(nurse).get(f"/sessions/{session.id}/", secure=True).content.decode()
    assert "has to be held again" not in page


def test_every_value_of_a_reason_is_read_back_as_it_was() -> None:
    values = {
        "n": 3, "text": "x", "kg": Decimal("70.5"), "day": date(2026, 11, 30), "what": Term("pump.rate"),
        "many": (Term("slip.ten"), Reason("weighed.unknown", {"which": Term("weighed.pump")})),
    }  # fmt: skip
    row = SessionEvent(seq=1, what="dose", told=payload.written({"lacking": payload.lacking([Reason("a", values)])}))
    (read,) = payload.event(row).told["lacking"]
    assert read == {"id": "a", "values": values}
