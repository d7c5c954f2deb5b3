"""What stands before a night begins? A clinic somewhere in the world, on a database of its own that is copied for each night."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as configured
from django.db import connection
from django.utils import translation

from daybreak.web import ids
from daybreak.web.outbox import actions as outbox
from daybreak.web.people import actions as people
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.place import Mail
from tests.browser.clinic import own_database
from tests.nights.night import LOGINS, NIGHTS, Night
from tests.web.conftest import NOW
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached

HERE = Mail(host="mail.example.org", port=587, tls="", sender="daybreak@example.org")
ROLES = {"ines": Role.PRESCRIBER, "lee": Role.NURSE, "omar": Role.PRESCRIBER, "rosa": Role.NURSE}
NAMES = ("Keller", "Brandt", "Osei")


@pytest.fixture
def nights(django_db_setup: None, django_db_blocker: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Callable]:
    """A night by its number, ready to run: `with nights(7) as night`."""
    if connection.vendor != "sqlite":
        pytest.skip("a night is a file that is copied; the same actions are asked on PostgreSQL one by one")
    monkeypatch.setattr(configured, "PLACE", replace(configured.PLACE, mail=HERE))
    made: dict[str, tuple[Path, Any]] = {}

    @contextmanager
    def night(seed: int) -> Iterator[Night]:
        zone = list(NIGHTS)[seed % len(NIGHTS)]
        if zone not in made:
            made[zone] = _clinic(zone, tmp_path)
        file, about = made[zone]
        connection.close()
        for beside in ("-wal", "-shm"):
            Path(f"{own}{beside}").unlink(missing_ok=True)
        shutil.copyfile(file, own)
        found = Night(seed, zone=ZoneInfo(zone), **about)
        monkeypatch.setattr("daybreak.web.outbox.channels.smtplib.SMTP", found.post.connect)
        with translation.override("en"):  # whatever another test left
            yield found

    with django_db_blocker.unblock(), own_database("night", tmp_path) as address:
        own = address.removeprefix("sqlite://")
        yield night


def _clinic(zone: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Four people who are reached by mail, three patients; the file, and what a night knows of it."""
    file = folder / f"{zone.replace('/', '-')}.sqlite3"
    with own_database(file.stem, folder):
        site = people.found(organisation="Dawn", site="Main Street", rooms=[], zone=zone, at=NOW)
        found: dict[str, Person] = {}
        for login in LOGINS:
            told = {"display_name": login.title(), "language": "en", "by": None, "at": NOW, "key": ids.new()}
            link = people.invite(login=login, roles=[ROLES[login]], site=site, **told)
            found[login] = Person.objects.get(pk=link.subject)
            outbox.set_address(found[login], f"{login}@example.org", at=NOW, key=ids.new())
        patients = [
            registered(site, found["lee"], number=str(n), family_name=name, birth=f"197{n}-04-02")
            for n, name in enumerate(NAMES)
        ]
        for patient in patients:
            reached(patient, found["lee"])
    return file, {"site": site, "people": found, "patients": patients}
