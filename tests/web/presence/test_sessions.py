"""Does somebody see where they are signed in, and can they end it?"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from daybreak.web.audit.models import Entry
from daybreak.web.people.roles import Role
from daybreak.web.presence import devices
from daybreak.web.presence.models import Session
from tests.web.conftest import browser, signed_in

IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [
        (IPAD, "Safari · iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome · Android"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_its_owner_would(user_agent, named) -> None:
    assert devices.named(user_agent) == named


def test_ones_own_sessions_are_listed_and_ended_one_by_one(person) -> None:
    lee = person("lee", Role.NURSE)
    here, there, third = (signed_in(lee, device=name) for name in ("Safari · iPad", "Firefox · Linux", ""))
    page = here.get("/me/", secure=True)
    assert page.context["sessions"][0].device == "Safari · iPad"
    assert {one.device for one in page.context["sessions"]} == {"Safari · iPad", "Firefox · Linux", ""}
    assert "Unknown device" in page.content.decode()
    linux = next(one for one in page.context["sessions"] if one.device == "Firefox · Linux")
    assert here.post("/me/sessions/", {"session": linux.id}, secure=True).status_code == 302
    assert [client.get("/me/", secure=True).status_code for client in (here, there, third)] == [200, 302, 200]
    here.post("/me/sessions/", secure=True)
    assert third.get("/me/", secure=True).status_code == 302
    assert Entry.objects.filter(action="session_ended", who=lee.id).count() == 2


def test_nobody_ends_somebody_elses_session_or_the_one_they_are_in(person) -> None:
    lee, eve = person("lee", Role.NURSE), person("eve", Role.NURSE)
    lees, eves = signed_in(lee), signed_in(eve)
    for row in Session.objects.all():
        eves.post("/me/sessions/", {"session": row.session_key}, secure=True)
    assert [client.get("/me/", secure=True).status_code for client in (lees, eves)] == [200, 200]


def test_a_stolen_database_holds_no_session(person) -> None:
    client = signed_in(person("lee", Role.NURSE))
    secret = client.cookies[settings.SESSION_COOKIE_NAME].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM presence_session")
        assert secret not in str(cursor.fetchall())
    thief = browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get().session_key
    assert thief.get("/me/", secure=True).status_code == 302


def test_browsers_find_the_icon(db) -> None:
    address = browser().get("/favicon.ico", secure=True).url
    icon = browser().get(address, secure=True)
    assert (icon.status_code, icon["Content-Type"], icon.streaming) == (200, "image/svg+xml", False)
