"""Which headers has every answer, whatever made it, and what is written about a request?"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("daybreak.requests")


class WithoutPath(logging.Filter):
    """Django's line about a bug of ours keeps its traceback and loses the path."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = "a page failed", ()
        return True


class Headers:
    """Pages are not kept by any cache, use no device of the reader's, and leave one line without ids or secrets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # The pattern, never the path: a path may hold a link's secret or a patient's id.
        route = request.resolver_match.route if request.resolver_match else "-"
        took = (time.perf_counter() - began) * 1000
        log.info("%s /%s %d %.0f ms", request.method, route, response.status_code, took)
        return response
