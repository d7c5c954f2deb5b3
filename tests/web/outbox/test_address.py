"""Does everybody say for themselves where they are reached?"""

from __future__ import annotations

import time

import pytest
from django.db import connection

from daybreak.web import ids
from daybreak.web.append_only import unprotected
from daybreak.web.audit.models import Entry
from daybreak.web.outbox import queries
from daybreak.web.outbox.models import Address
from tests.web.conftest import signed_in

PAGE = "/me/address/"


def give(client, email, key=None):
    return client.post(PAGE, {"key": key or ids.new(), "email": email}, secure=True)


def test_an_address_is_given_changed_and_removed_and_nothing_is_overwritten(lee) -> None:
    client = signed_in(lee)
    assert "No notice reaches you by mail" in client.get(PAGE, secure=True).content.decode()
    for email in ("lee@example.org", "  lee.moss@example.org ", ""):
        assert give(client, email).status_code == 302
    rows = list(Address.objects.order_by("id"))
    assert [row.email for row in rows] == ["lee@example.org", "lee.moss@example.org", ""]
    assert [row.replaces for row in rows] == [None, *rows[:2]]
    assert queries.address(lee).email == ""
    actions = Entry.objects.filter(object_type="outbox.address").order_by("id").values_list("action", "who")
    assert list(actions) == [("address_set", lee.id)] * 2 + [("address_removed", lee.id)]
    assert not unprotected(connection, "outbox_address")


@pytest.mark.parametrize(
    "typed", ["lee", "lee@", "lee@example", "a b@example.org", "李@example.org", "x" * 250 + "@example.org"]
)
def test_what_is_no_address_is_said_and_stays_in_the_form(lee, typed) -> None:
    answer = give(signed_in(lee), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{typed}"' in page
    assert typed[:60] in page
    assert not Address.objects.exists()


def test_a_form_sent_twice_is_done_once(lee) -> None:
    client, key = signed_in(lee), ids.new()
    assert [give(client, "lee@example.org", key).status_code for _ in range(2)] == [302, 302]
    assert Address.objects.count() == 1
    assert give(client, "other@example.org", key).status_code == 409


def test_ones_own_page_leads_there(lee) -> None:
    assert PAGE in signed_in(lee).get("/me/", secure=True).content.decode()


def test_who_signed_in_long_ago_shows_once_more_that_it_is_them(lee) -> None:
    client = signed_in(lee, began=time.time() - 3600)
    assert 'name="confirm"' in client.get(PAGE, secure=True).content.decode()
    answer = give(client, "thief@example.org")
    assert (answer.status_code, 'value="thief@example.org"' in answer.content.decode()) == (422, True)
    assert not Address.objects.exists()
