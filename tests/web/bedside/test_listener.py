"""Is each sender answered in its order, whatever the others do, and does nobody keep the listener waiting or its memory full?"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

import hl7.client
import pytest

from daybreak.web.bedside import listener
from daybreak.web.bedside.came import Came
from daybreak.web.bedside.door import Door, check
from daybreak.web.bedside.frames import KEPT_BYTES, MOST_BYTES, Frames, framed
from daybreak.web.bedside.listener import Listener
from daybreak.web.bedside.models import Odd
from daybreak.web.place import NotReady
from tests.browser.tls import certificate
from tests.web.bedside.monitor import message

HELLO = message({"spo2": 97}, control="1")


@dataclass
class Kept:
    """A store that keeps what came in a list, as slowly as it is told to."""

    came: list[Came] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    slow: float = 0.0
    breaks: bool = False

    def take(self, came: Sequence[Came]) -> None:
        time.sleep(self.slow)
        if self.breaks:
            raise RuntimeError("a bug")
        self.came += came
        self.batches.append(len(came))
        for one in came:
            one.code = "AE" if one.frame.odd else "AA"

    def left(self, connection: int) -> None:
        pass


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def run(store: Kept, talks: Sequence[Talk], *, door: Door | None = None, tls: ssl.SSLContext | None = None) -> None:
    """Each of them with the listener, at once."""

    async def together() -> None:
        stop, ready, told = asyncio.Event(), asyncio.Event(), door or Door(port=0)
        found = Listener(store, check(told))  # type: ignore[arg-type]
        serving = asyncio.create_task(found.run(told, stop=stop, ready=ready))
        await ready.wait()

        async def talk(one: Talk) -> None:
            name = "localhost" if tls else None
            reader, writer = await asyncio.open_connection("127.0.0.1", found.port, ssl=tls, server_hostname=name)
            try:
                await one(reader, writer)
            finally:
                writer.close()

        async with asyncio.timeout(60):
            await asyncio.gather(*(talk(one) for one in talks))
        stop.set()
        async with asyncio.timeout(60):
            await serving

    asyncio.run(together())


async def answered(reader: asyncio.StreamReader) -> str:
    """The code and the id of the next answer."""
    said = (await reader.readuntil(b"\x1c\r")).strip(b"\x0b\x1c\r").decode("latin-1")
    return "|".join(said.split("\r")[1].split("|")[1:3])


def sends(*parts: bytes, answers: Sequence[str]) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for one in parts:
            writer.write(one)
            await writer.drain()
        assert [await answered(reader) for _ in answers] == list(answers)

    return talk


def test_what_came_is_answered_in_its_order_by_its_id() -> None:
    store = Kept()
    three = [framed(message({"spo2": n}, control=str(n))) for n in (91, 92, 93)]
    run(store, [sends(*three, answers=["AA|91", "AA|92", "AA|93"]), sends(framed(HELLO), answers=["AA|1"])])
    assert sorted(one.frame.content for one in store.came) == sorted([*(one[1:-2] for one in three), HELLO])


def test_a_message_in_pieces_is_one_and_what_lies_between_is_none() -> None:
    store = Kept()
    bytes_ = [bytes([one]) for one in b"\r\nnoise" + framed(HELLO) + b"noise" + framed(HELLO)]
    run(store, [sends(*bytes_, answers=["AA|1", "AA|1"])])
    assert [one.frame.content for one in store.came] == [HELLO, HELLO]


def test_senders_that_wait_for_their_answers_share_commits() -> None:
    store = Kept(slow=0.01)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for n in range(20):
            writer.write(framed(message({"spo2": 97}, control=str(n))))
            assert await answered(reader) == f"AA|{n}"

    run(store, [talk] * 10)
    assert sum(store.batches) == 200
    assert len(store.batches) < 100


def test_what_is_no_message_is_handed_over_as_what_it_is() -> None:
    store = Kept()
    long = b"\x0bMSH|" + b"x" * (MOST_BYTES + 10)

    async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x0bMSH|half")
        writer.write_eof()
        assert await answered(reader) == "AE|"

    run(
        store,
        [sends(long, answers=["AE|"]), sends(b"\x0bMSH|a\x0b" + framed(HELLO)[1:], answers=["AE|", "AA|1"]), hangs_up],
    )
    found = {(one.frame.odd, len(one.frame.content)) for one in store.came}
    assert found == {(Odd.TOO_LONG, KEPT_BYTES), (Odd.UNFINISHED, 5), (Odd.UNFINISHED, 8), (None, len(HELLO))}


def test_whoever_sends_a_byte_now_and_then_holds_back_nobody_and_is_let_go(monkeypatch) -> None:
    monkeypatch.setattr(listener, "FRAME_WITHIN", 0.5)
    store = Kept()

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x0b")
        for one in b"MSH|^~":
            await asyncio.sleep(0.12)
            writer.write(bytes([one]))
        assert await answered(reader) == "AE|"
        assert await reader.read() == b""

    run(store, [slowly, sends(framed(HELLO), answers=["AA|1"])])
    assert {(came.frame.odd, came.frame.content == HELLO) for came in store.came} == {
        (None, True),
        (Odd.UNFINISHED, False),
    }


def test_whoever_is_quiet_between_two_messages_is_kept_and_whoever_reads_no_answers_is_let_go(monkeypatch) -> None:
    monkeypatch.setattr(listener, "FRAME_WITHIN", 0.1)
    monkeypatch.setattr(listener, "SENT_WITHIN", 0.1)

    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            writer.write(framed(HELLO))
            assert await answered(reader) == "AA|1"
            await asyncio.sleep(0.4)

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        wordy = framed(message({"spo2": 97}, control="x" * 190))

        async def floods() -> None:
            for _ in range(100):
                writer.write(wordy * 1000)
                async with asyncio.timeout(5):
                    await writer.drain()

        with pytest.raises((ConnectionError, TimeoutError)):
            await floods()

    run(Kept(), [quiet, deaf])


def test_whatever_goes_wrong_with_the_store_is_not_acknowledged_and_the_next_is_tried() -> None:
    store = Kept(breaks=True)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(HELLO))
        assert await answered(reader) == "AE|1"
        store.breaks = False
        writer.write(framed(HELLO))
        assert await answered(reader) == "AA|1"

    run(store, [talk])


@pytest.mark.parametrize("peers", [("192.0.2.0/28",), ("2001:db8::1",)])
def test_nobody_is_heard_who_is_not_among_the_peers(peers) -> None:
    store = Kept()

    async def knocks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(HELLO))
        with suppress(ConnectionError):
            assert await reader.read() == b""

    run(store, [knocks], door=Door(port=0, peers=peers))
    assert store.came == []


def test_more_than_there_is_room_for_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 0)
    test_nobody_is_heard_who_is_not_among_the_peers(("127.0.0.1",))


def test_by_tls_where_there_is_a_certificate(tmp_path) -> None:
    own = certificate("localhost", tmp_path)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    door = Door(port=0, certificate=own.file, key=own.key)
    run(Kept(), [sends(framed(HELLO), answers=["AA|1"])], door=door, tls=trusting)


def test_the_client_of_python_hl7_is_answered() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")

        def send() -> bytes:
            with hl7.client.MLLPClient(host, port) as client:
                return bytes(client.send_message(HELLO))

        assert b"MSA|AA|1" in await asyncio.to_thread(send)

    run(Kept(), [talk])


@pytest.mark.parametrize(
    ("door", "why"),
    [
        (Door(host="0.0.0.0"), "--mllp-from"),
        (Door(peers=("ward",)), "expected an address or a network"),
        (Door(certificate=__file__), "belong together"),  # type: ignore[arg-type]
    ],
)
def test_a_door_that_anybody_could_open_is_refused(door, why, tmp_path) -> None:
    with pytest.raises(NotReady, match=why):
        check(door)
    with pytest.raises(NotReady, match="no file"):
        check(Door(certificate=tmp_path / "a", key=tmp_path / "b"))
    assert [str(one) for one in check(Door(host="0.0.0.0", peers=("192.0.2.1/28",)))] == ["192.0.2.0/28"]


def test_however_bytes_are_cut_the_frames_are_the_same() -> None:
    sent = framed(HELLO) + b"xx" + framed(b"") + b"\x0bhalf\x0b" + framed(b"a\x1cb")[1:] + framed(HELLO)
    whole = [(one.content, one.odd) for one in Frames().came(sent)]
    assert whole == [(HELLO, None), (b"", None), (b"half", Odd.UNFINISHED), (b"a\x1cb", None), (HELLO, None)]
    for size in (1, 2, 3, 7, 50):
        frames, found = Frames(), []
        for start, end in pairwise([*range(0, len(sent), size), len(sent)]):
            found += [(one.content, one.odd) for one in frames.came(sent[start:end])]
        assert found == whole
        assert not frames.begun


def test_a_message_that_is_too_long_is_cut_wherever_its_end_lies() -> None:
    frames = Frames()
    (long,) = frames.came(framed(b"x" * (MOST_BYTES + 1)))
    assert (long.odd, len(long.content)) == (Odd.TOO_LONG, KEPT_BYTES)
    assert [one.odd for one in frames.came(framed(HELLO))] == [None]


def test_who_is_still_there_when_it_stops_is_cut_off_and_nothing_is_left_running() -> None:
    store = Kept()

    async def stopped() -> None:
        stop, ready = asyncio.Event(), asyncio.Event()
        found = Listener(store, check(Door(port=0)))  # type: ignore[arg-type]
        serving = asyncio.create_task(found.run(Door(port=0), stop=stop, ready=ready))
        await ready.wait()
        before = asyncio.all_tasks()
        reader, writer = await asyncio.open_connection("127.0.0.1", found.port)
        writer.write(framed(HELLO) + framed(HELLO)[:20])
        assert (await reader.readuntil(b"\x1c\r")).count(b"|AA|") == 1
        stop.set()
        async with asyncio.timeout(10):
            await serving
        assert await reader.read() == b""
        assert asyncio.all_tasks() - before == set()
        writer.close()

    asyncio.run(stopped())
    assert len(store.came) == 1, "what had begun and had no end was not taken for something unreadable"
