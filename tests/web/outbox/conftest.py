"""What does a test of the outbox find ready? Somebody to be told, and a folder of notices that is empty."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings as configured

from daybreak.web import ids
from daybreak.web.outbox import actions
from daybreak.web.outbox.letters import WAITS
from daybreak.web.outbox.models import Message
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.place import Mail
from tests.web.conftest import NOW


@pytest.fixture(autouse=True)
def empty_folder() -> Iterator[None]:
    shutil.rmtree(configured.PLACE.outbox, ignore_errors=True)
    yield
    shutil.rmtree(configured.PLACE.outbox, ignore_errors=True)


@pytest.fixture
def lee(person: Callable[..., Person]) -> Person:
    return person("lee", Role.NURSE)


@pytest.fixture
def mail_server(settings: Any) -> Callable[..., None]:
    """From now on the clinic's mail goes there: `mail_server(port)`."""

    def use(port: int, **about: Any) -> None:
        mail = Mail(**{"host": "127.0.0.1", "port": port, "sender": "clinic@example.org", "tls": "", **about})
        settings.PLACE = replace(configured.PLACE, mail=mail)

    return use


def post(someone: Person, *, at: datetime = NOW) -> Message | None:
    return actions.post(someone, WAITS, about=ids.new(), at=at, organisation_id=someone.organisation_id)


def reached_at(someone: Person, email: str, *, at: datetime = NOW) -> None:
    actions.set_address(someone, email, at=at, key=ids.new())
