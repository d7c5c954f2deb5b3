"""Does an emergency card say the clinic's own signed words, or plainly that there are none, in one tap that is written down?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.cards import actions, queries
from daybreak.web.cards.models import Text
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.chronicle.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.conftest import NOW, signed_in
from tests.web.treatment.steps import does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
SOON = NOW + timedelta(minutes=1)
CARD = "seizure"
OURS = "Our own words, first line.\nSecond line."


def sign(site, by, text: str = OURS, **told) -> Text:
    last = queries.newest(site.id).get(CARD)
    other = {"reason": "our protocol, 3rd version", "seen": last.id if last else None, "at": SOON, "key": ids.new()}
    texts = told.pop("texts", {"en": text})
    return actions.sign(site, told.pop("card", CARD), texts, **{**other, **told}, by=by)


def test_who_signs_and_what_is_refused(site, person) -> None:
    ines, lee = person("ines", Role.PRESCRIBER), person("lee", Role.NURSE)
    with pytest.raises(Forbidden):
        sign(site, lee)
    for wrong in (
        {"texts": {"en": " ", "zh-Hans": ""}},
        {"texts": {"en": "x" * (actions.LONGEST + 1)}},
        {"reason": ""},
        {"reason": "x" * 1001},
        {"card": "tea"},
    ):
        with pytest.raises(Refused):
            sign(site, ines, **wrong)
    key = ids.new()
    row = sign(site, ines, key=key)
    assert sign(site, ines, key=key, seen=None) == row
    with pytest.raises(Conflict):
        sign(site, ines, "another", seen=None)
    assert Entry.objects.get(action="card_signed").site == site.id
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Text.objects.filter(pk=row.pk).update(en="changed")


def test_the_newest_version_counts_and_can_be_taken_back(site, person) -> None:
    ines = person("ines", Role.PRESCRIBER)
    first = sign(site, ines)
    second = sign(site, ines, texts={"zh-Hans": "我们自己的话"})
    assert queries.written(site.id, CARD) == second
    assert queries.words(second, "en") == ("我们自己的话", "zh-Hans")
    assert queries.words(first, "zh-Hans") == (OURS, "en")
    sign(site, ines, "")
    assert queries.written(site.id, CARD) is None
    assert [bool(one.en or one.zh_hans) for one in queries.history(site.id, CARD)] == [False, True, True]


def test_the_page_on_which_they_are_written_loses_nothing(site, person) -> None:
    client = signed_in(person("ines", Role.PRESCRIBER))
    told = {"site": str(site.id), "card": CARD, "en": OURS, "key": str(ids.new())}
    answer = client.post("/clinic/cards/", told, secure=True)
    assert answer.status_code == 422
    assert "Our own words, first line." in answer.content.decode()
    answer = client.post("/clinic/cards/", told | {"reason": "ours"}, secure=True)
    assert answer.status_code == 302
    page = html.unescape(client.get("/clinic/cards/", secure=True).content.decode())
    assert page.count("Not written yet") == len(sessions.cards()) - 1
    assert "By Ines on" in page
    assert client.get(f"/clinic/cards/?site={ids.new()}", secure=True).status_code == 404


def test_one_tap_in_a_session_shows_it_and_writes_down_when(session, site, nurse, doctor) -> None:
    client, address = signed_in(nurse), f"/sessions/{session.id}/cards/{CARD}/"
    key, tap = str(ids.new()), f"/sessions/{session.id}/cards/"
    for _ in range(2):
        assert client.post(tap, {"key": key, "card": CARD}, secure=True)["Location"] == address
    client.post(tap, {"key": key, "card": "laryngospasm"}, secure=True)
    assert client.post(tap, {"key": str(ids.new()), "card": "tea"}, secure=True).status_code == 422
    events = session.events.filter(what=What.EVENT).order_by("seq")
    assert [CARD in events[0].told, "laryngospasm" in events[1].told, len(events)] == [True, True, 2]
    page = html.unescape(client.get(address, secure=True).content.decode())
    assert "This clinic has not written this card" in page
    assert "Since " in page
    assert "911" in page
    assert f'action="/sessions/{session.id}/help/"' in page
    sign(site, doctor)
    page = client.get(address, secure=True).content.decode()
    assert "<p>Our own words, first line.<br>Second line.</p>" in page
    assert "has not written" not in page
    assert client.get(f"/sessions/{session.id}/cards/tea/", secure=True).status_code == 404


def test_it_is_tapped_behind_the_lock_and_said_to_have_been(session, nurse, noon) -> None:
    client, address = signed_in(nurse), f"/sessions/{session.id}/cards/{CARD}/"
    tap = f"/sessions/{session.id}/cards/"
    client.post("/lock/", {}, secure=True)
    assert client.post(tap, {"key": str(ids.new()), "card": CARD}, secure=True)["Location"] == address
    assert client.get(address, secure=True).status_code == 200
    assert '"locked": true' in session.events.get(what=What.EVENT).told
    told = {"outcome": "not_today", "why": "fever", "safe": "yes", "home": "accompanied", "suicide_asked": "no"}
    does(session, What.ENDED, nurse, noon, **told)
    assert client.get(address, secure=True).status_code == 404
    open_ = signed_in(nurse)
    assert open_.post(tap, {"key": str(ids.new()), "card": CARD}, secure=True).status_code == 409


PAGES = ("", "cockpit/", "leave/", "late/", "record/", "hand-out/", "hand-over/", "events/1/", f"cards/{CARD}/")


def test_on_every_page_of_an_open_session_the_call_and_each_card_are_one_tap_away(session, nurse, noon) -> None:
    client = signed_in(nurse)
    pages = [f"/sessions/{session.id}/{one}" for one in PAGES]
    for emergency in (False, True):
        if emergency:
            does(session, What.EMERGENCY_OPENED, nurse, noon)
        for address in pages:
            row = client.get(address, secure=True).content.decode().partition('class="help-row')[2]
            row = row.partition("help.css")[0]
            assert f'action="/sessions/{session.id}/help/"' in row, address
            assert all(f'name="card" value="{id}"' in row for id in sessions.cards()), address
            assert "<details" not in row
    told = {"outcome": "transferred", "why": "to hospital"}
    does(session, What.ENDED, nurse, noon, **told)
    assert not [one for one in pages if "help-row" in client.get(one, secure=True).content.decode()]
