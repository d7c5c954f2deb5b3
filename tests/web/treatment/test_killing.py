"""When a process of the clinic is killed in the middle of sessions, is all that was acknowledged there, and do they go on?

Several people tap without pause while each process is killed in turn: those that make pages, the clock, the one that looks
after them, and on PostgreSQL one of the database. A tap whose answer is lost is sent again under its key, as a page does.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.audit import verify as trail
from daybreak.web.audit.models import Entry as Line
from daybreak.web.cupboard import verify as cupboard
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.people.models import Person
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.watching.models import Beat
from tests.browser.clinic import Clinic, own_database
from tests.browser.tls import certificate
from tests.web.conftest import signed_in
from tests.web.patients.samples import registered
from tests.web.screening import samples as decisions
from tests.web.treatment import samples
from tests.web.treatment.steps import cleared

DEEP = os.environ.get("DAYBREAK_DEEP") == "1"
ROUNDS = 5 if DEEP else 1
RESUMES = 120  # seconds; in a quiet hour it takes a few, but here other tests keep the machine busy
PAUSE = 0.1  # between two taps of one person


@pytest.fixture
def address(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    with django_db_blocker.unblock(), own_database(tmp_path.name, tmp_path) as found:
        yield found


@pytest.fixture
def db(address) -> None:
    """What one process writes the other reads: nothing is undone."""


@pytest.fixture
def clinic(address, tmp_path) -> Iterator[Clinic]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = Clinic(port, certificate(settings.PLACE.host, tmp_path), address, tmp_path / "log", workers=2)
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def another(session, doctor) -> Session:
    """In another chair, of somebody else."""
    patient = registered(session.site, doctor, number="77", family_name="Brandt")
    decisions.make(patient, session.site, doctor)
    return samples.make(patient, session.site, doctor)


@dataclass
class Tapping(threading.Thread):
    """Somebody who taps one thing after the other; what was acknowledged, and how often an answer did not come."""

    port: int
    who: Person
    tap: Callable[[UUID], tuple[str, dict[str, Any]]]
    most: int | None = None
    over: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[UUID] = field(default_factory=list)
    again: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.session = signed_in(self.who).cookies[settings.SESSION_COOKIE_NAME].value

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self.over.wait(PAUSE) and len(self.acknowledged) != self.most:
            key = ids.new()
            while not self.over.is_set():
                status = self.sent(*self.tap(key), key)
                if status == 302:
                    self.acknowledged.append(key)
                    break
                if status is not None and status < 500:
                    self.wrong.append(f"{status} after {len(self.acknowledged)}")
                    return
                self.again += 1
                time.sleep(PAUSE)

    def sent(self, path: str, form: dict[str, Any], key: UUID) -> int | None:
        """The status of the answer; None when none came."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        server = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting)
        token = "c" * 32
        headers = {
            "Host": settings.PLACE.host,
            "Referer": f"https://{settings.PLACE.host}/",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": token,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={token}",
        }
        try:
            server.request("POST", path, urlencode({"key": str(key), **form}), headers)
            return server.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            server.close()


def said(session: Session) -> Callable[[UUID], tuple[str, dict[str, Any]]]:
    return lambda key: (f"/sessions/{session.id}/", {"do": "event", "text": f"tap {key}"})


def a_dose(session: Session) -> Callable[[UUID], tuple[str, dict[str, Any]]]:
    return lambda key: (f"/sessions/{session.id}/", {"do": "dose", "full": "yes"})


def number(key: UUID) -> str:
    return f"L{key.hex[-12:]}".upper()


def came(session: Session) -> Callable[[UUID], tuple[str, dict[str, Any]]]:
    told = {"site": str(session.site_id), "product": "esketamine-device-28", "expires": "2031-01-31", "units": "1"}
    return lambda key: ("/cupboard/receive/", {**told, "number": number(key), "partner": "Dawn Supply"})


def processes(clinic: Clinic) -> list[int]:
    """Those that make pages, then the clock, as they were started; what one of them started afterwards comes last."""
    assert clinic.process
    main = clinic.process.pid
    found = map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())
    return sorted(one for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes())


