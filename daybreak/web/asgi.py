"""What does the server call? Django, each request in one thread that keeps its connection to the database."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from contextvars import copy_context
from functools import partial
from typing import Any

import django
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from daybreak.web.words import words

ENDLESS = "text/event-stream"
THREADS = 4  # at work at once in a process: more would only take turns at the interpreter and wait for the disk


class Handler(ASGIHandler):
    """Django's handler, for pages that are made by plain functions; a stream may still be sent by an async generator.

    By itself Django would make a new thread for each request, with a new connection to the database (closing the last one
    makes SQLite write its journal back), and would go back and forth between thread and loop for every middleware and
    signal. Here a request goes to its thread once and comes back as an answer. Somebody who leaves meanwhile stops nothing:
    what was begun is finished.
    """

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadPoolExecutor] = []
        self.free = asyncio.Semaphore(THREADS)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        async with self.free, self.thread() as in_thread:
            response = await in_thread(copy_context().run, self._answer, scope, body)
        try:
            if response.get("Content-Type") == ENDLESS:
                await self._until_left(response, receive, send)
            else:
                await self.send_response(response, send)  # a slow reader keeps no thread
        finally:
            if response.streaming:
                async with self.thread() as in_thread:
                    await in_thread(response.close)

    async def _until_left(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Send a stream that has no end of its own as long as somebody reads it; it keeps no thread meanwhile."""
        sending = asyncio.ensure_future(self.send_response(response, send))
        left = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({sending, left}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (sending, left):
                one.cancel()
            await asyncio.gather(sending, left, return_exceptions=True)

    @asynccontextmanager
    async def thread(self) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
        """Run something in a thread that nobody else uses meanwhile."""
        thread = self.idle.pop() if self.idle else ThreadPoolExecutor(max_workers=1)
        try:
            yield partial(asyncio.get_running_loop().run_in_executor, thread)
        finally:
            if len(self.idle) < THREADS:
                self.idle.append(thread)
            else:
                thread.shutdown(wait=False)

    def _answer(self, scope: Any, body: Any) -> HttpResponseBase:
        """In the thread: the whole answer. What it took is given back before it is sent, unless it is a stream."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        with closing(body):
            request, unreadable = self.create_request(scope, body)
            response: HttpResponseBase = self.get_response(request) if request else unreadable
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        if not response.streaming:
            response.close()
        return response

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.web.settings")
django.setup(set_prefix=False)
words()  # a file of sentences that cannot be read stops the start, not every page
application = Handler()
gc.collect()
gc.freeze()  # what is loaded stays: it need not be looked through again and again
