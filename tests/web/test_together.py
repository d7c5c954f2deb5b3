"""Two people send the same page at the same moment: does one win, and is the other told, with all that they typed?

In two threads, on a database apart, since threads see each other's rows only when these are committed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from daybreak.web import ids
from daybreak.web.consent.models import Signature, Talk
from daybreak.web.courses.models import Booking
from daybreak.web.forms import actions as sittings
from daybreak.web.forms.models import Ending, Mode
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people import actions
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.screening.models import Snapshot
from daybreak.web.tasks.models import Task
from tests.browser.clinic import own_database
from tests.web import everything
from tests.web.conftest import NOW, signed_in
from tests.web.consent import samples as consent
from tests.web.filled import forms
from tests.web.forms.samples import PHQ
from tests.web.patients.samples import PATIENT
from tests.web.screening.samples import adopted
from tests.web.test_access import path

FIRST = "q-1"
SAID = ["What Ines says", "What Omar says"]
RECORD = "/patients/<uuid:patient_id>/"


@dataclass(frozen=True)
class Two:
    """Two people with every role at a site where one of each thing is."""

    site: Site
    people: tuple[Person, Person]
    patient: Patient


@pytest.fixture
def two(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Two]:
    with django_db_blocker.unblock(), own_database(f"{tmp_path.name}_{ids.new().hex[:8]}", tmp_path):
        site = actions.found(organisation="Dawn", site="Main Street", rooms=["Room 1"], at=NOW)
        told = {"language": "en", "by": None, "at": NOW}
        links = [
            actions.invite(login=name, display_name=name.title(), roles=[*Role], site=site, key=ids.new(), **told)
            for name in ("ines", "omar")
        ]
        people = [Person.objects.get(pk=link.subject) for link in links]
        everything.fill(site, people[0], chart=True, course=False)
        yield Two(site, (people[0], people[1]), Patient.objects.get(pk=PATIENT))


def entry(two: Two) -> str:
    return path(f"{RECORD}entries/<uuid:entry_id>/correct/")


def signature(two: Two) -> str:
    adopted(two.site, two.people[0])
    return path(f"{RECORD}screening/sign/?protocol=esketamine-nasal-us")


def booking(two: Two) -> str:
    return path(f"{RECORD}bookings/new/")


def agreement(two: Two) -> str:
    return path(f"{RECORD}consents/{consent.understood(Talk.objects.get(pk=consent.TALK)).id}/")


def answers(two: Two) -> str:
    told: dict[str, Any] = {"mode": Mode.PHONE, "language": "en", "by": two.people[0], "key": ids.new()}
    sitting = sittings.ask(two.patient, PHQ, **told, at=datetime.now(UTC))
    return path(f"{RECORD}forms/{sitting.id}/")


def at_once(sends: list[Callable[[], HttpResponse]]) -> list[HttpResponse]:
    """Do all of them at the same moment; their answers, in order."""
    ready, found = threading.Barrier(len(sends)), [HttpResponse()] * len(sends)

    def one(n: int) -> None:
        try:
            ready.wait(10)
            found[n] = sends[n]()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(sends))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return found


def sending(client: Client, address: str, has: str, own: dict[str, str]) -> Callable[[], HttpResponse]:
    """Open the page, and send its form that has that field, filled in and with one's own words."""
    page = client.get(address, secure=True).content.decode()
    form = next(one for one in forms(page, at=datetime.now(UTC)) if has in one.fields)
    button = next((dict([one]) for one in form.buttons if one[1] in ("sign", "fill", "")), {})
    # What follows an answer about suicide stays open: the answer before it is "not at all".
    told = {name: value for name, value in form.fields.items() if "followup" not in name} | button | own
    return lambda: client.post(form.action or address, told, secure=True)


@pytest.mark.parametrize(
    ("where", "has", "words", "made"),
    [
        (entry, "text", "text", Entry),
        (signature, "outcome", "condition", Snapshot),
        (booking, "starts", "interpreter", Booking),
        (agreement, "clear", "name", Signature),
        (answers, "minutes", FIRST, Ending),
    ],
    ids=["an entry", "a decision", "a visit", "a consent", "a form"],
)
def test_one_wins_and_the_other_is_told_and_loses_nothing(
    two: Two, where: Callable[[Two], str], has: str, words: str, made: Any
) -> None:
    address = where(two)
    sent, said = (["1", "2"], ["Several days", "More than half the days"]) if words == FIRST else (SAID, SAID)
    before = made.objects.count()
    clients = [signed_in(person) for person in two.people]
    found = at_once([sending(client, address, has, {words: one}) for client, one in zip(clients, sent, strict=True)])
    assert sorted(one.status_code for one in found) == [302, 409], [
        one.context["problems"] for one in found if one.context
    ]
    assert made.objects.count() == before + 1
    lost = next(n for n, one in enumerate(found) if one.status_code == 409)
    page = found[lost].content.decode()
    assert 'role="alert"' in page
    if made is not Signature:  # the patient's name, which stands under the consent already
        assert said[lost] in page
    assert ("was not kept" in page) is (made is Ending)


def test_of_two_treatments_booked_at_once_for_one_day_one_waits(two: Two) -> None:
    day, page = datetime.now(UTC) + timedelta(days=40), booking(two)
    told = [{"visit": "treatment", "starts": f"{day:%Y-%m-%d}T{hour}:00"} for hour in ("08", "14")]
    clients = [signed_in(person) for person in two.people]
    found = at_once([sending(client, page, "starts", one) for client, one in zip(clients, told, strict=True)])
    assert [one.status_code for one in found] == [302, 302]
    assert Task.objects.filter(what="courses.gate_same_day").count() == 1
