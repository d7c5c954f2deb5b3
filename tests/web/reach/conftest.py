"""What does a test about reaching people find ready? A patient, a nurse and the front desk, and an empty folder of mails."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.conf import settings

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from tests.web.outbox.conftest import empty_folder, mail_server  # noqa: F401
from tests.web.patients.samples import registered


@pytest.fixture
def nurse(person: Callable[..., Person]) -> Person:
    return person("lee", Role.NURSE)


@pytest.fixture
def desk(person: Callable[..., Person]) -> Person:
    return person("dot", Role.FRONT_DESK)


@pytest.fixture
def patient(site: Site, nurse: Person) -> Patient:
    return registered(site, nurse)


def mails() -> list[Any]:
    """What left as a file."""
    return [message_from_bytes(file.read_bytes(), policy=default) for file in settings.PLACE.outbox.glob("*.eml")]
