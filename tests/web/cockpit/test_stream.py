"""Does every board learn what happened, once and in order, whatever breaks in between, and does none of them cost a thread?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.cockpit import stream
from daybreak.web.cockpit.stream import Board, Boards
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.treatment.models import Session
from tests.browser.clinic import own_database
from tests.web.cockpit.samples import happened
from tests.web.conftest import NOW, signed_in
from tests.web.patients import samples as patients
from tests.web.screening import samples as signed
from tests.web.treatment import samples


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """A database of its own: the thread that looks sees only what is committed."""
    with django_db_blocker.unblock(), own_database(tmp_path.name, tmp_path):
        yield


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def session(site, ines, monkeypatch) -> Session:
    monkeypatch.setattr(stream, "LOOKS_EVERY", 0.02)
    monkeypatch.setattr(stream, "BEATS_EVERY", 0.1)
    monkeypatch.setattr(stream, "followed", lambda: NOW - NOW.replace(year=1990))  # the sample is of a day of its own
    patient = patients.make(site, ines)
    signed.make(patient, site, ines)
    return samples.make(patient, site, ines)


def writes(session: Session, by: Any, times: int) -> None:
    """Somebody else, in a thread with a connection of its own."""

    def write() -> None:
        try:
            for _ in range(times):
                happened(session, What.EVENT, by, NOW, text="told to nobody but the page")
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(60)


def run(doing: Callable[[Boards], Awaitable[Any]]) -> Any:
    async def all_of_it() -> Any:
        boards = Boards()
        try:
            return await asyncio.wait_for(doing(boards), 60)
        finally:
            boards.stop()
            if boards._task:
                await asyncio.wait([boards._task])
            await boards._ask(lambda: connection.close())  # the one of the thread that looked

    return asyncio.run(all_of_it())


async def until(parts: AsyncIterator[bytes], enough: Callable[[list[bytes]], bool]) -> list[bytes]:
    found: list[bytes] = []
    async for part in parts:
        found.append(part)
        if enough(found):
            return found
    return found


async def opened(boards: Boards, many: int) -> None:
    """Until so many boards know where they stand; what happens from now on they hear."""
    while len(boards.open) < many:
        await asyncio.sleep(0.01)


def noted(parts: list[bytes]) -> list[int]:
    """The numbers of the events that were sent."""
    return [int(one.split(b"/")[1].split(b"\n")[0]) for one in parts if b"event: noted" in one]


def beats(parts: list[bytes]) -> int:
    return sum(one.startswith(b"event: beat") for one in parts)


async def in_thread(do: Callable[..., Any], *told: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, do, *told)


def test_what_happens_comes_to_the_boards_of_the_session_and_of_its_site_alone(session, ines, site) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    last = session.events.count()

    async def watch(boards: Boards) -> list[list[bytes]]:
        own, floor, away = Board(site.id, session.id), Board(site.id), Board(other.id)
        streams = [
            asyncio.create_task(until(boards.follow(own, after=last), lambda found: len(noted(found)) == 2)),
            asyncio.create_task(until(boards.follow(floor, after=None), lambda found: len(noted(found)) == 2)),
            asyncio.create_task(until(boards.follow(away, after=None), lambda found: beats(found) == 6)),
        ]
        await opened(boards, 3)
        await in_thread(writes, session, ines, 2)
        return list(await asyncio.gather(*streams))

    own, floor, away = run(watch)
    assert noted(own) == noted(floor) == [last + 1, last + 2]
    assert noted(away) == []
    assert f"id: {session.id}/{last + 1}".encode() in b"".join(own)
    assert b"told to nobody" not in b"".join(own + floor)
    assert b"event: hello" in b"".join(floor), "a board of many sessions looks at all of them when it comes"


def test_a_session_that_begins_while_its_site_is_watched_is_told_of(session, ines, site) -> None:
    async def watch(boards: Boards) -> list[bytes]:
        floor = Board(site.id)
        told = asyncio.create_task(until(boards.follow(floor, after=None), lambda found: len(noted(found)) == 1))
        await opened(boards, 1)
        await in_thread(begins)
        return await told

    def begins() -> None:
        try:
            row = Session.objects.select_related("booking").get(pk=session.pk)
            visit = row.booking
            visit.pk = ids.new()
            visit.save(force_insert=True)
            row.pk, row.booking = ids.new(), visit
            row.save(force_insert=True)
            happened(row, What.ARRIVED, ines, NOW)
        finally:
            connection.close()

    assert noted(run(watch)) == [1]


def test_who_comes_back_gets_what_was_missed_once_and_in_order(session, ines) -> None:
    """The stream breaks again and again while somebody writes; the numbers that came are all there are, each once."""
    first, more = session.events.count(), 30

    async def watch(boards: Boards) -> list[int]:
        writing = asyncio.create_task(in_thread(writes, session, ines, more))
        seen: list[int] = []
        last = 0
        while last < first + more:
            parts = boards.follow(Board(session.site_id, session.id), after=last)
            found = noted(await until(parts, lambda found: len(noted(found)) >= 4 or beats(found) == 3))
            await parts.aclose()
            seen += found
            last = seen[-1] if seen else 0
        await writing
        return seen

    assert run(watch) == list(range(1, first + more + 1))


@pytest.mark.parametrize("whole", [False, True])
def test_what_comes_before_the_first_look_at_a_site_is_told(session, ines, monkeypatch, whole) -> None:
    """Between what a board was given when it came and the first look at its site somebody writes."""
    last, ask, wrote = session.events.count(), stream.heads, threading.Event()

    def heads(sites: Any) -> Any:
        if isinstance(sites, frozenset) and not wrote.is_set():  # the look, not a board that comes
            wrote.set()
            writes(session, ines, 2)
        return ask(sites)

    monkeypatch.setattr(stream, "heads", heads)

    async def watch(boards: Boards) -> list[bytes]:
        board = Board(session.site_id, None if whole else session.id)
        parts = boards.follow(board, after=None if whole else last)
        return await until(parts, lambda found: len(noted(found)) == 2 or beats(found) == 9)

    assert noted(run(watch)) == [last + 1, last + 2]


def test_many_boards_ask_the_database_as_often_as_one(session, monkeypatch) -> None:
    asked, ask = [], stream.heads
    monkeypatch.setattr(stream, "heads", lambda sites: asked.append(1) or ask(sites))

    async def watch(boards: Boards) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        every = [boards.follow(Board(session.site_id, session.id), after=0) for _ in range(100)]
        await asyncio.gather(*(until(one, lambda found: beats(found) == 3) for one in every))
        return loop.time() - began

    took = run(watch)
    assert 0 < len(asked) <= took / 0.02 + 1
    assert threading.active_count() < 20


def test_no_beat_while_the_database_is_silent(session, monkeypatch) -> None:
    ask, broken = stream.heads, threading.Event()

    def heads(sites: Any) -> Any:
        if broken.is_set():
            raise DatabaseError("gone")
        return ask(sites)

    monkeypatch.setattr(stream, "heads", heads)

    async def watch(boards: Boards) -> tuple[list[bytes], list[bytes]]:
        parts = boards.follow(Board(session.site_id, session.id), after=0)
        await until(parts, lambda found: beats(found) == 2)
        broken.set()
        silent = await until(parts, lambda found: found.count(stream.SILENT) == 3)
        broken.clear()
        return silent, await until(parts, lambda found: beats(found) == 2)

    silent, again = run(watch)
    first = silent.index(stream.SILENT)
    assert beats(silent[first:]) == 0
    assert beats(again) == 2


def test_what_a_device_measures_comes_to_the_boards_of_its_session_and_a_fault_in_it_stops_no_beat(
    session, ines, site, monkeypatch
) -> None:
    wanted: list[Any] = []

    def look(self: Any, wants: Any, heads: Any, anew: Any) -> dict[Any, bytes]:
        wanted.append(wants)
        if len(wanted) % 2:
            raise ZeroDivisionError
        return dict.fromkeys(wants, b"event: measured\ndata: {}\n\n")

    monkeypatch.setattr(stream.Measured, "look", look)

    async def watch(boards: Boards) -> tuple[list[bytes], list[bytes]]:
        enough = partial(until, enough=lambda found: beats(found) == 4)
        own = boards.follow(Board(session.site_id, session.id, "zh-Hans"), after=0)
        return await asyncio.gather(enough(own), enough(boards.follow(Board(session.site_id), after=None)))

    own, site_wide = run(watch)
    assert (session.id, "zh-Hans") in wanted[-1]
    assert b"event: measured\ndata: {}\n\n" in own
    assert not any(one.startswith(b"event: measured") for one in site_wide)


def test_a_stream_ends_by_itself_and_when_the_clinic_stops(session, monkeypatch) -> None:
    async def ends(boards: Boards) -> int:
        return len(await until(boards.follow(Board(session.site_id), after=None), lambda found: False))

    async def stopped(boards: Boards) -> int:
        asyncio.get_running_loop().call_later(0.2, boards.stop)
        return await ends(boards)

    assert run(stopped) > 0
    monkeypatch.setattr(stream, "LASTS", 0.1)
    assert run(ends) > 0


def test_who_leaves_is_forgotten(session) -> None:
    async def leaves(boards: Boards) -> tuple[int, bool]:
        parts = boards.follow(Board(session.site_id), after=None)
        await until(parts, lambda found: beats(found) == 1)
        listening = len(boards.open)
        await parts.aclose()
        assert boards._task is not None
        await asyncio.wait([boards._task], timeout=60)
        return listening - len(boards.open), boards._task.done()

    assert run(leaves) == (1, True)


@pytest.mark.parametrize(
    ("header", "query", "after"),
    [
        ("{id}/7", "", 7),
        ("", "?after=3", 3),
        ("{other}/7", "?after=3", 3),
        ("", "?after=-3", None),
        ("", "?after=x", None),
        ("", "", None),
        ("{id}/" + "9" * 40, "", None),
    ],
)
def test_where_a_browser_says_it_was(session, ines, monkeypatch, header, query, after) -> None:
    seen = []

    async def follow(board: Board, *, after: int | None) -> AsyncIterator[bytes]:
        yield b""

    monkeypatch.setattr(stream.BOARDS, "follow", lambda board, after: seen.append(after) or follow(board, after=after))
    headers = {"Last-Event-ID": header.format(id=session.id, other=ids.new())} if header else {}
    answer = signed_in(ines).get(f"/sessions/{session.id}/stream/{query}", headers=headers, secure=True)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"
    assert seen == [after]
