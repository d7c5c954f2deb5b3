"""Does a passkey let its owner in, and nobody else?"""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from fido2.utils import websafe_decode, websafe_encode

from daybreak.web.audit.models import Entry
from daybreak.web.people import grants, step_up
from daybreak.web.people.roles import Role
from daybreak.web.presence import challenges, passkeys
from daybreak.web.presence.models import Challenge, Passkey
from daybreak.web.refusals import Refused
from tests.web.conftest import browser, signed_in
from tests.web.presence.authenticator import PRESENT, Authenticator

NEVER_CONFIRMED = time.time() - step_up.LASTS - 60


def asked(client, purpose, address="/login/passkey/options/"):
    answer = client.post(address, {"purpose": purpose}, secure=True)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def device(lee):
    """Lee's device, registered on the own page."""
    client, device = signed_in(lee), Authenticator()
    answer = device.make(asked(client, "register", "/me/passkeys/options/"))
    assert client.post("/me/passkeys/new/", {"name": "My phone", "passkey": answer}, secure=True).url == "/me/"
    return device


def come_in(device, client=None, **wrong):
    client = client or browser()
    answer = device.sign(asked(client, "sign_in"), **wrong)
    return client.post("/login/passkey/", {"passkey": answer, "next": ""}, secure=True)


def test_a_passkey_is_a_complete_way_in(device, lee) -> None:
    client = browser()
    assert come_in(device, client).url == "/"
    own = client.get("/me/", secure=True).content.decode()
    assert "My phone" in own
    assert f"Added on {datetime.now(UTC):%Y-%m-%d}" in own
    assert Entry.objects.filter(action="passkey_sign_in", who=lee.id).count() == 1
    assert come_in(device).url == "/", "and again, with the next count"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://clinic.example.org.evil.example"},
        {"origin": "https://evil.clinic.example.org"},
        {"origin": "http://clinic.example.org"},
        {"origin": "https://clinic.example.org:8443"},
        {"rp": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"type": "webauthn.create"},
        {"challenge": "A" * 43},
        {"user": b"somebody else...."},
        {"user": b""},
    ],
    ids=str,
)
def test_an_answer_that_is_wrong_anywhere_is_refused(device, lee, wrong) -> None:
    client = browser()
    assert come_in(device, client, **wrong).status_code == 422
    assert client.get("/me/", secure=True).status_code == 302
    assert Entry.objects.filter(action="sign_in_failed", who=lee.id).count() == 1


def test_an_answer_is_taken_once(device) -> None:
    client = browser()
    answer = device.sign(asked(client, "sign_in"))
    again = {"passkey": answer, "next": ""}
    assert client.post("/login/passkey/", again, secure=True).status_code == 302
    assert client.post("/login/passkey/", again, secure=True).status_code == 422


def test_an_answer_is_used_up_even_when_it_was_wrong(device) -> None:
    client = browser()
    options = asked(client, "sign_in")
    wrong, right = device.sign(options, origin="https://evil.example"), device.sign(options)
    for answer in (wrong, right):
        assert client.post("/login/passkey/", {"passkey": answer}, secure=True).status_code == 422


def test_an_answer_counts_in_the_session_that_asked_and_for_its_purpose(device, lee) -> None:
    one, other = browser(), browser()
    answer = device.sign(asked(one, "sign_in"))
    asked(other, "sign_in")
    assert other.post("/login/passkey/", {"passkey": answer}, secure=True).status_code == 422
    client = signed_in(lee, began=NEVER_CONFIRMED)
    confirming = device.sign(asked(client, "confirm", "/me/passkeys/options/"))
    assert client.post("/login/passkey/", {"passkey": confirming}, secure=True).status_code == 422


