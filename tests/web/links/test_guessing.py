"""Does guessing, replaying or forging ever open anything? (10,000 times with DAYBREAK_DEEP=1)"""

from __future__ import annotations

import base64
import os
import random
from datetime import UTC, datetime

import pytest
from django.core import signing

from daybreak.web.links import actions
from daybreak.web.links.born import GUESSES
from daybreak.web.links.models import FORM, JOIN, READERS, REVOKED, USED, WRONG, Link, LinkEvent
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.shown import COOKIE
from daybreak.web.links.tokens import digest, token
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from tests.web.conftest import browser

TIMES = 10_000 if os.environ.get("DAYBREAK_DEEP") == "1" else 400


@pytest.fixture
def link(invited) -> Link:
    return invited("lee", Role.NURSE, at=datetime.now(UTC))


def guesses(link: Link, made: random.Random) -> str:
    """What somebody would try: near misses of a real token, what the database tells, and anything at all."""
    real = token(link)
    n = made.randrange(len(real))
    other = made.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".replace(real[n], ""))
    tries = (
        real[:n] + other + real[n + 1 :],
        real[:n],
        real + other,
        real.swapcase(),
        digest(real),
        str(link.id),
        base64.urlsafe_b64encode(made.randbytes(32)).decode().rstrip("="),
        made.choice(("", "'", "%00", "../" * n, "token" * n)),
    )
    return made.choice(tries)


def test_guesses_open_nothing(link) -> None:
    made, now = random.Random(20), datetime.now(UTC)
    for _ in range(TIMES):
        with pytest.raises(Refused):
            actions.use(guesses(link, made), at=now)
    assert not LinkEvent.objects.exists()
    assert actions.use(token(link), at=now) == link


def test_replays_open_nothing_more(link) -> None:
    real, now = token(link), datetime.now(UTC)
    actions.use(real, at=now)
    for _ in range(TIMES):
        with pytest.raises(Refused):
            actions.use(real, at=now)
    assert LinkEvent.objects.filter(kind=USED).count() == 1


def test_of_guesses_at_one_moment_no_more_than_allowed_are_compared(link) -> None:
    now = datetime.now(UTC)
    assert actions.guess(link, True, most=GUESSES, at=now)
    assert not any(actions.guess(link, False, most=GUESSES, at=now) for _ in range(GUESSES))
    assert not actions.guess(link, True, most=GUESSES, at=now), (
        "found the link good before the last wrong one was counted"
    )
    assert not actions.guess(link, False, most=GUESSES, at=now)
    assert sorted(LinkEvent.objects.values_list("kind", flat=True)) == [REVOKED, *[WRONG] * GUESSES]


def test_a_cookie_of_one_purpose_is_none_for_another(link) -> None:
    client = browser()
    opened = client.post(f"/l/{token(link)}/", secure=True)
    value = opened.cookies[COOKIE].value
    for purpose in (READERS, FORM):
        thief = browser()
        thief.cookies[COOKIE] = value
        assert thief.get(PURPOSES[purpose].leads_to, secure=True).status_code == 404


def test_forged_cookies_open_nothing(link) -> None:
    made = random.Random(21)
    good = signing.dumps(str(link.id), salt=f"link.{JOIN}")
    client = browser()
    for _ in range(TIMES // 20):
        n = made.randrange(len(good) - 1)
        client.cookies[COOKIE] = good[:n] + ("A" if good[n] != "A" else "B") + good[n + 1 :]
        assert client.get("/join/", secure=True).status_code == 404
    client.cookies[COOKIE] = signing.dumps(str(link.id), salt=f"link.{JOIN}", key="another key")
    assert client.get("/join/", secure=True).status_code == 404
