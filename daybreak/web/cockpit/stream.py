"""How does a board learn at once that something happened, by hundreds of boards and one question to the database?

The rows of the events are the only source: one look for all boards of a process asks which sessions grew, and every board
counts for itself up to which event it knows. Whoever comes back says so, and gets what it missed.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TypeVar
from uuid import UUID

from django.db import close_old_connections
from django.db.models import Max

from daybreak.knowledge.watch import followed
from daybreak.web import instant
from daybreak.web.cockpit.measured import Measured, Wanted
from daybreak.web.treatment.models import SessionEvent

LOOKS_EVERY = 0.2  # seconds
BEATS_EVERY = 2.0
LASTS = 60.0  # then a board asks again, and it is looked at again whether it may
APART = 20  # seconds: boards that were opened together do not all ask again together
SILENT = b": the database is silent\n\n"

log = logging.getLogger("daybreak.boards")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Event:
    """One event, and nothing of what it tells: the board looks at its page for that, if it still may."""

    site: UUID
    session: UUID
    seq: int
    what: str

    def sent(self) -> bytes:
        return f"id: {self.session}/{self.seq}\nevent: noted\ndata: {json.dumps({'what': self.what})}\n\n".encode()


@dataclass(eq=False, slots=True)
class Board:
    """Who listens: to one session, or to all of a site. None among what came: it is over, ask again.

    `language`: of the tiles of what a device measures, which are sent to the board of one session. `knows`: by session the last
    event that it was told or has drawn.
    """

    site: UUID
    session: UUID | None = None
    language: str = "en"
    until: float = 0.0
    knows: dict[UUID, int] = field(default_factory=dict)
    came: asyncio.Queue[Event | bytes | None] = field(default_factory=asyncio.Queue)

    def wants(self, event: Event) -> bool:
        return event.session == self.session if self.session else event.site == self.site

    def misses(self, session: UUID, site: UUID) -> int | None:
        """From which event on it has to be told of that session; None: it does not ask for it."""
        if site != self.site or self.session not in (None, session):
            return None
        return self.knows.get(session, 0)


class Boards:
    """All boards of one process, and the one look at the database that serves them."""

    def __init__(self) -> None:
        self.open: set[Board] = set()
        self.known: dict[UUID, int] = {}
        self.sites: frozenset[UUID] = frozenset()
        self.stopping = False
        self.measured = Measured()
        self.anew: set[UUID] = set()  # sessions of which a board was opened since the last look
        self._opened = count()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="boards")

    async def follow(self, board: Board, *, after: int | None) -> AsyncIterator[bytes]:
        """What is sent to it: what it missed after that event, what happens from now on, and a beat as long as the database
        answers. Without a beat the browser says by itself that nobody is monitoring."""
        board.until = asyncio.get_running_loop().time() + LASTS - next(self._opened) % APART
        try:
            yield b"retry: 500\n\n"
            if board.session and after is not None:
                board.knows = {board.session: after}
            else:
                board.knows = {
                    session: seq for session, (_, seq) in (await self._ask(partial(heads, [board.site]))).items()
                }
            self.open.add(board)
            if board.session:
                self.anew.add(board.session)
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._look())
            if board.session and after is not None:
                for event in await self._ask(partial(missed, board.session, after=after)):
                    board.knows[event.session] = event.seq
                    yield event.sent()
            else:
                yield b"event: hello\ndata: {}\n\n"  # look at the whole page: nobody knows what was missed
            yield beat()
            while (came := await board.came.get()) is not None:
                if isinstance(came, bytes):
                    yield came
                elif came.seq > board.knows.get(came.session, 0):
                    board.knows[came.session] = came.seq
                    yield came.sent()
        finally:
            self.open.discard(board)

    def stop(self) -> None:
        """The process is told to end: every stream ends within a look, and its board asks another process."""
        self.stopping = True

    async def _look(self) -> None:
        """As long as somebody listens."""
        loop = asyncio.get_running_loop()
        beaten = looked = loop.time()
        while self.open and not self.stopping:
            try:
                news = await self._news(frozenset(board.site for board in self.open))
                looked = loop.time()
            except Exception:  # the next look may be answered; until then no board gets a beat
                log.exception("the database did not answer")
                news = []
            measured = await self._measured()
            now = loop.time()
            due = now - beaten >= BEATS_EVERY
            beaten = now if due else beaten
            for board in list(self.open):
                for event in filter(board.wants, news):
                    board.came.put_nowait(event)
                if board.session and (tiles := measured.get((board.session, board.language))):
                    board.came.put_nowait(tiles)
                if now >= board.until:
                    board.came.put_nowait(None)
                elif due:
                    board.came.put_nowait(beat() if now - looked < BEATS_EVERY else SILENT)
            await asyncio.sleep(LOOKS_EVERY)
        for board in self.open:
            board.came.put_nowait(None)

    async def _measured(self) -> dict[Wanted, bytes]:
        """The tiles of the sessions that are shown, where a device has sent something since the last look or a board is new."""
        wants = frozenset((board.session, board.language) for board in self.open if board.session)
        anew, self.anew = self.anew, set()
        try:
            return await self._ask(partial(self.measured.look, wants, dict(self.known), anew))
        except Exception as error:  # its kind alone; the browser looks at the page when nothing is sent to it
            log.error("what devices measure could not be sent: %s", type(error).__name__)
            return {}

    async def _news(self, sites: frozenset[UUID]) -> list[Event]:
        """What came since the last look; of a site that was not looked at then, what its boards do not know."""
        grown = await self._ask(partial(heads, sites))
        before = {
            session: self.known.get(session, 0) if site in self.sites else self._known_least(session, site, seq)
            for session, (site, seq) in grown.items()
        }
        more = {session: before[session] for session, (_, seq) in grown.items() if seq > before[session]}
        news = await self._ask(partial(since, more)) if more else []
        self.sites = sites
        self.known = {session: seq for session, (_, seq) in grown.items()} | {one.session: one.seq for one in news}
        return news

    def _known_least(self, session: UUID, site: UUID, seq: int) -> int:
        """What every board that asks for the session knows of it; all there is, when none does."""
        asks = [board.misses(session, site) for board in self.open]
        return min((one for one in asks if one is not None), default=seq)

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _asked, question)


def _asked(question: Callable[[], Answer]) -> Answer:
    close_old_connections()
    return question()


def beat() -> bytes:
    """A word that the clinic is there, and when by its own clock."""
    return f"event: beat\ndata: {instant.now().isoformat(timespec='milliseconds')}\n\n".encode()


def heads(sites: Iterable[UUID]) -> dict[UUID, tuple[UUID, int]]:
    """Of every session that may still be going on at these sites, its site and its last event."""
    rows = SessionEvent.objects.filter(session__site__in=sites, session__created__gt=instant.now() - followed())
    grouped = rows.values_list("session", "session__site").annotate(Max("seq"))
    return {session: (site, seq) for session, site, seq in grouped}


def since(known: dict[UUID, int]) -> list[Event]:
    """Of these sessions what came after what is known, of each in order."""
    return [event for session, seq in known.items() for event in missed(session, after=seq)]


def missed(session: UUID, *, after: int) -> list[Event]:
    """Of one session what came after that event, in order."""
    rows = SessionEvent.objects.filter(session=session, seq__gt=after).order_by("seq")
    return [Event(*row) for row in rows.values_list("session__site", "session", "seq", "what")]


BOARDS = Boards()
