"""What does a test of the clinic find ready? An organisation with a site, people with roles, a browser that is signed in."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from daybreak.web import ids
from daybreak.web.links.models import Link
from daybreak.web.people import actions
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.presence.store import SessionStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_heads_of_other_tests() -> None:
    shutil.rmtree(settings.PLACE.heads, ignore_errors=True)


@pytest.fixture
def site(db: None) -> Site:
    return actions.found(organisation="Dawn", site="Main Street", rooms=["Room 1"], at=NOW)


@pytest.fixture
def invited(site: Site) -> Callable[..., Link]:
    """Invite somebody: `invited("lee", Role.NURSE)`."""

    def invite(login: str, *roles: Role, at_site: Site | None = None, **other: Any) -> Link:
        told = {"display_name": login.title(), "language": "en", "by": None, "at": NOW, "key": ids.new(), **other}
        return actions.invite(login=login, roles=roles, site=at_site or site, **told)

    return invite


@pytest.fixture
def person(invited: Callable[..., Link]) -> Callable[..., Person]:
    """Somebody with roles: `person("lee", Role.NURSE)`."""
    return lambda login, *roles, **other: Person.objects.get(pk=invited(login, *roles, **other).subject)


def browser(**headers: str) -> Client:
    """A browser that reaches the clinic by its name and by TLS, and keeps to the rules about forms."""
    return Client(enforce_csrf_checks=False, headers={"host": "clinic.example.org", **headers})


def signed_in(someone: Person, *, began: float | None = None, seen: float | None = None, **about: Any) -> Client:
    """A browser in which the person has signed in, just now unless told otherwise."""
    session = SessionStore()
    session[SESSION_KEY] = str(someone.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = someone.get_session_auth_hash()
    session["began"] = began or time.time()
    session["seen"] = seen or time.time()
    session.update(about)
    session.create()
    client = browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
