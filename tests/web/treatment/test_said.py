"""Does one sentence write nothing before somebody confirms it, and then only through the ordinary gates?"""

from __future__ import annotations

import html
import json

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.treatment import said
from daybreak.web.treatment.models import SessionEvent
from daybreak.web.treatment.saying import NotNow
from tests.web.conftest import signed_in
from tests.web.dosing.conftest import course, weighed
from tests.web.treatment.steps import DEVICE, MINUTE, checked_in, cleared, does, stands, taken
from tests.web.treatment.test_pump import drip

__all__ = ["course", "drip", "weighed"]
CALM = "BP 132/84 mmHg, pulse 72/min, no nausea, drank water"


def confirm(session, sentence, by, at, *, chosen=None, key=None, **other):
    entries = said.understood(sentence).entries
    chosen = range(len(entries)) if chosen is None else chosen
    said.confirm(
        session, sentence, chosen=set(chosen), by=by, at=at, key=key or ids.new(), **({"ordered_by": {}} | other)
    )


def count(session) -> int:
    return SessionEvent.objects.filter(session=session).count()


def test_what_is_confirmed_is_written_once_and_only_what_was_chosen(session, nurse, desk, noon) -> None:
    checked_in(session, nurse, noon)
    before, key = count(session), ids.new()
    confirm(session, CALM, nurse, noon + MINUTE, chosen=(0, 3), key=key)
    confirm(session, CALM, nurse, noon + MINUTE, chosen=(0, 3), key=key)
    assert count(session) == before + 2
    assert stands(session).latest("pressure").value == {"systolic": "132", "diastolic": "84"}
    assert stands(session).latest("nausea") is None
    with pytest.raises(Forbidden):
        confirm(session, CALM, desk, noon)
    for chosen in ((), (7,), (-1,)):
        with pytest.raises(Refused):
            confirm(session, CALM, nurse, noon, chosen=chosen)
    with pytest.raises(Refused):
        confirm(session, "wasted 6 mg", nurse, noon)
    with pytest.raises(Refused):
        said.understood("x" * 501)
    assert count(session) == before + 2


def test_a_dose_by_a_sentence_has_every_gate_of_a_dose(session, nurse, noon) -> None:
    checked_in(session, nurse, noon)
    before = count(session)
    with pytest.raises(NotNow):
        confirm(session, "no nausea, gave 28 mg nasally", nurse, noon)
    assert count(session) == before, "all of it or none"


