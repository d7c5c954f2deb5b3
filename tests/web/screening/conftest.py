"""What does a test of the board find ready? A patient of whom everything is known, and those who may sign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

import pytest

from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from tests.web.patients.samples import registered
from tests.web.screening import samples


class Clock(datetime):
    """The clock of the test: a minute after the records were written, whatever day it is."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return samples.SOON


@pytest.fixture(autouse=True)
def the_day_of_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daybreak.web.instant.datetime", Clock)


@pytest.fixture
def doctor(person: Callable[..., Person]) -> Person:
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def evaluator(person: Callable[..., Person]) -> Person:
    return person("vale", Role.EVALUATOR)


@pytest.fixture
def patient(site: Site, doctor: Person) -> Patient:
    """Everything asked, everything reviewed, nothing in the way."""
    found = registered(site, doctor)
    samples.told(found, doctor)
    return found
