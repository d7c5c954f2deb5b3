"""Is a request answered in one thread, which is kept for the next one, and finished whoever leaves meanwhile?"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation

from daybreak.web.asgi import THREADS, Handler

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/x/",
    "query_string": b"",
    "scheme": "https",
    "http_version": "1.1",
    "headers": [(b"host", b"clinic.example.org"), (b"content-length", b"5")],
    "client": ("127.0.0.1", 1),
}


@pytest.fixture
def handler() -> Handler:
    return Handler()


def asked(handler: Handler, view: Callable[[HttpRequest], HttpResponseBase], *, times: int = 1, **scope: Any) -> bytes:
    """What is sent by a handler whose pages are all made by that function, the last time."""
    handler.get_response = view  # type: ignore[method-assign]

    async def ask() -> bytes:
        sent: list[Any] = []
        came = iter(
            [{"type": "http.request", "body": b"he", "more_body": True}, {"type": "http.request", "body": b"llo"}]
        )

        async def receive() -> Any:
            return next(came, {"type": "http.disconnect"})  # the browser is gone as soon as it has asked

        async def send(message: Any) -> None:
            sent.append(message)

        await handler({**SCOPE, **scope}, receive, send)
        assert sent[0]["type"] == "http.response.start"
        return b"".join(message.get("body", b"") for message in sent[1:])

    async def all_of_them() -> bytes:
        for _ in range(times - 1):
            await ask()
        return await ask()

    return asyncio.run(all_of_them())


def test_one_thread_makes_the_page_and_is_kept(handler) -> None:
    seen, signals = [], []

    def note(sender: Any, **_: Any) -> None:
        signals.append(threading.get_ident())

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((threading.get_ident(), request.body, translation.get_language()))
        translation.activate("zh-hans")
        return HttpResponse(b"page")

    for signal in (request_started, request_finished):
        signal.connect(note)
    try:
        assert asked(handler, view, times=3) == b"page"
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(note)
    assert len(set(seen)) == 1, "the same thread; nothing stays of the page before"
    assert seen[0][1:] == (b"hello", "en")
    assert seen[0][0] != threading.get_ident()
    assert signals == [seen[0][0]] * 6
    assert len(handler.idle) == 1


def test_a_stream_is_sent_whole_and_closed_then(handler) -> None:
    closed = []

    async def parts() -> AsyncIterator[bytes]:
        for part in (b"a", b"b"):
            assert not closed
            yield part

    class Stream(StreamingHttpResponse):
        def close(self) -> None:
            closed.append(threading.get_ident())
            super().close()

    assert asked(handler, lambda _: Stream(parts())) == b"ab"
    assert len(closed) == 1


def test_a_stream_without_an_end_is_over_when_its_reader_leaves(handler) -> None:
    closed: list[str] = []

    async def parts() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"beat"
                await asyncio.sleep(0.01)
        finally:
            closed.append("the generator")

    class Stream(StreamingHttpResponse):
        def close(self) -> None:
            closed.append("the answer")
            super().close()

    asked(handler, lambda _: Stream(parts(), content_type="text/event-stream"))
    assert closed == ["the generator", "the answer"]
    assert len(handler.idle) == 1, "it kept no thread"


def test_an_error_within_such_a_stream_ends_it(handler) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"beat"
        raise RuntimeError("the database went away")

    assert asked(handler, lambda _: StreamingHttpResponse(parts(), content_type="text/event-stream")) in (b"beat", b"")


def test_what_cannot_be_read_is_refused_and_the_thread_kept(handler) -> None:
    assert asked(handler, lambda _: HttpResponse(b"never"), query_string=b"\xff") == b""
    assert len(handler.idle) == 1


def test_who_leaves_before_asking_is_nobody(handler) -> None:
    async def leaves() -> None:
        async def receive() -> Any:
            return {"type": "http.disconnect"}

        await handler(SCOPE, receive, None)

    asyncio.run(leaves())
    assert handler.idle == []


def test_only_so_many_threads_work_at_once_and_a_slow_reader_keeps_none(handler) -> None:
    at_work, most = set(), []

    def view(request: HttpRequest) -> HttpResponse:
        at_work.add(threading.get_ident())
        most.append(len(at_work))
        time.sleep(0.02)
        at_work.discard(threading.get_ident())
        return HttpResponse(b"page")

    handler.get_response = view
    served = 0

    async def ask(reads: asyncio.Event) -> None:
        async def send(message: Any) -> None:
            nonlocal served
            await reads.wait()
            served += 1

        async def receive() -> Any:
            return {"type": "http.request", "body": b"hello"}

        await handler(SCOPE, receive, send)

    async def crowd() -> None:
        now, never = asyncio.Event(), asyncio.Event()
        now.set()
        slow = [asyncio.create_task(ask(never)) for _ in range(2 * THREADS)]
        await asyncio.gather(*(ask(now) for _ in range(2 * THREADS)))
        for one in slow:
            one.cancel()

    asyncio.run(crowd())
    assert max(most) == THREADS
    assert len(most) == 4 * THREADS
    assert served == 4 * THREADS, "beginning and body of each quick reader"
    assert len(handler.idle) <= THREADS