def test_only_what_is_ordered_is_given_by_a_sentence(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    for sentence, problem in (
        ("gave 54 mg", "treatment.said_other_dose"),
        ("gave 28 mg iv", "treatment.said_route"),
    ):
        with pytest.raises(Refused) as refused:
            confirm(session, sentence, nurse, noon)
        assert refused.value.id == problem
    assert not stands(session).exposed
    confirm(session, "gave 28 mg nasally", nurse, noon)
    (dose,) = stands(session).exposures
    assert (dose.mg_low, dose.mg_high, dose.lots) == (28, 28, ("A17",))


def why_not(session, sentence, by, at, **other) -> str:
    before = count(session)
    with pytest.raises(Refused) as found:
        confirm(session, sentence, by, at, **other)
    assert count(session) == before, "all of it or none"
    return found.value.id


def test_no_waste_and_the_same_vial_are_written_only_as_the_cupboard_has_it(session, nurse, noon) -> None:
    checked_in(session, nurse, noon)
    assert why_not(session, "no waste", nurse, noon) == "treatment.said_not_taken"
    does(session, What.CLEARED, nurse, noon)
    first = taken(session, nurse, noon)
    does(session, What.TIMED_OUT, nurse, noon)
    assert why_not(session, "same vial", nurse, noon) == "treatment.said_vial_of_nothing"
    assert why_not(session, "no waste", nurse, noon) == "treatment.said_not_all"
    assert why_not(session, "gave 28 mg nasally, same vial, no waste", nurse, noon) == "treatment.said_not_all"
    page = (
        signed_in(nurse)
        .post(f"/sessions/{session.id}/said/", {"do": "read", "sentence": "wasted 6 mg"}, secure=True)
        .content.decode()
    )
    assert f'href="/cupboard/takes/{first.pk}/"' in page
    confirm(session, "gave 28 mg nasally, same vial", nurse, noon)
    key = ids.new()
    for _ in range(2):
        confirm(session, "same vial, no waste, gave 28 mg nasally", nurse, noon + 5 * MINUTE, key=key)
    assert [one.lots for one in stands(session).exposures] == [("A17",), ("A17",)]
    assert [one.what for one in SessionEvent.objects.filter(session=session).order_by("-seq")[:2]] == ["event", "dose"]


def test_of_two_vials_nobody_can_tell_which_is_the_same(session, nurse, noon) -> None:
    checked_in(session, nurse, noon)
    does(session, What.CLEARED, nurse, noon)
    for _ in range(2):
        taken(session, nurse, noon, mg="28")
    does(session, What.TIMED_OUT, nurse, noon)
    assert why_not(session, "gave 28 mg nasally, same vial", nurse, noon) == "treatment.said_which_vial"


def test_a_rescue_medicine_says_who_ordered_it(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    sentence = "gave antiemetic ondansetron 4 mg by mouth"
    with pytest.raises(Refused) as refused:
        confirm(session, sentence, nurse, noon + MINUTE)
    assert refused.value.id == "treatment.rescue_who"
    confirm(session, sentence, nurse, noon + MINUTE, ordered_by={0: "Dr Okafor"})
    (rescue,) = stands(session).rescues
    told = {name: rescue.told[name] for name in ("kind", "drug", "mg", "route", "ordered_by")}
    assert told == {"kind": "antiemetic", "drug": "ondansetron", "mg": "4", "route": "oral", "ordered_by": "Dr Okafor"}


def test_the_page_shows_what_it_read_and_what_it_did_not(session, nurse, desk, noon) -> None:
    checked_in(session, nurse, noon)
    client, address, before = signed_in(nurse), f"/sessions/{session.id}/said/", count(session)
    sent = {"do": "read", "sentence": "pulse 72/min, feels odd, wasted 6 mg, gave 28"}
    page = html.unescape(client.post(address, sent, secure=True).content.decode())
    assert "heart rate: 72 /min" in page
    assert "stands in no list" in page
    assert "has no unit" in page
    assert "with its witness" in page
    assert page.count('type="checkbox"') == 1
    assert count(session) == before, "reading writes nothing"
    sent |= {"do": "confirm", "key": str(ids.new())}
    assert client.post(address, sent, secure=True).status_code == 422
    assert client.post(address, sent | {"entry-0": "yes"}, secure=True).status_code == 302
    assert count(session) == before + 1
    assert signed_in(desk).get(address, secure=True).status_code == 403
    assert client.get(address, secure=True).status_code == 200


def test_of_an_infusion_it_is_said_that_it_has_run_in(drip, nurse, noon) -> None:
    with pytest.raises(Refused) as refused:
        confirm(drip, "gave 35 mg IV, no waste, same vial", nurse, noon, chosen=(0,))
    assert refused.value.id == "treatment.said_infusion"
    common = {
        "organisation_id": drip.organisation_id,
        "created": noon,
        "happened": noon,
        "noted": noon,
        "received": noon,
    }
    told = json.dumps({"drug": "ketamine", "route": "infusion", "mg_high": "35"})
    SessionEvent.objects.create(
        id=ids.new(), session=drip, seq=4, what="infusion_started", told=told, by=nurse, key=ids.new(), **common
    )
    at = noon + 40 * MINUTE
    with pytest.raises(Refused) as refused:
        confirm(drip, "gave 54 mg IV", nurse, at)
    assert refused.value.id == "treatment.said_other_dose"
    assert stands(drip).running is not None
    confirm(drip, "gave 35 mg IV, no waste, same vial", nurse, at, chosen=(0,))
    (given,) = stands(drip).exposures
    assert (given.mg_low, given.mg_high, stands(drip).running) == (35, 35, None)
