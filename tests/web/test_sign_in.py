"""Can the right person come in, and nobody else?"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.conf import settings

from daybreak.web.audit.models import Entry
from daybreak.web.links.tokens import token
from daybreak.web.people import grants, lockout, second_factor, sessions
from daybreak.web.people.models import Attempt, Person, RecoveryCode, UsedCode
from daybreak.web.people.roles import Role
from tests.web.conftest import browser, signed_in

PASSWORD = "four owls under a bridge"
HERE, ELSEWHERE = {"REMOTE_ADDR": "192.0.2.10"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def joined(invited):
    """Lee, a nurse, after the link: the browser of then, the app, and the recovery codes."""
    link = invited("lee", Role.NURSE, at=datetime.now(UTC))
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    app = pyotp.TOTP(second_factor.secret(nonce=link.id))
    page = client.post(
        "/join/", {"password": PASSWORD, "again": PASSWORD, "code": app.at(time.time() - 30)}, secure=True
    )
    assert page.status_code == 200, page.content.decode()
    return app, page.context["codes"]


def sign_in(client, *, password=PASSWORD, code=None, login="lee", next="", **where):
    first = client.post("/login/", {"login": login, "password": password, "next": next}, secure=True, **where)
    if first.status_code != 302 or code is None:
        return first
    return client.post("/login/code/", {"code": code, "next": next}, secure=True, **where)


def test_from_the_link_to_the_own_page(joined) -> None:
    app, _ = joined
    client = browser()
    assert sign_in(client, code=app.now(), login=" LEE ").url == "/"
    page = client.get("/me/", secure=True).content.decode()
    assert "Lee" in page
    assert "Main Street" in page
    assert list(Entry.objects.order_by("id").values_list("action", flat=True))[-2:] == ["password_set", "signed_in"]


def test_each_wrong_half_is_refused(joined) -> None:
    assert sign_in(browser(), password="wrong").status_code == 422
    assert sign_in(browser(), login="nobody").status_code == 422
    client = browser()
    assert sign_in(client, code="000000").status_code == 422
    assert client.get("/me/", secure=True).status_code == 302, "half signed in is not signed in"
    assert browser().get("/login/code/", secure=True).url == "/login/", "no code without a password"
    assert "_auth_user_id" not in client.session


def test_the_refusal_is_the_same_for_known_and_unknown_names(joined) -> None:
    known, unknown = (sign_in(browser(), login=name, password="wrong") for name in ("lee", "nobody"))
    assert known.status_code == unknown.status_code
    assert known.context["problems"] == unknown.context["problems"]


def test_a_code_of_the_app_works_once(joined) -> None:
    app, _ = joined
    code = app.now()
    assert sign_in(browser(), code=code).status_code == 302
    assert sign_in(browser(), code=code).status_code == 422
    assert UsedCode.objects.count() == 2, "the one of joining and the one of signing in"


def test_a_recovery_code_works_once(joined) -> None:
    _, codes = joined
    assert len(set(codes)) == second_factor.RECOVERY_CODES == RecoveryCode.objects.count()
    assert sign_in(browser(), code=codes[3].upper()).status_code == 302
    assert sign_in(browser(), code=codes[3]).status_code == 422
    client = browser()
    assert sign_in(client, code=codes[4].replace("-", " ")).status_code == 302
    own = client.get("/me/", secure=True).content.decode()
    assert 'Recovery codes left</h2>\n<p><strong class="number">8</strong>' in own
    assert "ask an administrator for a new link" in own


def test_the_session_gets_a_new_id(joined) -> None:
    app, _ = joined
    client = browser()
    sign_in(client)
    half = client.session.session_key
    client.post("/login/code/", {"code": app.now()}, secure=True)
    assert client.session.session_key != half


def test_a_stranger_cannot_lock_out_a_nurse(joined) -> None:
    app, _ = joined
    for _ in range(lockout.FAILURES_OF_ONE_NAME):
        assert sign_in(browser(), password="guess", **ELSEWHERE).status_code == 422
    locked = sign_in(browser(), password=PASSWORD, **ELSEWHERE)
    assert locked.status_code == 429
    assert "Wait 15 min" in locked.content.decode()
    assert sign_in(browser(), code=app.now(), **HERE).url == "/"


def test_nor_can_somebody_at_the_same_address(joined) -> None:
    """One address may be a whole clinic with its guests; the nurse's own browser is a place of its own."""
    app, codes = joined
    tablet = browser()
    assert sign_in(tablet, code=app.now(), **HERE).url == "/"
    tablet.post("/logout/", secure=True)
    for _ in range(lockout.FAILURES_OF_ONE_NAME):
        assert sign_in(browser(), password="guess", **HERE).status_code == 422
    assert sign_in(browser(), code=codes[0], **HERE).status_code == 429
    assert sign_in(tablet, code=codes[1], **HERE).url == "/"


def test_a_browser_is_a_place_of_its_own_only_for_whom_it_knows(joined, person) -> None:
    app, _ = joined
    person("eve", Role.NURSE)
    eves = browser()
    assert sign_in(eves, code=app.now()).url == "/"
    for _ in range(lockout.FAILURES_OF_ONE_NAME):
        sign_in(eves, login="eve", password="guess", **ELSEWHERE)
    assert sign_in(browser(), login="eve", password="guess", **ELSEWHERE).status_code == 429
    assert sign_in(eves, **ELSEWHERE).status_code == 302
    eves.cookies[settings.DEVICE_COOKIE_NAME] = "forged"
    for _ in range(lockout.FAILURES_OF_ONE_NAME):
        sign_in(eves, password="guess", **ELSEWHERE)
    assert sign_in(eves, password="guess", **ELSEWHERE).status_code == 429


