"""How many messages of devices are stored before they are acknowledged, and how long does it take until one is known to alarm?

`python -m benchmarks.bedside [SECONDS]` runs the listener with its senders and prints what was measured.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from benchmarks.measure import Row

IDS = ("mllp-durable", "mllp-alarm")
SECONDS = 10
SENDERS = 20
DEVICES = 500
A_SECOND = 4000
AT_MOST = 0.1  # second
END = b"\x1c\r"


def rows(only: str | None = None) -> list[Row]:
    """Both, or the one that is asked for; of one run."""
    if only not in (None, *IDS):
        return []
    done = subprocess.run([sys.executable, "-m", "benchmarks.bedside"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    durable: Row = {
        "id": "mllp-durable",
        "what": f"messages stored and acknowledged, {SENDERS} senders; python-hl7 only reads {found['read']:,.0f} of them",
        "unit": "1/s",
        "ours": round(found["durable"]),
        "against": "an echo of the same bytes to as many senders",
        "theirs": round(found["echo"]),
        "ratio": round(found["durable"] / found["echo"], 3),
        "goal": f"at least {A_SECOND:,}, nothing lost",
        "reached": found["durable"] >= A_SECOND and found["lost"] == 0,
        "n": found["stored"],
        "spread": 0.0,
    }
    alarm: Row = {
        "id": "mllp-alarm",
        "what": f"receipt until it is known whether it alarms, 99th percentile, {DEVICES} bound devices at one message a second",
        "unit": "ms",
        "ours": round(found["p99"] * 1000, 2),
        "against": "the echo's answer to its sender, 99th percentile",
        "theirs": round(found["echo_p99"] * 1000, 2),
        "ratio": round(found["p99"] / found["echo_p99"], 2),
        "goal": f"at most {AT_MOST * 1000:g} ms",
        "reached": found["p99"] <= AT_MOST,
        "n": found["judged"],
        "spread": round((found["p99"] - found["p50"]) / found["p50"], 2),
    }
    return [one for one in (durable, alarm) if only in (None, one["id"])]


def child(seconds: int) -> None:
    """Set up, listen, be sent to, print."""
    from benchmarks import clinic

    home = clinic.make()
    try:
        found = _python_hl7()
        found |= asyncio.run(_echoed(seconds))
        found |= asyncio.run(_listened(seconds))
        print(json.dumps(found))
    finally:
        shutil.rmtree(home)


def message(device: int, n: int) -> bytes:
    """Six values of a monitor, none of which alarms."""
    values = (
        ("150456^MDC_PULS_OXIM_SAT_O2^MDC", 97 + n % 2, "262688^MDC_DIM_PERCENT^MDC"),
        ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", 70 + n % 5, "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
        ("147842^MDC_ECG_CARD_BEAT_RATE^MDC", 70 + n % 3, "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
        ("151562^MDC_RESP_RATE^MDC", 14 + n % 2, "264928^MDC_DIM_RESP_PER_MIN^MDC"),
        ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", 120 + n % 2, "266016^MDC_DIM_MMHG^MDC"),
        ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", 80 + n % 2, "266016^MDC_DIM_MMHG^MDC"),
    )
    sent = f"{datetime.now(UTC):%Y%m%d%H%M%S.%f}+0000"
    lines = [f"MSH|^~\\&|M^{device:016}^EUI-64|Maker|||{sent}||ORU^R01^ORU_R01|{device}-{n}|P|2.6", f"PID|||{device}"]
    lines += ["OBR|1|1|1|182777000^monitoring of patient^SCT"]
    lines += [f"OBX|{k}|NM|{code}|1.3.1.{k}|{value}|{unit}|||||R" for k, (code, value, unit) in enumerate(values, 1)]
    return "\r".join([*lines, ""]).encode()


def _python_hl7() -> dict[str, Any]:
    import hl7

    sent = message(1, 1).decode()
    start, n = time.perf_counter(), 0
    while (took := time.perf_counter() - start) < 1:
        assert str(hl7.parse(sent).segments("OBX")[0][5]) == "98"
        n += 1
    return {"read": n / took}


async def _echoed(seconds: int) -> dict[str, Any]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(await reader.readuntil(END))
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        fast = await _sent(port, seconds, devices=range(SENDERS), pause=0.0)
        slow = await _sent(port, seconds, devices=range(DEVICES), pause=1.0)
    return {"echo": fast["acknowledged"] / seconds, "echo_p99": slow["p99"]}


async def _listened(seconds: int) -> dict[str, Any]:
    from daybreak.web.bedside.door import Door, check
    from daybreak.web.bedside.listener import Listener
    from daybreak.web.bedside.store import Came, Store

    took: list[float] = []

    class Timed(Store):
        def take(self, came: Iterable[Came]) -> None:  # type: ignore[override]
            super().take(list(came))
            took.extend(one.judged - one.got for one in came)

    store, door = Timed(), Door(port=0)
    await asyncio.to_thread(_bound)
    stop, ready, listener = asyncio.Event(), asyncio.Event(), Listener(store, check(door))
    running = asyncio.create_task(listener.run(door, stop=stop, ready=ready))
    await ready.wait()
    await _sent(listener.port, 2, devices=range(DEVICES), pause=1.0)  # what is bound is read once
    took.clear()
    slow = await _sent(listener.port, seconds, devices=range(DEVICES), pause=1.0)
    judged = sorted(took)
    fast = await _sent(listener.port, seconds, devices=range(1000, 1000 + SENDERS), pause=0.0)
    stop.set()
    await running
    stored = await asyncio.to_thread(_stored)
    return {
        "durable": fast["acknowledged"] / seconds,
        "stored": fast["acknowledged"],
        "lost": max(slow["acknowledged"] + fast["acknowledged"] - stored, 0),
        "judged": len(judged),
        "p50": judged[len(judged) // 2],
        "p99": judged[int(len(judged) * 0.99)],
    }


def _stored() -> int:
    from django.db import connections

    from daybreak.web.bedside.models import Message

    try:
        return Message.objects.count()
    finally:
        connections.close_all()


def _bound() -> None:
    """Every device belongs to the one session that there is, which no person could say: here only the load counts."""
    from django.db import connections

    from benchmarks.boards import _treatment
    from daybreak.web import ids
    from daybreak.web.bedside.models import Binding, Device
    from tests.web.switches.samples import everything_on

    session, by = _treatment()
    everything_on(session.site, by)
    common = {"organisation_id": session.organisation_id, "created": datetime.now(UTC)}
    made = [Device(id=ids.new(), name=f"{n:016}", **common) for n in range(DEVICES)]
    Device.objects.bulk_create(made)
    Binding.objects.bulk_create(
        Binding(id=ids.new(), device=one, session=session, patients=json.dumps([str(n)]), by=by, **common)
        for n, one in enumerate(made)
    )
    connections.close_all()


async def _sent(port: int, seconds: int, *, devices: range, pause: float) -> dict[str, Any]:
    """By a process of its own, which takes no time from the listener's."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=_senders, args=(port, seconds, devices, pause, theirs))
    process.start()
    found: dict[str, Any] = await asyncio.to_thread(mine.recv)
    process.join()
    return found