def test_the_challenge_gets_too_old(device) -> None:
    client = browser()
    answer = device.sign(asked(client, "sign_in"))
    Challenge.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    page = client.post("/login/passkey/", {"passkey": answer}, secure=True)
    assert "too old" in page.content.decode()
    asked(client, "sign_in")
    challenges.forget(at=datetime.now(UTC) + challenges.LASTS + timedelta(seconds=1))
    assert not Challenge.objects.exists()


def test_an_unknown_key_is_refused(device) -> None:
    stranger = Authenticator()
    stranger.user = device.user
    assert come_in(stranger).status_code == 422
    stranger.id = device.id
    assert come_in(stranger).status_code == 422, "the known name of a key, signed by another one"


@pytest.mark.parametrize("back", [0, 1, 5])
def test_a_counter_that_does_not_go_on_is_a_copy(device, back) -> None:
    for _ in range(5):
        assert come_in(device).status_code == 302
    device.counter -= 1 + back
    assert come_in(device).status_code == 422


def test_a_device_that_does_not_count_is_taken_as_it_is(lee) -> None:
    client, device = signed_in(lee), Authenticator(counts=False)
    answer = device.make(asked(client, "register", "/me/passkeys/options/"))
    client.post("/me/passkeys/new/", {"name": "Phone", "passkey": answer}, secure=True)
    assert [come_in(device).status_code for _ in range(2)] == [302, 302]


def test_who_holds_no_role_does_not_come_in(device, lee) -> None:
    grants.disable(lee, by=None, at=datetime.now(UTC))
    assert come_in(device).status_code == 422


def test_it_is_the_second_step_too_but_only_ones_own(device, lee, person) -> None:
    for login, status in (("lee", 302), ("eve", 422)):
        someone = lee if login == "lee" else person("eve", Role.NURSE)
        client = browser()
        store = signed_in(someone).session  # only its store: the half-way session has no user
        store.flush()
        store["half"] = {"person": str(someone.id), "until": time.time() + 60}
        store.create()
        client.cookies["__Host-session"] = store.session_key
        assert (client.get("/login/code/", secure=True).context["has_passkey"]) is (login == "lee")
        answer = device.sign(asked(client, "second"))
        assert client.post("/login/code/", {"passkey": answer, "next": ""}, secure=True).status_code == status


def test_it_confirms_who_one_is_but_only_ones_own(device, lee, person) -> None:
    for someone, status in ((lee, 302), (person("eve", Role.NURSE), 422)):
        client = signed_in(someone, began=NEVER_CONFIRMED)
        assert client.get("/me/passkeys/new/", secure=True).context["step_up"]
        answer = device.sign(asked(client, "confirm", "/me/passkeys/options/"))
        assert client.post("/me/passkeys/new/", {"passkey": answer}, secure=True).status_code == status


def test_a_new_key_needs_a_confirmation_first(lee) -> None:
    client, device = signed_in(lee, began=NEVER_CONFIRMED), Authenticator()
    answer = device.make(asked(client, "register", "/me/passkeys/options/"))
    page = client.post("/me/passkeys/new/", {"name": "x", "passkey": answer}, secure=True)
    assert page.status_code == 422
    assert 'role="alert" tabindex="-1" autofocus' in page.content.decode(), "nothing else has the focus there"
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"flags": PRESENT}], ids=str)
def test_a_key_that_was_made_elsewhere_is_refused(lee, wrong) -> None:
    client = signed_in(lee)
    answer = Authenticator().make(asked(client, "register", "/me/passkeys/options/"), **wrong)
    assert client.post("/me/passkeys/new/", {"name": "x", "passkey": answer}, secure=True).status_code == 422


def test_a_key_belongs_to_one_person_and_needs_a_name(device, person) -> None:
    client = signed_in(person("eve", Role.NURSE))
    for name, says in (("x", "already"), ("", "Give the passkey a name")):
        answer = device.make(asked(client, "register", "/me/passkeys/options/"))
        page = client.post("/me/passkeys/new/", {"name": name, "passkey": answer}, secure=True)
        assert (page.status_code, says in page.content.decode()) == (422, True)
    assert Passkey.objects.count() == 1


