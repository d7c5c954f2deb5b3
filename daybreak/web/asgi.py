"""What does the server call? Django, each request in one thread that keeps its connection to the database."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase

from daybreak.web.words import words

IDLE_THREADS = 16


class Handler(ASGIHandler):
    """Django's handler, for pages that are made by plain functions; a stream may still be sent by an async generator.

    By itself Django would make a new thread for each request, with a new connection to the database (closing the last one
    makes SQLite write its journal back), and would go back and forth between thread and loop for every middleware.
    """

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"expected a request by HTTP, not {scope['type']}")
        thread = self.idle.pop() if self.idle else ThreadPoolExecutor(max_workers=1)
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            if len(self.idle) < IDLE_THREADS:
                self.idle.append(thread)
            else:
                thread.shutdown(wait=False)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.web.settings")
django.setup(set_prefix=False)
words()  # a file of sentences that cannot be read stops the start, not every page
application = Handler()
