"""How do messages come in over sockets, and how are they answered? (MLLP; a process of its own)

Senders wait for their answer, so whatever came while the last commit was on its way goes into the next one. A sender who is
slow, sends what is no message, or goes away holds back nobody else.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from itertools import count
from typing import Any

from django.db import close_old_connections, connections

from daybreak.exchange.hl7 import answer
from daybreak.web import ids, instant
from daybreak.web.bedside.came import Came
from daybreak.web.bedside.door import Door, check
from daybreak.web.bedside.frames import Frame, Frames, framed
from daybreak.web.bedside.models import Odd
from daybreak.web.bedside.store import Store

log = logging.getLogger("daybreak.bedside")

MOST_CONNECTIONS = 1000
GATHERS = 0.02  # seconds: so long a commit waits for others, unless as many came as there are senders
MOST_AT_ONCE = 2000
FRAME_WITHIN = 10.0  # seconds from its first byte to its last
READS = 64 * 1024
SENT_WITHIN = 10.0


@dataclass(eq=False, slots=True)
class _Waiting:
    came: Came
    answered: asyncio.Future[Came] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Listener:
    """The sockets, and the one thread that writes."""

    def __init__(self, store: Store, networks: Sequence[IPv4Network | IPv6Network]) -> None:
        self.store, self.networks = store, networks
        self.open = 0
        self._lines: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._numbers = count(1)
        self._waiting: list[_Waiting] = []
        self._stopping = False
        self._some, self._enough = asyncio.Event(), asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bedside")

    async def run(
        self,
        door: Door,
        *,
        stop: asyncio.Event,
        ready: asyncio.Event | None = None,
        opened: socket.socket | None = None,
    ) -> None:
        """Until told to stop: what has come by then is stored and answered. `opened`: the socket that somebody else keeps."""
        tls = None
        if door.certificate:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(door.certificate, door.key)
        where: dict[str, Any] = {"sock": opened} if opened else {"host": door.host, "port": door.port}
        server = await asyncio.start_server(self._serve, **where, ssl=tls, limit=READS)
        writing = asyncio.create_task(self._write())
        async with server:
            log.info("devices are listened to on port %s", server.sockets[0].getsockname()[1])
            if ready is not None:
                self.port = server.sockets[0].getsockname()[1]
                ready.set()
            await stop.wait()
            server.close()
        while self._waiting:
            await asyncio.sleep(GATHERS)
        await self._hang_up()
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One sender, from its first byte to its last."""
        number = next(self._numbers)
        if not self._may(writer) or self.open >= MOST_CONNECTIONS:
            log.warning("a connection was refused: not among --mllp-from, or more than %s at once", MOST_CONNECTIONS)
            writer.transport.abort()
            return
        self.open += 1
        task = asyncio.current_task()
        assert task is not None
        self._lines[task] = writer
        try:
            await self._follow(number, reader, writer)
        except (ConnectionError, TimeoutError, ssl.SSLError):
            pass  # it went away; what was not answered it sends again
        finally:
            self.open -= 1
            del self._lines[task]
            self.store.left(number)
            writer.transport.abort()

    async def _hang_up(self) -> None:
        """Who is still there is cut off; what was not answered they send again."""
        self._stopping = True
        left = list(self._lines)
        for writer in self._lines.values():
            writer.transport.abort()
        if left:
            await asyncio.wait(left, timeout=SENT_WITHIN)

    async def _follow(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames, due = Frames(), None
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout_at(due):
                    data = await reader.read(READS)
            except TimeoutError:
                await self._answer([frames.left()], number, writer)
                return
            if not data:
                if frames.begun and not self._stopping:
                    await self._answer([frames.left()], number, writer)
                return
            found = list(frames.came(data))
            if found:
                await self._answer(found, number, writer)
                if any(one.odd is Odd.TOO_LONG for one in found):
                    return
            due = None if not frames.begun else loop.time() + FRAME_WITHIN if found or due is None else due

    async def _answer(self, frames: Sequence[Frame], number: int, writer: asyncio.StreamWriter) -> None:
        """In the order in which they came, once they are stored."""
        waiting = [_Waiting(Came(one, number, instant.now())) for one in frames]
        for each in waiting:
            each.came.read()  # while the last commit is on its way to the disk
        self._waiting += waiting
        self._some.set()
        if len(self._waiting) >= min(self.open, MOST_AT_ONCE):
            self._enough.set()
        for one in waiting:
            came = await one.answered
            writer.write(framed(answer(came.frame.content, came.code, id=str(ids.new()), at=datetime.now(UTC))))
        async with asyncio.timeout(SENT_WITHIN):
            await writer.drain()

    async def _write(self) -> None:
        """One commit after the other."""
        loop = asyncio.get_running_loop()
        while True:
            await self._some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHERS):
                    await self._enough.wait()
            taken, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            self._enough.clear()
            if not self._waiting:
                self._some.clear()
            try:
                await loop.run_in_executor(self._thread, _take, self.store, [one.came for one in taken])
            finally:
                for one in taken:
                    if not one.answered.done():
                        one.answered.set_result(one.came)

    def _may(self, writer: asyncio.StreamWriter) -> bool:
        peer = writer.get_extra_info("peername")
        return bool(peer) and any(ip_address(peer[0].partition("%")[0]) in one for one in self.networks)


async def listen(door: Door, opened: socket.socket) -> None:
    """As the process of its own that it is, on the socket that its parent keeps: until it is told to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    await Listener(Store(), check(door)).run(door, stop=stop, opened=opened)


def _take(store: Store, came: Sequence[Came]) -> None:
    """Whatever goes wrong with some of them: they are answered AE, and the next ones are tried."""
    try:
        try:
            store.take(came)
        finally:
            close_old_connections()
    except Exception as error:  # its kind alone: its text may be about a patient
        log.error("messages of devices could not be taken: %s", type(error).__name__)
