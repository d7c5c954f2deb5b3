"""Is somebody who floods a page told to wait, and nobody else?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from daybreak.web import clock, serve
from daybreak.web.flood import limits
from daybreak.web.flood.doors import DOORS, LINK, REFERRAL, SPAN, Door
from daybreak.web.flood.models import Tally
from daybreak.web.links.tokens import token
from daybreak.web.people.roles import Role
from daybreak.web.serve import Listening
from tests.browser.clinic import own_database
from tests.web.conftest import browser, signed_in
from tests.web.outbox.test_clocks import together

AT = datetime(2026, 11, 28, 9, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def doors(monkeypatch):
    monkeypatch.setitem(DOORS, REFERRAL, Door(each=3, every=5))


def request(address="203.0.113.9", *, at=AT, person=None, **claims):
    told = {"REMOTE_ADDR": address} | claims
    return SimpleNamespace(META=told, received_at=at, person=person)


def admitted(times, address="203.0.113.9", **other) -> int:
    """How many of so many were let in."""
    found = 0
    for _ in range(times):
        try:
            limits.admit(request(address, **other), REFERRAL)
            found += 1
        except limits.TooOften:
            pass
    return found


def test_one_address_gets_its_share_and_then_waits(db) -> None:
    assert admitted(10) == 3
    with pytest.raises(limits.TooOften, match="Wait 7 min") as wait:
        limits.admit(request(), REFERRAL)
    assert wait.value.status == 429
    assert "7 分钟" in wait.value.sentence("zh-Hans")
    assert admitted(10, at=AT + SPAN) == 3


def test_who_floods_does_not_use_up_what_is_for_all(db) -> None:
    assert admitted(50) == 3
    assert admitted(2, "198.51.100.1") == 2
    assert admitted(1, "198.51.100.2") == 0, "five from everywhere"


def test_whoever_is_signed_in_is_never_held_up_nor_counted(db) -> None:
    assert admitted(50) == 3
    assert admitted(20, person=object()) == 20
    assert admitted(2, "198.51.100.1") == 2


@pytest.mark.parametrize(
    ("first", "then", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one connection is given all of it
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("203.0.113.8", "203.0.113.9", False),
        ("", "", True),
    ],
)
def test_which_addresses_are_one(db, first, then, same) -> None:
    admitted(3, first)
    assert admitted(1, then) == (0 if same else 1)


def test_what_a_stranger_claims_is_not_read(db) -> None:
    claims = [{"HTTP_X_FORWARDED_FOR": f"198.51.100.{n}", "HTTP_FORWARDED": f"for=198.51.100.{n}"} for n in range(9)]
    assert sum(admitted(1, **one) for one in claims) == 3


@pytest.mark.parametrize(
    ("proxy", "peer", "counts"),
    [
        ("127.0.0.1", "127.0.0.1", "203.0.113.9"),  # what our proxy added, not what its client claimed
        ("127.0.0.1", "198.51.100.4", "198.51.100.4"),  # somebody who came past the proxy
        ("", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_behind_the_named_proxy_the_address_is_the_one_it_saw(proxy, peer, counts) -> None:
    seen = []

    async def page(scope, receive, send) -> None:
        seen.append(scope["client"][0])

    made = serve._configuration(Listening(proxy=proxy))
    made.app = page
    made.load()
    headers = [(b"x-forwarded-for", b"192.0.2.66, 203.0.113.9"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "client": (peer, 1), "scheme": "http", "headers": headers}
    asyncio.run(made.loaded_app(scope, None, None))
    assert seen == [counts]


def test_no_address_is_kept(db) -> None:
    admitted(1)
    assert "203.0.113" not in str(list(Tally.objects.values_list()))


def test_spans_that_are_over_are_removed(db) -> None:
    admitted(1)
    clock.tidy(at=AT + SPAN / 2)
    assert Tally.objects.exists()
    clock.tidy(at=AT + SPAN)
    assert not Tally.objects.exists()


@pytest.fixture
def apart(django_db_setup, django_db_blocker, tmp_path) -> Iterator[None]:
    """Threads see each other's rows only when these are committed: a database apart."""
    with django_db_blocker.unblock(), own_database(tmp_path.name, tmp_path):
        yield


def test_many_at_once_are_counted_one_by_one(apart) -> None:
    let_in: list[int] = []
    together(lambda: let_in.append(admitted(2)), times=8)
    assert sum(let_in) == 3


def test_who_guesses_links_waits_and_a_good_link_opens_even_there(invited) -> None:
    client = browser()
    answers = [client.post(f"/l/{n:043}/", secure=True).status_code for n in range(DOORS[LINK].each + 2)]
    assert answers == [404] * DOORS[LINK].each + [429] * 2
    page = client.post(f"/l/{'x' * 43}/", secure=True).content.decode()
    assert "Wait" in page
    assert "tel:" in page, "who is shut out still learns whom to call"
    link = invited("lee", Role.NURSE, at=datetime.now(UTC))
    assert client.get(f"/l/{token(link)}/", secure=True).status_code == 200
    assert client.post(f"/l/{token(link)}/", secure=True).status_code == 302


def test_staff_at_the_same_address_go_on_working(person) -> None:
    client = browser()
    for n in range(DOORS[LINK].each + 2):
        client.post(f"/l/{n:043}/", secure=True)
    lee = signed_in(person("lee", Role.NURSE))
    assert lee.get("/patients/", secure=True).status_code == 200
    assert lee.post(f"/l/{'x' * 43}/", secure=True).status_code == 404
    assert client.get("/login/", secure=True).status_code == 200
