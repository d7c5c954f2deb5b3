"""How long after a monitor sent a value does the tile of it come to the board of its session?

`python -m benchmarks.live [SESSIONS] [SECONDS]` runs the listener, the processes that make pages, the senders and a reader of
every stream, and prints what was measured. The ten minutes of one message a second from 500 sessions: `... live 500 600`.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.bedside import END, SENDERS
from benchmarks.measure import Row

IDS = ("mllp-browser",)
SESSIONS, SECONDS = 500, 20
AT_MOST = 1.0  # second
LOST = 5.0  # seconds, after which what has not come is lost
SETTLES = 5.0  # seconds, before which nothing is counted
VALUE = re.compile(rb"vital-value\\\\?\">(\d+)<")
VALUES = 40  # so many different ones, so that each says which message it came of


def rows(only: str | None = None) -> list[Row]:
    """One row, if it is asked for."""
    return [row()] if only in (None, *IDS) else []


def row() -> Row:
    """The 99th percentile from sender to board, beside that of the sender's own acknowledgement."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.live"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return {
        "id": "mllp-browser",
        "what": f"monitor to browser, 99th percentile, {found['sessions']} sessions with a board each at one message a second",
        "unit": "ms",
        "ours": round(found["p99"] * 1000, 1),
        "against": "the acknowledgement to its sender, 99th percentile",
        "theirs": round(found["ack_p99"] * 1000, 1),
        "ratio": round(found["p99"] / found["ack_p99"], 1),
        "goal": f"at most {AT_MOST:g} s, nothing lost",
        "reached": found["lost"] == 0 and found["p99"] <= AT_MOST,
        "n": found["came"],
        "spread": round((found["p99"] - found["p50"]) / found["p50"], 2),
    }


def child(sessions: int, seconds: int) -> None:
    """Set up, serve, listen, send and read, print what was seen."""
    from benchmarks import clinic
    from benchmarks.pages import server, session, wait_for
    from daybreak.web.serve import Listening, doors

    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        pages, knocks = one.getsockname()[1], other.getsockname()[1]
    home = clinic.make()
    paths = _sessions(sessions)
    cookie = session()
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=server, args=(door,)) for door in doors(Listening(port=pages))]
    processes.append(spawn.Process(target=_listener, args=(knocks,)))
    for each in processes:
        each.start()
    try:
        wait_for(pages)
        _knock(knocks)
        print(json.dumps(asyncio.run(_measured(pages, knocks, paths, cookie, seconds))))
    finally:
        for each in processes:
            each.kill()
        shutil.rmtree(home)


def _listener(port: int) -> None:
    from daybreak.web.start import begin

    begin()
    from daybreak.web.bedside.door import Door
    from daybreak.web.bedside.listener import listen

    opened = socket.create_server(("127.0.0.1", port))
    asyncio.run(listen(Door(port=port), opened))