def test_codes_are_guessed_no_oftener_than_passwords(joined) -> None:
    client = browser()
    sign_in(client)
    for _ in range(lockout.FAILURES_OF_ONE_NAME):
        client.post("/login/code/", {"code": "000000"}, secure=True)
    assert client.post("/login/code/", {"code": "000000"}, secure=True).status_code == 429
    assert sign_in(client).status_code == 429, "the right password does not start the count again"


def test_many_names_from_one_address_are_held_up_but_not_who_signed_in_there(joined, monkeypatch) -> None:
    monkeypatch.setattr(lockout, "FAILURES_OF_ONE_ADDRESS", 8)
    app, _ = joined
    assert sign_in(browser(), code=app.now(), **HERE).status_code == 302
    for n in range(8):
        sign_in(browser(), login=f"name{n}", **HERE)
    assert sign_in(browser(), login="name9", **HERE).status_code == 429
    assert sign_in(browser(), **HERE).status_code == 302


def test_waiting_helps_and_old_attempts_are_forgotten(joined) -> None:
    now = datetime.now(UTC)
    for _ in range(lockout.FAILURES_OF_ONE_NAME):
        lockout.begin("lee", address="::1", at=now)
    with pytest.raises(lockout.TooOften):
        lockout.begin("lee", address="::1", at=now)
    lockout.begin("lee", address="::1", at=now + lockout.WITHIN)
    lockout.forget(at=now + timedelta(days=31))
    assert not Attempt.objects.exists()


def test_who_holds_no_role_cannot_sign_in(joined) -> None:
    grants.disable(Person.objects.get(), by=None, at=datetime.now(UTC))
    assert sign_in(browser()).status_code == 422


def test_an_open_session_ends_with_the_last_role(person) -> None:
    lee = person("lee", Role.NURSE)
    client = signed_in(lee)
    assert client.get("/me/", secure=True).status_code == 200
    grants.disable(lee, by=None, at=datetime.now(UTC))
    assert client.get("/me/", secure=True).status_code == 403


def test_a_new_password_ends_other_sessions(person) -> None:
    lee = person("lee", Role.NURSE)
    client = signed_in(lee)
    lee.set_password(PASSWORD)
    lee.save()
    assert client.get("/me/", secure=True).status_code == 302


@pytest.mark.parametrize(
    ("began", "seen", "status"),
    [
        (0, 0, 200),
        (sessions.LONGEST - 60, 0, 200),
        (sessions.LONGEST + 60, 0, 302),
        (sessions.IDLE, sessions.IDLE - 60, 200),
        (sessions.IDLE + 60, sessions.IDLE + 60, 302),
    ],
)
def test_a_session_ends_after_12_hours_and_is_locked_after_15_idle_minutes(person, began, seen, status) -> None:
    client = signed_in(person("lee", Role.NURSE), began=time.time() - began, seen=time.time() - seen)
    assert client.get("/me/", secure=True).status_code == status
    if status == 200 and seen:
        assert time.time() - client.session["seen"] < 5


def test_signing_out_ends_the_session_on_the_server(person) -> None:
    client = signed_in(person("lee", Role.NURSE))
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/logout/", secure=True).status_code == 405
    left = client.post("/logout/", secure=True)
    assert "cache" in left["Clear-Site-Data"]
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert client.get("/me/", secure=True).status_code == 302


@pytest.mark.parametrize(
    ("onward", "leads"), [("/audit/", "/audit/"), ("https://evil.example", "/"), ("//evil.example", "/")]
)
def test_signing_in_leads_only_to_our_own_pages(joined, onward, leads) -> None:
    app, _ = joined
    assert sign_in(browser(), code=app.now(), next=onward).url == leads


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("too short", "at least 15"),
        ("lee@example.com", None),
        (PASSWORD, None),
        ("密码很长很长很长很长很长很长很长", None),
        ("x" * 500, None),
    ],
)
def test_length_decides_about_a_password(invited, password, says) -> None:
    link = invited("lee", Role.NURSE, at=datetime.now(UTC))
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    code = pyotp.TOTP(second_factor.secret(nonce=link.id)).now()
    page = client.post("/join/", {"password": password, "again": password, "code": code}, secure=True)
    assert page.status_code == (422 if says else 200)
    assert says is None or says in page.content.decode()


def test_joining_says_what_is_wrong_and_keeps_the_link(invited) -> None:
    link = invited("lee", Role.NURSE, at=datetime.now(UTC))
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    shown = client.get("/join/", secure=True).content.decode()
    assert "<svg" in shown
    differ = client.post("/join/", {"password": PASSWORD, "again": "other", "code": "1"}, secure=True)
    assert "differ" in differ.content.decode()
    wrong = client.post("/join/", {"password": PASSWORD, "again": PASSWORD, "code": "1"}, secure=True)
    assert (wrong.status_code, "should show" in wrong.content.decode()) == (422, True)
    assert not Person.objects.get().has_usable_password()


def test_a_stolen_database_has_no_secret_of_the_app(joined) -> None:
    lee = Person.objects.get()
    factor = lee.second_factors.get()
    with pytest.raises(AttributeError):
        second_factor.secret(nonce=factor.nonce, key="of another clinic")


def test_the_language_is_the_readers(joined) -> None:
    assert "登录" in browser(**{"accept-language": "zh-Hans"}).get("/login/", secure=True).content.decode()
    client = browser()
    chosen = client.post("/language/", {"language": "zh-hans", "next": "/login/"}, secure=True)
    assert chosen.url == "/login/"
    page = client.get("/login/", secure=True)
    assert 'lang="zh-hans"' in page.content.decode()
    wrong = sign_in(client, password="x")
    assert "登录名与密码不匹配" in wrong.content.decode()
