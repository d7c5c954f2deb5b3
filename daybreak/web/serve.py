"""How are the roles of the clinic run, and stopped?

Each role is a process of its own (pages may be made by several) and shares nothing with the others but the database.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from django.db import connections
from uvicorn.loops.auto import auto_loop_factory

from daybreak.web import instant
from daybreak.web.bedside.door import Door
from daybreak.web.bedside.door import check as check_door
from daybreak.web.instant import Pace
from daybreak.web.place import NotReady, current
from daybreak.web.processes import STOPS_WITHIN, end_with_parent, keep
from daybreak.web.start import begin

if TYPE_CHECKING:
    from daybreak.web.cockpit.stream import Boards

ROLES = ("web", "clock")
FAREWELL = 1  # seconds for which an idle browser may answer that its connection is closed; most never do


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the role `web` listens, and how TLS is done: by itself, or by a proxy whose address is trusted."""

    host: str = "127.0.0.1"
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""
    workers: int = 2


def check(listening: Listening, *, profile: str) -> None:
    """NotReady when the clinic would be reached without TLS, or a demo from another machine."""
    loopback = listening.host in ("127.0.0.1", "::1", "localhost")
    if profile == "demo" and not loopback:
        raise NotReady(f"A demo listens on this machine only: expected --bind 127.0.0.1:PORT, not {listening.host}.")
    if profile == "demo" and listening.proxy:
        raise NotReady("A demo is for whoever sits at this machine: leave --proxy out.")
    if profile == "clinic" and not listening.certificate and not listening.proxy:
        raise NotReady(
            "A clinic is reached by TLS only: give --tls-cert and --tls-key, or the address of the proxy that does it "
            "with --proxy 127.0.0.1"
        )
    if bool(listening.certificate) != bool(listening.key):
        raise NotReady("--tls-cert and --tls-key belong together: give both.")
    for file in (listening.certificate, listening.key):
        if file and not file.is_file():
            raise NotReady(f"There is no file {file}: expected the PEM file of the certificate or of its key.")


def serve(
    roles: Sequence[str],
    listening: Listening,
    *,
    door: Door | None = None,
    pace: Pace | None = None,
    beside: Mapping[str, Callable[[], None]] | None = None,
) -> int:
    """Run the roles until told to stop. 0 when stopped; 1 when their processes ended by themselves again and again.

    The doors stay open here: who knocks while a process is started again waits, and is served.
    `door`: where devices at the bedside knock, None for nowhere; `pace`: the clock of a demo; `beside`: what else runs in one,
    by its name, each as a process of its own.
    """
    if "web" in roles:
        check(listening, profile=current().profile)
    opened_for_devices = _opened(door) if door is not None else None
    begin(migrate=True)
    instant.keep(pace)
    connections.close_all()
    spawn = multiprocessing.get_context("spawn")
    make: dict[str, Callable[[], BaseProcess]] = {}
    if "web" in roles:
        for n, opened in enumerate(doors(listening), 1):
            make[f"process {n} of the pages"] = partial(spawn.Process, target=_web, args=(listening, opened, pace))
    if door is not None:
        make["the listener for devices"] = partial(
            spawn.Process, target=_bedside, args=(door, opened_for_devices, pace)
        )
    if "clock" in roles:
        make["the clock"] = partial(spawn.Process, target=_clock, args=(pace,))
    make |= {name: partial(spawn.Process, target=one) for name, one in (beside or {}).items()}
    stopping = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return 0 if keep(make, stopping) else 1


def doors(listening: Listening) -> list[socket.socket]:
    """A socket for each process that makes pages; the system deals the browsers out to them. NotReady when one is there already.

    One socket for all would let the process that is quickest at an idle moment take every browser, and keep them.
    """
    make = partial(
        socket.create_server,
        (listening.host, listening.port),
        family=socket.AF_INET6 if ":" in listening.host else socket.AF_INET,
    )
    try:
        make().close()  # not shared with whoever listens there now
        return [make(reuse_port=True) for _ in range(listening.workers)]
    except OSError as error:
        raise NotReady(
            f"Daybreak cannot listen on {listening.host}, port {listening.port} ({error.strerror}): stop what listens "
            "there, or choose another place with --bind HOST:PORT"
        ) from None


def _opened(door: Door) -> socket.socket:
    """The socket on which devices knock. It stays open here, as those of the pages do: nobody else can take its place while
    the listener is started again. NotReady when devices could not be listened to there."""
    check_door(door)
    try:
        return socket.create_server(
            (door.host, door.port), family=socket.AF_INET6 if ":" in door.host else socket.AF_INET
        )
    except OSError as error:
        raise NotReady(
            f"Daybreak cannot listen for devices on {door.host}, port {door.port} ({error.strerror}): stop what listens "
            "there, or choose another place with --mllp HOST:PORT"
        ) from None


def _bedside(door: Door, opened: socket.socket, pace: Pace | None) -> None:
    end_with_parent()
    begin()
    instant.keep(pace)
    from daybreak.web.bedside.listener import listen

    asyncio.run(listen(door, opened))


def _clock(pace: Pace | None) -> None:
    end_with_parent()
    begin()
    instant.keep(pace)
    from daybreak.web import clock

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    clock.run(stop)


class _Server(uvicorn.Server):
    """Told to stop, it ends what has no end of its own: the boards ask again, and find whoever serves them next."""

    def __init__(self, config: uvicorn.Config, *, boards: Boards) -> None:
        super().__init__(config)
        self.boards = boards

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.boards.stop()
        super().handle_exit(sig, frame)


def _web(listening: Listening, door: socket.socket, pace: Pace | None) -> None:
    end_with_parent()
    begin()
    instant.keep(pace)
    # Now, not when it is told to stop: what is imported halfway at that moment could not be imported again.
    from daybreak.web.cockpit.stream import BOARDS

    server = _Server(_configuration(listening), boards=BOARDS)
    with asyncio.Runner(loop_factory=partial(_loop, tls=bool(listening.certificate))) as runner:
        runner.run(server.serve(sockets=[door]))


def _loop(*, tls: bool) -> asyncio.AbstractEventLoop:
    """uvicorn's loop, which does not wait for the farewell of every idle browser; answers under way are still sent whole."""
    loop = auto_loop_factory()()
    if tls:
        loop.create_server = partial(loop.create_server, ssl_shutdown_timeout=FAREWELL)  # type: ignore[method-assign]
    return loop


def _configuration(listening: Listening) -> uvicorn.Config:
    # Its own access lines hold paths, and a path may be a link's secret: ours are written by `headers`.
    return uvicorn.Config(
        "daybreak.web.asgi:application",
        host=listening.host,
        port=listening.port,
        access_log=False,
        server_header=False,
        log_config=None,
        log_level="warning",
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
        proxy_headers=bool(listening.proxy),
        forwarded_allow_ips=listening.proxy or None,
        timeout_graceful_shutdown=STOPS_WITHIN - 5,
        lifespan="off",
    )
