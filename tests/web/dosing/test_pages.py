"""Does the page of a dose show every figure, refuse what cannot be signed with its reason, and lead to its label and pump?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.dosing.models import Order
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked
from tests.web.dosing.conftest import IV, US
from tests.web.dosing.test_orders import DRIP, SPRAY, gave, ordered, scored, signed


@pytest.fixture
def page(patient):
    return f"/patients/{patient.id}/dose/"


def text(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def seen_in(response) -> str:
    return text(response).partition('name="seen" value="')[2].partition('"')[0]


def fields(**other) -> dict[str, str]:
    told = {"ladder": US, "amount": "56", "unit": "mg", "key": str(ids.new()), "do": "work"}
    return told | other


def test_without_a_course_there_is_nothing_to_order(page, doctor) -> None:
    client = signed_in(doctor)
    assert "No course is open" in text(client.get(page, secure=True))
    assert client.post(page, fields(), secure=True).status_code == 200
    assert "no label" in text(client.get(f"{page}label/", secure=True))


def test_a_spray_is_worked_out_and_signed(page, doctor, course) -> None:
    course()
    client = signed_in(doctor)
    first = client.get(page, secure=True)
    assert 'value="56"' in text(first)
    assert "28 mg, at the earliest 5 minutes after the first" in text(first)
    worked = client.post(page, fields(amount="84"), secure=True)
    assert "28 mg, at the earliest 10 minutes after the first" in text(worked)
    assert "Label texts of 2019 to 2022" in text(worked)
    assert not Order.objects.exists()
    stale = client.post(page, fields(amount="84", do="sign", seen=seen_in(first)), secure=True)
    assert (stale.status_code, Order.objects.exists()) == (409, False)
    done = client.post(page, fields(amount="84", do="sign", seen=seen_in(worked)), secure=True)
    assert done.status_code == 302
    assert Order.objects.get().dose_mg == "84.0"
    assert "84 mg" in text(client.get(page, secure=True))


def test_what_is_refused_has_no_button_and_says_why(page, doctor, course) -> None:
    course()
    client = signed_in(doctor)
    worked = text(client.post(page, fields(amount="112"), secure=True))
    assert "112 mg is more than the highest dose, 84 mg." in worked
    assert 'value="sign"' not in worked
    assert "at the earliest" not in worked.partition('id="worked"')[2]
    empty = client.post(page, fields(amount=""), secure=True)
    assert (empty.status_code, "The dose is missing" in text(empty)) == (422, True)
    odd = client.post(page, fields(amount="1,000"), secure=True)
    assert (odd.status_code, "cannot be read" in text(odd)) == (422, True)


def test_an_infusion_shows_every_rate_by_both_weights(page, doctor, course, site, weighed) -> None:
    course(IV)
    signed(site, doctor)
    weighed("70")
    client = signed_in(doctor)
    drip = fields(ladder="ketamine-iv", amount="0.5", unit="mg/kg", concentration="1", minutes="40", height="170")
    shown = text(client.post(page, drip, secure=True))
    for figure in (
        "35 mg",
        "0.5 mg/kg",
        "35 mL",
        "52.5 mL/h",
        "52.5 mg/h",
        "0.75 mg/kg/h",
        "12.5 µg/kg/min",
        "61.437 kg",
    ):
        assert figure in shown, figure
    ideal = text(client.post(page, drip | {"basis": "ideal"}, secure=True))
    assert "30.7 mg" in ideal
    slower = text(client.post(page, drip | {"minutes": "20"}, secure=True))
    assert "it runs faster" in slower
    assert 'name="reason"' in slower


def test_the_form_begins_with_the_order_that_stands(page, doctor, course, site) -> None:
    now = course(IV)
    signed(site, doctor)
    row = ordered(now, DRIP, doctor)
    shown = text(signed_in(doctor).get(page, secure=True))
    assert ('name="concentration" value="1"' in shown, f'name="replaces" value="{row.id}"' in shown) == (True, True)
    assert "Another" not in shown


def test_an_order_for_one_visit(page, doctor, course, chair, patient) -> None:
    course()
    visit = booked(patient, chair, doctor, starts=datetime.now(UTC) + timedelta(days=2))
    client, mine = signed_in(doctor), f"{page}?visit={visit.id}"
    worked = client.get(mine, secure=True)
    sent = fields(do="sign", seen=seen_in(worked), visit=str(visit.id))
    assert client.post(page, sent, secure=True).url.endswith(f"?visit={visit.id}")
    assert Order.objects.get().booking == visit
    assert client.get(f"{page}?visit={ids.new()}", secure=True).status_code == 404
    assert "for one visit" in text(client.get(mine, secure=True))
    assert "No dose is ordered" in text(client.get(page, secure=True))


def test_it_is_taken_back_on_the_page(page, doctor, course) -> None:
    row = ordered(course(), SPRAY, doctor)
    client = signed_in(doctor)
    sent = {"do": "back", "order": str(row.id), "back": "a new medicine", "key": str(ids.new())}
    assert client.post(page, sent | {"order": str(ids.new())}, secure=True).status_code == 422
    assert client.post(page, sent, secure=True).status_code == 302
    shown = text(client.get(page, secure=True))
    assert ("No dose is ordered" in shown, "a new medicine" in shown) == (True, True)


def test_who_prepares_it_reads_it_and_orders_nothing(page, person, doctor, course) -> None:
    ordered(course(), SPRAY, doctor)
    for one in (person("lee", Role.NURSE), person("pia", Role.PHARMACIST)):
        client = signed_in(one)
        shown = text(client.get(page, secure=True))
        assert ("56 mg" in shown, 'value="sign"' in shown) == (True, False)
        assert client.post(page, fields(do="sign", seen="x"), secure=True).status_code in (403, 409)
    assert signed_in(person("fay", Role.FRONT_DESK)).get(page, secure=True).status_code == 403
    assert Order.objects.count() == 1


def test_the_label_says_who_and_what_and_is_audited(page, doctor, course, site, patient) -> None:
    now = course(IV)
    signed(site, doctor)
    client = signed_in(doctor)
    assert "no label" in text(client.get(f"{page}label/", secure=True))
    ordered(now, DRIP, doctor)
    shown = text(client.get(f"{page}label/", secure=True))
    assert all(one in shown for one in ("Keller", "1971-04-02", "35 mg", "1 mg/mL", "52.5 mL/h"))
    assert Line.objects.filter(action="read", object_type="dose_label", subject=patient.id).count() == 2


def test_the_pump_is_held_against_the_order(page, doctor, course, site, person) -> None:
    now, client = course(IV), signed_in(person("lee", Role.NURSE))
    signed(site, doctor)
    assert "No order for an infusion holds" in text(client.get(f"{page}pump/", secure=True))
    ordered(now, DRIP, doctor)
    same = {"rate": "52.5", "weight": "70", "scale": "71", "minutes": "40", "concentration": "1"}
    assert "is as ordered" in text(client.post(f"{page}pump/", same, secure=True))
    wrong = text(client.post(f"{page}pump/", same | {"rate": "525", "weight": "154.3"}, secure=True))
    assert "a decimal point too far" in wrong
    assert "pounds for kilograms" in wrong
    assert "the weight on the scale" in text(client.post(f"{page}pump/", same | {"scale": ""}, secure=True)).lower()
    assert client.post(f"{page}pump/", same | {"rate": ""}, secure=True).status_code == 422
    assert "is as ordered" not in text(client.get(f"{page}pump/", secure=True))


def test_a_spray_has_no_pump(page, doctor, course) -> None:
    ordered(course(), SPRAY, doctor)
    assert "No order for an infusion holds" in text(signed_in(doctor).get(f"{page}pump/", secure=True))


def test_doses_and_response_side_by_side(page, doctor, patient, course) -> None:
    client, address = signed_in(doctor), f"{page}history/"
    assert "No dose is known of" in text(client.get(address, secure=True))
    course()
    for n, mg in enumerate(("56", None, "84")):
        gave(patient, doctor, NOW.date() + timedelta(days=3 * n), mg)
        scored(patient, doctor, NOW.date() + timedelta(days=3 * n), str(20 - 4 * n))
    shown = text(client.get(address, secure=True))
    assert shown.count("<rect") == 2
    assert "3 doses and 3 scores" in shown
    for cell in ("2026-11-24", "84", "not known", "20", "12"):
        assert f">{cell}<" in shown, cell
