"""Is a session that was left alone locked, and does a few digits' worth of its owner open it again?"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from daybreak.web.audit.models import Entry
from daybreak.web.people import lockout, sessions, step_up
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.presence.models import Pin
from daybreak.web.refusals import Refused
from tests.web.conftest import browser, signed_in
from tests.web.patients.samples import registered
from tests.web.presence.authenticator import Authenticator
from tests.web.presence.test_passkeys import asked

PASSWORD, PIN = "four owls under a bridge", "582914"
IDLE = sessions.IDLE + 60


@pytest.fixture
def lee(person):
    someone = person("lee", Role.NURSE)
    someone.set_password(PASSWORD)
    someone.save()
    pins.choose(someone, pin=PIN, again=PIN, at=datetime.now(UTC))
    return someone


def left_alone(lee):
    return signed_in(lee, began=time.time() - IDLE - 60, seen=time.time() - IDLE)


def unlock(client, typed=PIN, next="/me/"):
    return client.post("/unlock/", {"pin": typed, "next": next}, secure=True)


def test_one_returns_to_where_one_was_and_meanwhile_nothing_is_shown(lee, site) -> None:
    patient = registered(site, lee)
    client, page = left_alone(lee), f"/patients/{patient.id}/"
    locked = client.get(page, secure=True)
    assert locked.url == f"/unlock/?next={page}"
    asks = client.get(locked.url, secure=True).content.decode()
    assert "Lee" in asks
    assert "Keller" not in asks
    assert unlock(client, next=page).url == page
    assert "Keller" in client.get(page, secure=True).content.decode()
    assert Entry.objects.filter(action="unlocked", who=lee.id).count() == 1


@pytest.mark.parametrize("typed", [PIN, PASSWORD])
def test_pin_and_password_open_it(lee, typed) -> None:
    client = left_alone(lee)
    assert unlock(client, typed).url == "/me/"
    assert client.get("/me/", secure=True).status_code == 200


def test_it_stays_locked_however_often_a_page_is_asked_for(lee) -> None:
    client = left_alone(lee)
    for _ in range(3):
        assert client.get("/me/", secure=True).status_code == 302
    assert unlock(client, "000000").status_code == 422
    assert client.get("/me/", secure=True).status_code == 302


def test_three_wrong_tries_end_this_session_and_no_other(lee) -> None:
    client, elsewhere = left_alone(lee), signed_in(lee)
    answers = [unlock(client, wrong) for wrong in ("111222", "wrong words in a row", "999888")]
    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert answers[-1].url == "/login/?next=/me/"
    assert unlock(client).url == "/login/?next=/me/"
    assert client.get("/me/", secure=True).url == "/login/?next=/me/"
    assert elsewhere.get("/me/", secure=True).status_code == 200
    lockout.begin("lee", address="127.0.0.1", at=datetime.now(UTC))


def test_many_tries_at_once_are_counted_one_by_one(lee) -> None:
    client = left_alone(lee)
    client.get("/me/", secure=True)
    session = client.session
    from daybreak.web.presence.store import digest

    now = datetime.now(UTC)
    for _ in range(pins.TRIES):
        assert not pins.is_theirs(lee, "000111", session=digest(session.session_key), at=now)
    with pytest.raises(lockout.TooOften):
        pins.is_theirs(lee, PIN, session=digest(session.session_key), at=now)


def test_a_passkey_opens_it_but_only_ones_own(lee, person) -> None:
    eve, device = person("eve", Role.NURSE), Authenticator()
    mine = signed_in(lee)
    answer = device.make(asked(mine, "register", "/me/passkeys/options/"))
    mine.post("/me/passkeys/new/", {"name": "Phone", "passkey": answer}, secure=True)
    for someone, status in ((lee, 302), (eve, 422)):
        client = left_alone(someone)
        client.get("/me/", secure=True)
        signed = device.sign(asked(client, "unlock", "/unlock/options/"))
        assert client.post("/unlock/", {"passkey": signed, "next": "/me/"}, secure=True).status_code == status


def test_a_session_is_locked_by_hand_and_left_for_good_at_12_hours(lee) -> None:
    client = signed_in(lee)
    locked = client.post("/lock/", {"next": "/audit/"}, secure=True)
    assert (locked.url, locked["Clear-Site-Data"]) == ("/unlock/?next=/audit/", '"cache"')
    assert client.get("/me/", secure=True).url == "/unlock/?next=/me/"
    assert unlock(client, next="https://evil.example/").url == "/"
    late = signed_in(lee, began=time.time() - sessions.LONGEST - 60, seen=time.time() - IDLE)
    assert late.get("/me/", secure=True).url == "/login/?next=/me/"


def test_who_is_not_locked_has_nothing_to_unlock(lee) -> None:
    for client, leads in ((browser(), "/login/?next=/me/"), (signed_in(lee), "/me/")):
        assert client.get(f"/unlock/?next={quote('/me/')}", secure=True).url == leads
        assert client.post("/unlock/options/", secure=True).url == "/"


def test_a_locked_session_can_be_signed_out(lee) -> None:
    client = left_alone(lee)
    client.post("/logout/", secure=True)
    assert client.get("/me/", secure=True).url == "/login/?next=/me/"
    assert Entry.objects.filter(action="signed_out", who=lee.id).exists()


@pytest.mark.parametrize(
    ("pin", "again", "says"),
    [
        ("12345", "12345", "6 to 12"),
        ("1234567890123", "1234567890123", "6 to 12"),
        ("58291a", "58291a", "6 to 12"),
        ("５８２９１４", "５８２９１４", "6 to 12"),
        ("", "", "6 to 12"),
        ("777777", "777777", "first"),
        ("234567", "234567", "first"),
        ("987654", "987654", "first"),
        ("582914", "582915", "differ"),
    ],
)
def test_a_pin_that_anybody_would_guess_is_refused(lee, pin, again, says) -> None:
    with pytest.raises(Refused, match=says):
        pins.choose(lee, pin=pin, again=again, at=datetime.now(UTC))


def test_a_pin_is_chosen_after_a_confirmation_and_replaces_the_last(lee) -> None:
    old = time.time() - step_up.LASTS - 60
    client = signed_in(lee, began=old)
    new = {"pin": "739164", "again": "739164"}
    assert client.post("/me/pin/", new, secure=True).status_code == 422
    assert client.post("/me/pin/", {**new, "confirm": PASSWORD}, secure=True).url == "/me/"
    assert Pin.objects.get().hashed.startswith("argon2")
    left = left_alone(lee)
    assert unlock(left, PIN).status_code == 422
    assert unlock(left, "739164").status_code == 302


def test_a_pin_signs_nobody_in(lee) -> None:
    answer = browser().post("/login/", {"login": "lee", "password": PIN}, secure=True)
    assert answer.status_code == 422
    client = signed_in(lee, began=time.time() - step_up.LASTS - 60)
    assert client.post("/me/pin/", {"pin": "739164", "again": "739164", "confirm": PIN}, secure=True).status_code == 422