def test_a_key_is_removed_by_its_owner_alone(device, lee, person) -> None:
    key = {"which": str(Passkey.objects.get().id)}
    signed_in(person("eve", Role.NURSE)).post("/me/passkeys/remove/", key, secure=True)
    assert come_in(device).status_code == 302
    for _ in range(2):
        assert signed_in(lee).post("/me/passkeys/remove/", key, secure=True).url == "/me/"
    assert come_in(device).status_code == 422
    assert Entry.objects.filter(action="passkey_removed").count() == 1


def test_a_key_is_not_removed_at_a_browser_that_was_left(device, lee) -> None:
    key = {"which": str(Passkey.objects.get().id)}
    left = signed_in(lee, began=time.time() - 3600)
    asked_again = left.post("/me/passkeys/remove/", key, secure=True)
    assert (asked_again.status_code, 'name="confirm"' in asked_again.content.decode()) == (200, True)
    assert left.post("/me/passkeys/remove/", key | {"confirm": "no such password"}, secure=True).status_code == 422
    assert come_in(device).status_code == 302


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "7", '{"id": "x"}', "[" * 5000, '{"id": 1, "response": 2}'])
def test_nonsense_is_refused_with_a_sentence(db, lee, answer) -> None:
    client = browser()
    asked(client, "sign_in")
    assert client.post("/login/passkey/", {"passkey": answer}, secure=True).status_code == 422
    mine = signed_in(lee)
    asked(mine, "register", "/me/passkeys/options/")
    assert mine.post("/me/passkeys/new/", {"name": "x", "passkey": answer}, secure=True).status_code == 422


def test_a_damaged_answer_is_refused_with_a_sentence(device) -> None:
    """Whatever byte of it is another one: the library's ways to stumble all end in our sentence."""
    client, chance = browser(), random.Random(3)
    for _ in range(200):
        whole = json.loads(device.sign(asked(client, "sign_in")))
        part = chance.choice(["clientDataJSON", "authenticatorData", "signature"])
        damaged = bytearray(websafe_decode(whole["response"][part]))
        damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)
        whole["response"][part] = websafe_encode(bytes(damaged))
        assert client.post("/login/passkey/", {"passkey": json.dumps(whole)}, secure=True).status_code == 422


def test_the_options_are_for_those_who_may_ask(db, lee) -> None:
    assert browser().post("/login/passkey/options/", {"purpose": "second"}, secure=True).status_code == 400
    assert browser().post("/login/passkey/options/", {"purpose": "register"}, secure=True).status_code == 400
    assert signed_in(lee).post("/me/passkeys/options/", {"purpose": "sign_in"}, secure=True).status_code == 400
    options = asked(browser(), "sign_in")["publicKey"]
    assert "allowCredentials" not in options, "nobody learns from it who is registered here"
    assert options["rpId"] == "clinic.example.org"


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://localhost:8000", True),
        ("http://localhost:8123", True),
        ("http://127.0.0.1:8000", False),
        ("https://localhost:8000", False),
        ("http://localhost.evil.example", False),
        ("", False),
    ],
)
def test_a_demo_is_reached_by_the_name_of_this_machine(settings, origin, ours) -> None:
    from dataclasses import replace

    place = replace(settings.PLACE, profile="demo", public_url="http://localhost:8000")
    with override_settings(PLACE=place):
        assert passkeys._is_ours(origin) is ours


def test_a_challenge_is_used_by_one_of_two(db) -> None:
    now = datetime.now(UTC)
    challenges.keep("x", session="s", purpose="sign_in", at=now)
    assert [challenges.take(session="s", purpose="sign_in", at=now) for _ in range(2)] == ["x", None]
    with pytest.raises(Refused):
        passkeys.verified("{}", purpose="sign_in", person=None, session="s", at=now)