def waited_for(what: Callable[[], bool]) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while time.monotonic() - began < RESUMES:
        try:
            if what():
                return time.monotonic() - began
        except OperationalError:
            connection.close()
        time.sleep(PAUSE)
    raise AssertionError(f"not within {RESUMES} s")


def goes_on(people: list[Tapping], after: datetime) -> None:
    """Everybody is answered again, and the clock looks after the treatments."""
    counts = {one: len(one.acknowledged) for one in people}
    waited_for(lambda: all(len(one.acknowledged) > count for one, count in counts.items() if one.most is None))
    waited_for(lambda: Beat.objects.filter(at__gt=after).exists())


def killed(clinic: Clinic, which: int) -> None:
    """One of the processes; another one takes its place."""
    before = processes(clinic)
    os.kill(before[which], signal.SIGKILL)
    waited_for(lambda: len(processes(clinic)) == len(before) and before[which] not in processes(clinic))


def whole_clinic(clinic: Clinic) -> None:
    """What looks after the others: they end by themselves, and it is started anew, as the machine does it with a service."""
    assert clinic.process
    before = processes(clinic)
    clinic.process.kill()
    clinic.process.wait()
    clinic.stop()
    clinic.start()
    waited_for(lambda: not any(Path(f"/proc/{one}").exists() for one in before))


def of_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
        )
        os.kill(cursor.fetchone()[0], signal.SIGKILL)
    connection.close()


def test_what_was_acknowledged_is_there_once_and_the_sessions_go_on(
    clinic, session, another, nurse, doctor, noon
) -> None:
    cleared(session, nurse, noon)
    clinic.start()
    began = datetime.now(UTC)
    people = [
        Tapping(clinic.port, nurse, said(session)),
        Tapping(clinic.port, nurse, said(session)),
        Tapping(clinic.port, nurse, said(another)),
        Tapping(clinic.port, doctor, came(session)),
    ]
    gives = Tapping(clinic.port, nurse, a_dose(session), most=1)
    for one in people:
        one.start()
    goes_on(people, datetime.now(UTC))
    gives.start()
    for _ in range(ROUNDS):
        for kill in (
            lambda: killed(clinic, 0),
            lambda: killed(clinic, -1),
            lambda: whole_clinic(clinic),
            *([of_the_database] if connection.vendor == "postgresql" else []),
        ):
            at = datetime.now(UTC)
            kill()
            goes_on(people, at)
    for one in (*people, gives):
        one.over.set()
    for one in (*people, gives):
        one.join(30)
    assert [one.wrong for one in (*people, gives)] == [[]] * 5
    assert sum(one.again for one in people) > 0, "no answer was lost: nothing was tried"

    taps = [key for one in people[:3] for key in one.acknowledged]
    told = SessionEvent.objects.filter(what=What.EVENT).values_list("told", flat=True)
    written = Counter(json.loads(one)["text"] for one in told)
    assert [written[f"tap {key}"] for key in taps] == [1] * len(taps)
    assert written.total() - len(taps) <= 3, "of each person the last tap at most is written and was not answered"
    assert gives.acknowledged == list(SessionEvent.objects.filter(what=What.DOSE).values_list("key", flat=True))
    assert Entry.objects.filter(kind="given", session_id=session.pk).count() == 1
    lots = Counter(one.upper() for one in Lot.objects.values_list("number", flat=True))
    assert [lots[number(key)] for key in people[3].acknowledged] == [1] * len(people[3].acknowledged)

    for each in (session, another):
        order = list(SessionEvent.objects.filter(session=each).order_by("seq").values_list("seq", flat=True))
        assert order == list(range(1, len(order) + 1))
    lines = Counter(Line.objects.values_list("object_id", flat=True))
    unseen = [
        one for model in (SessionEvent, Entry) for one in model.objects.filter(created__gt=began) if not lines[one.pk]
    ]
    assert unseen == []
    assert trail.verify(at=datetime.now(UTC)).broken == []
    assert cupboard.verify().broken == []
