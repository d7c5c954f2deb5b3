"""Is what every page asks answered as the database stands at that moment, though its SQL is worked out only once?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from daybreak.web.audit import trail
from daybreak.web.audit.models import Entry
from daybreak.web.people import grants, queries
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.presence.models import Session
from daybreak.web.presence.queries import own_ways
from daybreak.web.questions import Question
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.tasks import samples as tasks

LATER = NOW + timedelta(hours=1)


def test_the_answers_are_those_of_the_query(person) -> None:
    lee, ines = person("lee", Role.NURSE), person("ines", Role.PRESCRIBER)

    def query(id: UUID, at: datetime, login: str) -> Any:
        found = Person.objects.filter(pk=id, created__lte=at, login=login)
        return found.values_list("id", "created", "login", "grants__ends", "grants__site__id")

    question = Question(query, UUID, datetime, str)
    for one in (lee, ines, lee):
        assert question(one.pk, LATER, one.login) == list(query(one.pk, LATER, one.login)) != []
    assert question(lee.pk, LATER, "ines") == question(lee.pk, NOW - timedelta(days=1), "lee") == []
    with CaptureQueriesContext(connection) as asked:
        question(lee.pk, LATER, "lee")
        question(lee.pk, LATER, "lee")
    assert len(asked) == 2, "asked each time"


def test_a_value_that_would_not_be_asked_about_is_a_bug(db) -> None:
    with pytest.raises(ValueError, match=r"values \[1\]"):
        Question(lambda id, _: Person.objects.filter(pk=id).values_list("id"), UUID, str)(UUID(int=1), "x")


def test_a_role_that_was_taken_or_given_counts_at_once(person, site) -> None:
    lee = person("lee", Role.NURSE)
    assert queries.held_with_sites(lee, at=LATER) == [("nurse", site.id, site.name, "UTC")]
    grants.disable(lee, by=None, at=NOW + timedelta(minutes=1))
    assert queries.held_with_sites(lee, at=LATER) == []
    grants.grant_role(lee, Role.FRONT_DESK, site=site, by=None, at=NOW + timedelta(minutes=2))
    assert [(one.role, one.site) for one in queries.held_with_sites(lee, at=LATER)] == [("front_desk", site.name)]
    assert own_ways(lee) == (False, [])


def test_a_new_task_is_counted_on_the_very_next_page(person, site) -> None:
    ines = person("ines", Role.PRESCRIBER)
    patient, client = registered(site, ines), signed_in(ines)
    for n in range(3):
        page = client.get("/me/", secure=True).content.decode()
        assert (f'aria-hidden="true">{n}</span>' in page) == bool(n)
        tasks.made(site, ines, patient=patient, source=f"test:{n}")


@pytest.mark.parametrize("changed", ["password", "hash", "person", "ended", "expired"])
def test_a_session_that_holds_no_more_signs_nobody_in(person, changed) -> None:
    lee, ines = person("lee", Role.NURSE), person("ines", Role.PRESCRIBER)
    about = {"hash": {HASH_SESSION_KEY: ""}, "person": {SESSION_KEY: str(ines.pk)}}.get(changed, {})
    client = signed_in(lee, **about)
    if not about:
        assert client.get("/me/", secure=True).status_code == 200
    if changed == "password":
        lee.set_password("six words that nobody would guess")
        lee.save()
    elif changed == "ended":
        Session.objects.all().delete()
    elif changed == "expired":
        Session.objects.update(expire_date=NOW - timedelta(days=400))
    answer = client.get("/me/", secure=True)
    assert (answer.status_code, answer.url.startswith("/login/")) == (302, True)


def test_a_stranger_costs_no_question_about_a_person(db) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert browser().get("/me/", secure=True).status_code == 302
    assert not [one for one in asked if "people_person" in one["sql"]]


def test_the_line_of_the_trail_is_whole(person) -> None:
    lee = person("lee", Role.NURSE)
    trail.read("measured", who=lee.id, at=NOW, subject=lee.id, object_id=UUID(int=7))
    line = Entry.objects.latest("id")
    told = trail.entry(
        "read", content={}, object_type="measured", object_id=UUID(int=7), who=lee.id, at=NOW, subject=lee.id
    )
    for name in ("at", "via", "who", "action", "object_type", "object_id", "subject", "site", "digest", "key"):
        assert getattr(line, name) == getattr(told, name)


def test_a_kept_connection_that_the_database_closed_is_noticed_before_it_is_used(db) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("a file closes nothing")
    ours = connections.create_connection("default")
    try:
        assert not ours.is_usable(), "not begun"
        with ours.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [number] = cursor.fetchone()
        assert ours.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        assert not ours.is_usable()
        ours.health_check_enabled, ours.health_check_done = True, False  # as when the next page begins
        with ours.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        ours.close()


def test_a_connection_that_ends_within_a_page_says_so(db) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("a file closes nothing")
    ours = connections.create_connection("default")
    try:
        with pytest.raises(OperationalError), ours.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        assert not ours.is_usable()
    finally:
        ours.close()