def _knock(port: int) -> None:
    """Until somebody listens there."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)


def _sessions(n: int) -> list[str]:
    """So many of one patient, which no clinic has: here only the load counts. A device belongs to each."""
    from django.db import connections

    from benchmarks.boards import _treatment
    from daybreak.web import ids
    from daybreak.web.bedside.models import Binding, Device
    from tests.web.switches.samples import everything_on

    treatment, by = _treatment()
    everything_on(treatment.site, by)
    booking, paths = treatment.booking, []
    common = {"organisation_id": treatment.organisation_id, "created": datetime.now(UTC)}
    for k in range(n):
        booking.pk = ids.new()
        booking.save(force_insert=True)
        treatment.pk, treatment.booking = ids.new(), booking
        treatment.save(force_insert=True)
        device = Device.objects.create(id=ids.new(), name=f"{k:016}", **common)
        told = {"device": device, "session": treatment, "patients": json.dumps([str(k)]), "by": by}
        Binding.objects.create(id=ids.new(), **told, **common)
        paths.append(f"/sessions/{treatment.pk}/stream/?after=0")
    connections.close_all()
    return paths


async def _measured(pages: int, knocks: int, paths: list[str], cookie: str, seconds: int) -> dict[str, Any]:
    from benchmarks.boards import _asked

    sent: dict[tuple[int, int], float] = {}
    took, acknowledged, ready = list[float](), list[float](), asyncio.Semaphore(0)
    boards = [
        asyncio.create_task(_board(n, pages, _asked(path, cookie), sent, took, ready)) for n, path in enumerate(paths)
    ]
    for _ in boards:
        await ready.acquire()
    begun = time.perf_counter()
    until = begun + SETTLES + seconds
    shares = [range(n, len(paths), SENDERS) for n in range(SENDERS)]
    counted = sum(await asyncio.gather(*(_send(knocks, one, begun, until, sent, acknowledged) for one in shares)))
    await asyncio.sleep(LOST)
    for one in boards:
        one.cancel()
    took.sort()
    acknowledged.sort()
    return {
        "sessions": len(paths),
        "came": len(took),
        "lost": counted - len(took),
        "p50": took[len(took) // 2],
        "p99": took[int(len(took) * 0.99)],
        "most": took[-1],
        "ack_p99": acknowledged[int(len(acknowledged) * 0.99)],
    }


async def _send(
    port: int, devices: range, begun: float, until: float, sent: dict[tuple[int, int], float], took: list[float]
) -> int:
    """Each of its devices once a second. How many were sent of which the tile is waited for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    n = counted = 0
    while (second := time.perf_counter()) < until:
        n += 1
        for place, device in enumerate(devices):
            await asyncio.sleep(max(0.0, second + place / len(devices) - time.perf_counter()))
            at = time.perf_counter()
            if at > begun + SETTLES:
                sent[device, 60 + n % VALUES] = at
                counted += 1
            writer.write(b"\x0b" + _message(device, n) + END)
            assert b"MSA|AA" in await reader.readuntil(END)
            took.append(time.perf_counter() - at)
        await asyncio.sleep(max(0.0, second + 1 - time.perf_counter()))
    writer.close()
    return counted


def _message(device: int, n: int) -> bytes:
    when = f"{datetime.now(UTC):%Y%m%d%H%M%S.%f}+0000"
    lines = [f"MSH|^~\\&|M^{device:016}^EUI-64|Maker|||{when}||ORU^R01^ORU_R01|{device}-{n}|P|2.6", f"PID|||{device}"]
    lines += ["OBR|1|1|1|182777000^monitoring of patient^SCT"]
    pulse = ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", 60 + n % VALUES, "264864^MDC_DIM_BEAT_PER_MIN^MDC")
    oxygen = ("150456^MDC_PULS_OXIM_SAT_O2^MDC", 97, "262688^MDC_DIM_PERCENT^MDC")
    for k, (code, value, unit) in enumerate((pulse, oxygen), 1):
        lines.append(f"OBX|{k}|NM|{code}|1.3.1.{k}|{value}|{unit}|||||R")
    return "\r".join([*lines, ""]).encode()


async def _board(
    device: int,
    port: int,
    asked: bytes,
    sent: dict[tuple[int, int], float],
    took: list[float],
    ready: asyncio.Semaphore,
) -> None:
    """What came to it; it asks again when its stream is over, as a browser does."""
    first = True
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(asked)
        try:
            await reader.readuntil(b"event: beat")
            if first:
                ready.release()
                first = False
            while True:
                await reader.readuntil(b"event: measured\ndata: ")
                found = VALUE.search((await reader.readuntil(b"\n")).partition(b'"heart_rate"')[2])
                if found and (at := sent.pop((device, int(found[1])), None)) is not None:
                    took.append(time.perf_counter() - at)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


if __name__ == "__main__":
    child(*(int(one) for one in (*sys.argv[1:], *map(str, (SESSIONS, SECONDS)[len(sys.argv) - 1 :]))))
