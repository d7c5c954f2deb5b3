"""How does a test about calls say who is called, and answer a question about suicide?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import UNREADABLE
from daybreak.clinical.records import Observation, When, on
from daybreak.web import ids
from daybreak.web.outbox import actions as outbox
from daybreak.web.patients import actions as patients
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.rota import actions as rota
from daybreak.web.tasks import calling
from daybreak.web.tasks.models import CallingOrder
from tests.web.conftest import NOW

TODAY = on(NOW.date())


def reached(*people: Person, at: datetime = NOW) -> None:
    """Each has an address."""
    for one in people:
        outbox.set_address(one, f"{one.login}@example.org", at=at, key=ids.new())


def order(site: Site, *people: Person, by: Person, **other: Any) -> CallingOrder:
    """These people in this order, and each has said that they are there."""
    told = {"starts": NOW, "ends": None, "at": NOW, "key": ids.new(), **other}
    laid = calling.lay_down(site, people, by=by, **told)
    for one in laid.named.select_related("person"):
        rota.say(one, there=True, by=one.person, at=told["at"], key=ids.new())
    return laid


def answer(
    patient: Patient, by: Person, value: Any = 2, *, kind: str = "phq-9.item-9", when: When | None = TODAY, at=NOW
) -> Entry:
    said = Decimal(value) if isinstance(value, int) else value
    return patients.add(patient, Observation("", kind, said, when), by=by, at=at, key=ids.new())


UNCLEAR = UNREADABLE
