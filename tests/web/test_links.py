"""Does a link open what it was made for, once, for its holder, and say nothing to anybody else?"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from daybreak.web.links import actions
from daybreak.web.links.models import Link, LinkEvent
from daybreak.web.links.shown import COOKIE
from daybreak.web.links.tokens import address, digest, token
from daybreak.web.people import actions as people_actions
from daybreak.web.people import grants
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from tests.web.conftest import browser


@pytest.fixture
def link(invited) -> Link:
    return invited("lee", Role.NURSE, at=datetime.now(UTC))


def test_the_address_is_the_public_one(link) -> None:
    assert address(link) == f"https://clinic.example.org/l/{token(link)}/"
    assert len(token(link)) == 43


def test_looking_changes_nothing_and_names_nobody(link, django_assert_num_queries) -> None:
    client = browser()
    with django_assert_num_queries(0):
        real = client.get(f"/l/{token(link)}/", secure=True)
        wrong = client.get(f"/l/{'x' * 43}/", secure=True)
    assert "lee" not in real.content.decode().lower()
    strip = lambda page, tok: page.content.decode().replace(tok, "").split("csrfmiddlewaretoken")[0]  # noqa: E731
    assert strip(real, token(link)) == strip(wrong, "x" * 43)
    assert not LinkEvent.objects.exists()


def test_pressing_the_button_gives_a_cookie_for_one_path(link) -> None:
    client = browser()
    opened = client.post(f"/l/{token(link)}/", secure=True)
    assert opened.url == "/join/"
    cookie = opened.cookies[COOKIE]
    assert (cookie["path"], cookie["secure"], cookie["httponly"], cookie["samesite"]) == (
        "/join/",
        True,
        True,
        "Strict",
    )
    assert token(link) not in cookie.value
    assert client.get("/join/", secure=True).status_code == 200


def test_a_link_is_used_once(link) -> None:
    assert browser().post(f"/l/{token(link)}/", secure=True).status_code == 302
    assert browser().post(f"/l/{token(link)}/", secure=True).status_code == 404


def test_a_link_ends(link) -> None:
    assert actions.usable(link, at=link.expires - timedelta(seconds=1))
    assert not actions.usable(link, at=link.expires)


def test_a_new_link_or_the_last_role_takes_back_the_old_one(link) -> None:
    lee = Person.objects.get()
    newer = people_actions.renew_access(lee, by=None, at=datetime.now(UTC))
    assert browser().post(f"/l/{token(link)}/", secure=True).status_code == 404
    client = browser()
    assert client.post(f"/l/{token(newer)}/", secure=True).status_code == 302
    grants.disable(lee, by=None, at=datetime.now(UTC))
    assert client.get("/join/", secure=True).status_code == 404, "also for who has opened it already"


@pytest.mark.parametrize("cookie", ["", "forged", "x:y:z"])
def test_a_forged_cookie_opens_nothing(db, cookie) -> None:
    client = browser()
    client.cookies[COOKIE] = cookie
    assert client.get("/join/", secure=True).status_code == 404


def test_the_token_is_stored_and_logged_nowhere(link, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    secret = token(link)
    client = browser()
    client.get(f"/l/{secret}/", secure=True)
    client.post(f"/l/{secret}/", secure=True)
    client.post(f"/l/{secret}/", secure=True)
    client.get(f"/l/{secret}/nothing-here/", secure=True)
    assert "GET /l/<str:token>/ 200" in caplog.text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert secret not in ours
    assert link.digest == digest(secret)
    assert secret not in str(list(Link.objects.values_list()))


def test_a_bug_of_ours_shows_and_logs_no_token(link, caplog, monkeypatch) -> None:
    monkeypatch.setattr(actions, "use", lambda *_, **__: 1 / 0)
    client = browser()
    client.raise_request_exception = False
    failed = client.post(f"/l/{token(link)}/", secure=True)
    assert (failed.status_code, "Nothing that you sent" in failed.content.decode()) == (500, True)
    assert "ZeroDivisionError" in caplog.text
    assert token(link) not in caplog.text
    assert token(link) not in failed.content.decode()


def test_another_key_makes_other_tokens(link, monkeypatch) -> None:
    ours = token(link)
    monkeypatch.setitem(settings.PLACE.keys, "links", (type(settings.PLACE.key("links"))("1", "another secret"),))
    assert token(link) != ours