def _senders(port: int, seconds: int, devices: range, pause: float, told: Any) -> None:
    told.send(asyncio.run(_send(port, seconds, devices, pause)))


async def _send(port: int, seconds: int, devices: range, pause: float) -> dict[str, Any]:
    took: list[float] = []
    share = [devices[n::SENDERS] for n in range(SENDERS)]
    talks = [await asyncio.open_connection("127.0.0.1", port) for _ in share]
    until = time.perf_counter() + seconds
    next_: Callable[[int, int], bytes] = message
    await asyncio.gather(*(_one(*talk, own, until, pause, took, next_) for talk, own in zip(talks, share, strict=True)))
    took.sort()
    return {"acknowledged": len(took), "p99": took[int(len(took) * 0.99)]}


async def _one(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    devices: range,
    until: float,
    pause: float,
    took: list[float],
    next_: Callable[[int, int], bytes],
) -> None:
    """One connection: each of its devices in turn, the next message when the last is acknowledged."""
    n = time.time_ns()
    while time.perf_counter() < until:
        begun = time.perf_counter()
        for device in devices:
            n += 1
            sent = time.perf_counter()
            writer.write(b"\x0b" + next_(device, n) + END)
            said = await reader.readuntil(END)
            assert b"MSA|AA" in said or b"OBX" in said
            took.append(time.perf_counter() - sent)
            if pause:
                await asyncio.sleep(max(0.0, pause / len(devices) - (time.perf_counter() - sent)))
        if pause:
            await asyncio.sleep(max(0.0, pause - (time.perf_counter() - begun)))
    writer.close()


if __name__ == "__main__":
    child(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
