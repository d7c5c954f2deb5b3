"""Over real sockets, with processes that are killed and stopped: is nothing acknowledged lost, and does a crossing alarm?"""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.bedside import actions
from daybreak.web.bedside.frames import framed
from daybreak.web.bedside.models import Device, Message
from daybreak.web.treatment.models import SessionEvent
from tests.browser.clinic import own_database
from tests.web.bedside.monitor import NAME, message
from tests.web.switches.samples import everything_on

WITHIN = 120  # seconds; other tests keep the machine busy
SENDERS, EACH = 6, 60
MALFORMED = 100_000 if os.environ.get("DAYBREAK_DEEP") == "1" else 3_000
MOST_MORE = 40 * 1024 * 1024  # bytes, however many they are


@pytest.fixture
def address(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    with django_db_blocker.unblock(), own_database(tmp_path.name, tmp_path) as found:
        yield found


@pytest.fixture
def db(address) -> None:
    """What one process writes the other reads: nothing is undone."""


@pytest.fixture
def serve(request, address, site, tmp_path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Where a clinic listens for devices, and does nothing else unless it is asked for the whole of it; and its first process."""
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as other:
        found: int = free.getsockname()[1]
        pages: int = other.getsockname()[1]
    roles = getattr(request, "param", ["--only", "bedside"])
    told = {**os.environ, "DAYBREAK_HOME": str(settings.PLACE.home), "DAYBREAK_DATABASE": address}
    command = [sys.executable, "-m", "daybreak", "serve", *roles, "--mllp", f"127.0.0.1:{found}"]
    command += ["--bind", f"127.0.0.1:{pages}", "--workers", "1"]
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen(command, env=told, stdout=log, stderr=log)
        try:
            until = time.monotonic() + WITHIN
            while b"devices are listened to" not in (tmp_path / "log").read_bytes() and time.monotonic() < until:
                time.sleep(0.05)  # the door is open before anybody stands behind it
            yield found, process
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0, (tmp_path / "log").read_text()


def listener(serve: subprocess.Popen[bytes]) -> int:
    """The process that listens: the only one that `serve` started to do something, beside the one that tidies up."""
    until = time.monotonic() + WITHIN
    while not (found := children(serve)) and time.monotonic() < until:
        time.sleep(0.05)  # one that was killed is started again
    (own,) = found
    return own


def children(serve: subprocess.Popen[bytes]) -> list[int]:
    """The processes that `serve` started to do something."""
    found: list[int] = []
    for one in Path(f"/proc/{serve.pid}/task/{serve.pid}/children").read_text().split():
        with suppress(OSError):  # it died since
            if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes():
                found.append(int(one))
    return found


class Sender(threading.Thread):
    """A device: one message after the other, each again until it is acknowledged, also by a new connection."""

    def __init__(self, port: int, *, name: str = NAME, messages: list[bytes] | None = None, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.port, self.called, self.messages, self.pause = port, name, messages or [], pause
        self.acknowledged: list[bytes] = []
        self.again = 0
        self.socket: socket.socket | None = None

    def knocks(self) -> None:
        until = time.monotonic() + WITHIN
        while self.socket is None and time.monotonic() < until:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            except OSError:
                time.sleep(0.1)
        assert self.socket is not None, "nobody listens"

    def run(self) -> None:
        for one in self.messages:
            while self.sends(one) != "AA":
                self.again += 1
                time.sleep(0.05)
            self.acknowledged.append(one)
            time.sleep(self.pause)
        self.leaves()

    def leaves(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def sends(self, one: bytes) -> str:
        """The answer; empty when none came."""
        self.knocks()
        assert self.socket is not None
        try:
            self.socket.sendall(framed(one))
            said = b""
            while not said.endswith(b"\x1c\r"):
                if not (more := self.socket.recv(4096)):
                    raise ConnectionError
                said += more
        except OSError:
            self.leaves()
            return ""
        return said.split(b"\rMSA")[1][1:3].decode()


class Line(threading.Thread):
    """A network between a device and the clinic, which swallows what goes back as long as it is told to, and then breaks."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.to, self.swallows = port, threading.Event()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        self.swallowed = 0

    def run(self) -> None:
        with suppress(OSError):  # the door is shut at the end
            while True:
                near, _ = self.door.accept()
                threading.Thread(target=self._link, args=(near,), daemon=True).start()

    def ends(self) -> None:
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.join()
        self.door.close()

    def _link(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self.to)) as far:
            back = threading.Thread(target=self._carry, args=(far, near, True), daemon=True)
            back.start()
            self._carry(near, far, False)
            back.join()

    def _carry(self, one: socket.socket, other: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := one.recv(4096):
                if back and self.swallows.is_set():
                    self.swallowed += 1
                    break
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def test_an_answer_that_the_network_swallows_makes_no_second_message(serve) -> None:
    line = Line(serve[0])
    line.start()
    sent = [message({"spo2": 90 + n % 9}, control=f"{n:02}", name="m0") for n in range(30)]
    sender = Sender(line.port, name="m0", messages=sent, pause=0.02)
    sender.start()
    for _ in range(4):
        line.swallows.set()
        time.sleep(0.2)
        line.swallows.clear()
        time.sleep(0.2)
    sender.join(WITHIN)
    assert not sender.is_alive()
    line.ends()
    assert line.swallowed > 0
    assert sender.again >= line.swallowed
    assert sorted(bytes(one) for one in Message.objects.values_list("content", flat=True)) == sorted(sent)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the lock of one writer is SQLite's")
def test_while_the_database_is_shut_nothing_is_acknowledged_and_nothing_is_lost(serve, address) -> None:
    sent = [message({"spo2": 97}, control=str(n), name="m0") for n in range(3)]
    sender = Sender(serve[0], name="m0", messages=sent)
    with closing(sqlite3.connect(address.removeprefix("sqlite://"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sender.start()
        time.sleep(2)
        assert sender.acknowledged == []
        other.execute("ROLLBACK")
    sender.join(WITHIN)
    assert sender.acknowledged == sent
    assert sorted(bytes(one) for one in Message.objects.values_list("content", flat=True)) == sent


def test_nothing_that_was_acknowledged_is_lost_when_the_listener_is_killed_and_stopped(serve) -> None:
    port, process = serve
    chance = random.Random(3)
    senders = []
    for n in range(SENDERS):
        own = [message({"spo2": 90 + k % 10}, control=str(k), name=f"m{n}") for k in range(EACH)]
        twice = [one for each in own for one in ([each, each] if chance.random() < 0.1 else [each])]
        senders.append(Sender(port, name=f"m{n}", messages=twice, pause=0.02))
    for one in senders:
        one.start()
    time.sleep(0.5)
    killed = listener(process)
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + WITHIN
    while (stopped := listener(process)) == killed and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(stopped, signal.SIGSTOP)
    time.sleep(1)
    os.kill(stopped, signal.SIGCONT)
    for one in senders:
        one.join(WITHIN)
        assert not one.is_alive()
    assert sum(one.again for one in senders) > 0
    wanted = sorted({each for one in senders for each in one.acknowledged})
    assert len(wanted) == SENDERS * EACH
    assert sorted(bytes(one) for one in Message.objects.values_list("content", flat=True)) == wanted


@pytest.mark.parametrize("serve", [["--proxy", "127.0.0.1"]], indirect=True, ids=["whole"])
def test_a_crossing_alarms_over_the_wire_though_a_connection_is_half_open_and_each_process_is_killed_and_so_does_silence(
    serve, session, nurse, doctor
) -> None:
    everything_on(session.site, doctor)
    sender = Sender(serve[0])
    assert sender.sends(message({"spo2": 97}, control="0", sent=datetime.now(UTC))) == "AA"
    actions.bind(session, Device.objects.get(name=NAME), by=nurse, at=datetime.now(UTC), key=ids.new())
    gone = sender.socket
    sender.socket = None  # the first connection stays open, and nobody speaks on it any more
    begun, until = datetime.now(UTC), time.monotonic() + WITHIN
    n, raised = 0, SessionEvent.objects.none()
    while not raised.exists() and time.monotonic() < until:
        n += 1
        if n == 10:
            killed = children(serve[1])
            for one in killed:
                os.kill(one, signal.SIGKILL)
        while sender.sends(message({"spo2": 88}, control=str(n), sent=datetime.now(UTC))) != "AA":
            time.sleep(0.05)
        time.sleep(0.2)
        raised = SessionEvent.objects.filter(session=session, what=What.ALARM_RAISED)
    assert len(killed) == 3, "one that makes pages, the clock, and the listener"
    event = raised.get()
    assert '"spo2.below"' in event.told
    assert event.received - begun >= timedelta(seconds=10), "it has to last"
    assert gone is not None
    gone.close()
    sender.leaves()
    lost = SessionEvent.objects.filter(session=session, what=What.ALARM_RAISED, told__contains='"device.lost"')
    while not lost.exists() and time.monotonic() < until:
        time.sleep(0.5)
    assert lost.exists(), "it fell silent, and the clock looks"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what is refused is refused before any database")
def test_malformed_bytes_are_answered_and_kept_and_the_next_message_is_read(serve) -> None:
    good, share = message({"spo2": 97}, control="good"), MALFORMED // SENDERS
    refused: list[tuple[bytes, str]] = []

    def floods(n: int) -> None:
        chance, sender = random.Random(n), Sender(serve[0])
        for k in range(share):
            bad = broken(chance, good, k * SENDERS + n)
            refused.append((bad, sender.sends(bad)))
        sender.leaves()

    floods(0)  # what a process remembers it remembers by then
    before = memory(listener(serve[1]))
    threads = [threading.Thread(target=floods, args=(n,)) for n in range(1, SENDERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == share * SENDERS
    assert {answer for _, answer in refused} == {"AE", "AR"}
    assert memory(listener(serve[1])) - before < MOST_MORE
    kept = Message.objects.exclude(odd="").values_list("content", flat=True)
    assert {bytes(one) for one in kept.iterator()} == {bad for bad, _ in refused}
    sender = Sender(serve[0])
    assert sender.sends(good) == "AA"
    sender.leaves()


def broken(chance: random.Random, good: bytes, n: int) -> bytes:
    """A message that nobody can read, each another one: its header is gone, cut, of another kind, no header, or twice there."""
    noise = bytes(chance.choice(b"|^~\\&\r\x00\xffAZ09") for _ in range(chance.randint(0, 60)))
    way = (
        noise + good.partition(b"\r")[2],
        good[3 : chance.randrange(4, len(good))],
        good.replace(b"ORU^R01", b"ADT^A01") + noise,
        good.replace(b"MSH|", chance.choice([b"MSH", b"MSHA", b"MSH||", b"MSH\x00"]), 1) + noise,
        good + b"MSH|^~\\&|" + noise,
    )[n % 5]
    return b"%d %s" % (n, way) if n % 5 < 2 else way + b"\rZZZ|%d" % n


def memory(pid: int) -> int:
    """How many bytes a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
