"""How long after an event is committed does the last of 500 open boards know of it?

`python -m benchmarks.boards [BOARDS] [EVENTS]` runs the servers with their boards and prints what these saw.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import shutil
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.measure import Row
from benchmarks.pages import server, session, wait_for

IDS = ("boards",)
BOARDS, EVENTS = 500, 20
EVERY = 0.5  # seconds between two events
AT_MOST = 1.0  # second
PATIENCE = 30  # seconds, after which what has not come is lost


def rows(only: str | None = None) -> list[Row]:
    """One row, if it is asked for."""
    return [row()] if only in (None, *IDS) else []


def row() -> Row:
    """The 99th percentile from commit to board, beside a bare server that writes the same line to as many readers."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.boards"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return {
        "id": "boards",
        "what": f"event to browser, 99th percentile, {found['boards']} open boards, every one of {found['events']} events",
        "unit": "ms",
        "ours": round(found["p99"] * 1000, 1),
        "against": "a line written to as many sockets, without a database",
        "theirs": round(found["bare_p99"] * 1000, 1),
        "ratio": round(found["p99"] / found["bare_p99"], 1),
        "goal": f"at most {AT_MOST:g} s, nothing lost",
        "reached": found["lost"] == 0 and found["p99"] <= AT_MOST,
        "n": found["came"],
        "spread": round((found["p99"] - found["p50"]) / found["p50"], 2),
    }


def child(boards: int, events: int) -> None:
    """Set up, serve, listen and write, print what was seen."""
    from benchmarks import clinic
    from daybreak.web.serve import Listening, doors

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = clinic.make()
    treatment, by = _treatment()
    cookie = session()
    spawn = multiprocessing.get_context("spawn")
    servers = [spawn.Process(target=server, args=(door,)) for door in doors(Listening(port=port))]
    for one in servers:
        one.start()
    try:
        wait_for(port)
        last = treatment.events.count()
        path = f"/sessions/{treatment.id}/stream/?after={last}"
        wrote: dict[int, float] = {}
        came = asyncio.run(
            _listen(port, _asked(path, cookie), boards, lambda: _write(treatment, by, events, wrote), events)
        )
        took = sorted(at - wrote[seq] for seq, at in came)
        bare = sorted(asyncio.run(_bare(boards, events)))
        print(
            json.dumps(
                {
                    "boards": boards,
                    "events": events,
                    "came": len(took),
                    "lost": boards * events - len(took),
                    "p50": took[len(took) // 2],
                    "p99": took[int(len(took) * 0.99)],
                    "bare_p99": bare[int(len(bare) * 0.99)],
                }
            )
        )
    finally:
        for one in servers:
            one.kill()
        shutil.rmtree(home)


def _treatment() -> tuple[Any, Any]:
    """A session with its first events, as the tests have it, and a nurse who may see it: the administrator of the clinic."""
    from daybreak.web import ids
    from daybreak.web.people import grants
    from daybreak.web.people.models import Person, Room, Site
    from daybreak.web.people.roles import Role
    from tests.web.patients import samples as patients
    from tests.web.screening import samples as signed
    from tests.web.treatment import samples as treated

    site, ada, now = Site.objects.get(), Person.objects.get(), datetime.now(UTC)
    for role in (Role.PRESCRIBER, Role.NURSE):
        grants.grant_role(ada, role, site=site, by=None, at=now)
    room = {"organisation_id": site.organisation_id, "created": now, "site": site, "name": "Room 1"}
    Room.objects.create(id=ids.new(), **room)
    patient = patients.make(site, ada)
    signed.make(patient, site, ada)
    treated.NOW = now  # the sample is of a day of its own; a board follows what began today
    treatment = treated.make(patient, site, ada)
    return treatment, ada


def _write(treatment: Any, by: Any, events: int, wrote: dict[int, float]) -> None:
    """One event after the other, each with its line in the trail; when it was committed."""
    from daybreak.clinical.treatment.events import What
    from daybreak.web import ids
    from daybreak.web.treatment import actions

    for n in range(events):
        told = {"text": f"event {n}"}
        row = actions.act(treatment, What.EVENT, told, by=by, at=datetime.now(UTC), key=ids.new())
        wrote[row.seq] = time.perf_counter()
        time.sleep(EVERY)


def _asked(path: str, cookie: str) -> bytes:
    """As the proxy that ends TLS sends it on. The connection ends with the stream: so its reader learns that it is over."""
    from django.conf import settings

    from benchmarks import clinic

    headers = (f"Host: {clinic.HOST}", "X-Forwarded-Proto: https", f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}")
    return "\r\n".join(
        (f"GET {path} HTTP/1.1", *headers, "Accept: text/event-stream", "Connection: close", "", "")
    ).encode()


async def _listen(port: int, asked: bytes, boards: int, write: Any, events: int) -> list[tuple[int, float]]:
    """What came to every board, with its number, and when."""
    came: list[tuple[int, float]] = []
    open_ = asyncio.Semaphore(0)

    async def board() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asked)
        await reader.readuntil(b"event: beat")
        open_.release()
        for _ in range(events):
            found = await reader.readuntil(b"event: noted")
            at = time.perf_counter()
            came.append((int(found.rpartition(b"id: ")[2].partition(b"/")[2].split()[0]), at))
        writer.close()

    listening = [asyncio.create_task(board()) for _ in range(boards)]
    for _ in range(boards):
        await asyncio.wait_for(open_.acquire(), PATIENCE)
    thread = threading.Thread(target=write)
    thread.start()
    await asyncio.wait(listening, timeout=events * EVERY + PATIENCE)
    for one in listening:
        one.cancel()
    thread.join()
    return came


async def _bare(boards: int, events: int) -> list[float]:
    """The floor: one loop that writes a line to every socket, and another that reads them; how long each took."""
    writers: list[asyncio.StreamWriter] = []
    took: list[float] = []
    began = 0.0

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    async def read(reader: asyncio.StreamReader) -> None:
        while await reader.readline():
            took.append(time.perf_counter() - began)

    place = await asyncio.start_server(greet, "127.0.0.1", 0, backlog=boards)
    port = place.sockets[0].getsockname()[1]
    readers = [(await asyncio.open_connection("127.0.0.1", port)) for _ in range(boards)]
    reading = [asyncio.create_task(read(reader)) for reader, _ in readers]
    for n in range(events):
        began = time.perf_counter()
        for writer in writers:
            writer.write(b"event: noted\n")
        while len(took) < (n + 1) * boards:
            await asyncio.sleep(0.001)
    for one in reading:
        one.cancel()
    for writer in (*writers, *(writer for _, writer in readers)):
        writer.close()
    place.close()
    return took


if __name__ == "__main__":
    child(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (BOARDS, EVENTS))
