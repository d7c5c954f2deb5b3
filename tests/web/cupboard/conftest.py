"""What does a test of the cupboard find ready? Two who work with it, a patient, and a lot of ten devices."""

from __future__ import annotations

from datetime import date

import pytest

from daybreak.web import ids
from daybreak.web.cupboard import stock
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW
from tests.web.patients.samples import registered

EXPIRES = date(2027, 6, 30)


@pytest.fixture
def keeper(person):
    return person("mara", Role.PHARMACIST)


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


@pytest.fixture
def lot(site, keeper):
    return received(site, keeper).lot


def received(site, by, *, units=10, product="esketamine-device-28", number="A17", at=NOW, **other):
    told = {"expires": EXPIRES, "partner": "Dawn Supply, invoice 12", "key": ids.new()} | other
    return stock.receive(site, product=product, number=number, units=units, by=by, at=at, **told)


def another(site, by):
    """Another patient of the site."""
    return registered(site, by, number="49")
