"""How does a test run the clinic? `daybreak serve`, as an administrator would, on a database of the module's own."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

import pyotp
from django.conf import settings
from django.db import connection, connections

from daybreak.web import fresh, ids
from daybreak.web.people import actions, second_factor
from daybreak.web.people.models import Person, Site, UsedCode
from daybreak.web.people.roles import Role
from tests.browser.tls import Certificate
from tests.web.migrated import copied

URL = "https://clinic.example.org"
PASSWORD = "four owls under a bridge"
STARTS_WITHIN = 60  # seconds; two cores may be busy with other tests


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, with the app that shows their codes."""

    person: Person
    app: pyotp.TOTP

    @property
    def login(self) -> str:
        return self.person.login

    def code(self) -> str:
        """A code that was not used yet; waits for the next one when there is none."""
        used = set(UsedCode.objects.filter(factor__person=self.person).values_list("step", flat=True))
        while True:
            now = int(time.time()) // self.app.interval
            fresh = [step for step in (now - 1, now, now + 1) if step not in used]
            if fresh:
                return self.app.generate_otp(fresh[0])
            time.sleep(1)


@dataclass
class Clinic:
    """A clinic that is running: its sites, its people, and the process."""

    port: int
    certificate: Certificate
    database: str
    log: Path
    workers: int = 1
    sites: list[Site] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    _output: IO[bytes] | None = None

    def start(self) -> None:
        """Answers when this returns."""
        self._output = self.log.open("ab")
        told = {**os.environ, "DAYBREAK_HOME": str(settings.PLACE.home), "DAYBREAK_DATABASE": self.database}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "daybreak", "serve", "--bind", f"127.0.0.1:{self.port}"),
                *("--workers", str(self.workers)),
                *("--tls-cert", str(self.certificate.file), "--tls-key", str(self.certificate.key)),
            ],
            env=told,
            stdout=self._output,
            stderr=self._output,
        )
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as asks:
                asks.settimeout(1)
                heard = asks.connect_ex(("127.0.0.1", self.port)) == 0
            if heard:
                return self._answers()
            time.sleep(0.1)
        raise AssertionError(f"the clinic did not start; it said: {self.log.read_text()[-2000:]}")

    def _answers(self) -> None:
        """The door is open before anybody stands behind it: wait for the first answer, whatever it says."""
        context = ssl.create_default_context(cafile=self.certificate.file)
        context.check_hostname = False
        with closing(
            http.client.HTTPSConnection("127.0.0.1", self.port, timeout=STARTS_WITHIN, context=context)
        ) as asks:
            asks.request("GET", "/healthz")
            asks.getresponse().read()

    def stop(self) -> None:
        """As an administrator stops it."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=60)
        if self._output:
            self._output.close()

    def member(self, login: str, *roles: Role, site: Site | None = None, language: str = "en") -> Member:
        """Somebody who was invited and has joined."""
        now = datetime.now(UTC)
        link = actions.invite(
            login=login,
            roles=roles,
            site=site or self.sites[0],
            display_name=login.title(),
            language=language,
            by=None,
            at=now,
            key=ids.new(),
        )
        app = pyotp.TOTP(second_factor.secret(nonce=link.id))
        actions.join(link, password=PASSWORD, code=app.at(now.timestamp() - 30), at=now)
        return Member(Person.objects.get(pk=link.subject), app)


def second_site(first: Site) -> Site:
    """Another site of the same organisation."""
    return Site.objects.create(
        id=ids.new(), organisation_id=first.organisation_id, created=first.created, name="Harbour"
    )


@contextmanager
def own_database(name: str, folder: Path, *, empty: bool = False) -> Iterator[str]:
    """A database without rows (if `empty`, without tables), to which this process speaks meanwhile; its address."""
    told = connections.settings["default"]
    before: Any = told["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        own = str(folder / f"{name}.sqlite3")
        if not empty:
            copied(Path(own))
        address = f"sqlite://{own}"
    else:
        own = f"daybreak_{name}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{own}"')
        options = {**told["OPTIONS"], "host": told["HOST"], **({"port": told["PORT"]} if told["PORT"] else {})}
        address = f"postgres://{quote(told['USER'])}:{quote(told['PASSWORD'])}@/{own}?{urlencode(options)}"
    told["NAME"] = connection.settings_dict["NAME"] = own
    try:
        if connection.vendor != "sqlite" and not empty:
            fresh.tables()
        yield address
    finally:
        connection.close()
        told["NAME"] = connection.settings_dict["NAME"] = before
