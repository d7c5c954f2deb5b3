"""Does a clinic sign only what it may, each version after the other, and does its own figure only narrow a published one?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from daybreak.clinical.treatment.ladders import Signed
from daybreak.knowledge import dosing as knowledge
from daybreak.web import ids
from daybreak.web.dosing import figures
from daybreak.web.dosing.figures import Typed
from daybreak.web.dosing.models import Figure
from daybreak.web.dosing.numbers import number, whole
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.dosing.test_orders import FIGURES, SPRAY, ordered, signed

PAGE = "/clinic/doses/"


def test_a_prescriber_signs_and_signs_anew(site, doctor) -> None:
    key = ids.new()
    first = signed(site, doctor, key=key)
    assert signed(site, doctor, key=key) == first
    assert figures.signed(first) == Signed(Decimal(80), Decimal("0.2"), Decimal(2))
    with pytest.raises(Conflict):
        signed(site, doctor)
    second = signed(site, doctor, typed=Typed("", "1", "1", "one strength"), seen=first.id)
    assert figures.newest(site.id) == {"ketamine-iv": second}
    assert figures.signed(second) == Signed(None, Decimal(1), Decimal(1))
    assert figures.signed(None) == Signed()


@pytest.mark.parametrize(
    ("ladder", "typed", "said"),
    [
        ("ketamine-iv", Typed("80", "", "", "x"), "A figure is missing"),
        ("ketamine-iv", Typed("", "2", "1", "x"), "the lower one first"),
        ("ketamine-iv", Typed("", "1", "", "x"), "Write both concentrations"),
        ("ketamine-iv", Typed("", "0", "1", "x"), "cannot be read as a number above 0"),
        ("ketamine-iv", Typed("1,000", "1", "2", "x"), "cannot be read as a number above 0"),
        ("ketamine-iv", Typed("", "1", "2", ""), "Write why"),
        ("ketamine-iv", Typed("", "1", "2", "x" * 1001), "Write why"),
        ("ketamine-im", Typed("", "1", "2", "x"), "A figure is missing"),
        ("ketamine-oral", Typed("100", "1", "2", "x"), None),
        ("esketamine-nasal-us", Typed("56", "", "", "x"), None),
        ("nothing", Typed("56", "", "", "x"), None),
    ],
)
def test_what_cannot_be_signed(site, doctor, ladder, typed, said) -> None:
    with pytest.raises(Refused, match=said):
        signed(site, doctor, ladder, typed)
    assert not Figure.objects.exists()


def test_only_a_prescriber_signs(site, person) -> None:
    with pytest.raises(Forbidden):
        signed(site, person("lee", Role.NURSE))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", None), ("0.5", "0.5"), ("0,5", "0.5"), ("35", "35"), ("0,0625", "0.0625"), ("100000", "100000")],
)
def test_numbers(text, expected) -> None:
    assert number(text, in_field="x") == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(
    "text", ["1,000", "0", "-1", "1e3", "NaN", "1.5.2", "½", "1_0", "٣", "1000000", "0.00001", " 1"]
)
def test_what_is_no_number_or_could_be_two(text) -> None:
    with pytest.raises(Refused):
        number(text, in_field="x")


@pytest.mark.parametrize("text", ["40.5", "0", "-1", "x", "99999"])
def test_what_is_no_number_of_minutes(text) -> None:
    with pytest.raises(Refused):
        whole(text, in_field="minutes")


def test_the_page_of_the_clinic(site, doctor, course, patient) -> None:
    client = signed_in(doctor)
    shown = client.get(PAGE, secure=True).content.decode()
    assert "Nobody has signed. There is no dose by this route." in shown
    sent = {
        "site": site.id,
        "ladder": "ketamine-im",
        "ceiling_mg": "50",
        "reason": "our anaesthetist",
        "key": ids.new(),
    }
    assert client.post(PAGE, sent | {"ceiling_mg": "much"}, secure=True).status_code == 422
    assert client.post(PAGE, sent | {"site": ids.new()}, secure=True).status_code == 404
    assert client.post(PAGE, sent, secure=True).status_code == 302
    assert "At most 50 mg." in client.get(PAGE, secure=True).content.decode()


def test_the_list_of_deviations(site, doctor, course, patient) -> None:
    from dataclasses import replace

    high = replace(SPRAY, ladder="esketamine-nasal-eu", amount=Decimal(84))
    row = ordered(course("esketamine-nasal-eu"), high, doctor, reason="had it elsewhere")
    shown = signed_in(doctor).get(PAGE, secure=True).content.decode()
    assert ("1 / 1" in shown, "had it elsewhere" in shown, f"/patients/{patient.id}/dose/" in shown) == (True,) * 3
    assert row.created < NOW + timedelta(hours=1)
    assert FIGURES.reason not in shown


def test_what_may_be_signed_and_is_not_says_so(site, doctor) -> None:
    every = knowledge.ladders()
    drip = figures.Typed("", "0.2", "2", "our pharmacist")
    assert figures.unsigned(every["ketamine-iv"], None) == ("dosing.unsigned_ceiling",), "its strength must be signed"
    now = figures.signed(signed(site, doctor, typed=drip))
    assert figures.unsigned(every["ketamine-iv"], now) == ("dosing.unsigned_ceiling",)
    assert figures.unsigned(every["ketamine-iv"], replace(now, ceiling_mg=Decimal(80))) == ()
    assert figures.unsigned(every["ketamine-sc"], None) == ("dosing.unsigned_ceiling", "dosing.unsigned_strength")
    in_mg = replace(every["ketamine-sc"], ceiling_mg=Decimal(90))
    assert figures.unsigned(in_mg, None)[0] == "dosing.unsigned_ceiling_source"
    assert figures.unsigned(every["esketamine-nasal-us"], None) == (), "nobody signs anything for it"
