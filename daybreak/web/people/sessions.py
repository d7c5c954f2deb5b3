"""When does a session end by itself? After 12 hours. After 15 minutes in which nobody did anything it is locked."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from daybreak.web.people.models import Person
from daybreak.web.presence import devices, handover

LONGEST = 12 * 60 * 60
IDLE = 15 * 60
STREAM = "text/event-stream"
# "Seen" is written at most once a minute, so that reading a page costs no second write; the idle time is never longer.
WRITTEN_EVERY = 60


class SessionLimits:
    """Both limits are kept here, whatever the browser does with its cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.locked = request.gone = request.handed = None
        request.resting, request.idle_after = False, IDLE
        if request.user.is_authenticated:
            now = time.time()
            began, seen = request.session.get("began", 0), request.session.get("seen", 0)
            if now - began > LONGEST:
                request.gone = request.user
                logout(request)
            elif handed := request.session.get("handed"):
                self._hand(request, handed, resting=now - seen > IDLE)
            elif request.session.get("locked") or now - seen > IDLE:
                self._lock(request)
            # A page that looks again, or listens; nobody did anything.
            by_itself = "Daybreak-By-Itself" in request.headers or request.headers.get("Accept") == STREAM
            if request.gone is None and WRITTEN_EVERY < now - seen <= IDLE and request.locked is None and not by_itself:
                request.session["seen"] = now
        return self.get_response(request)

    def _hand(self, request: HttpRequest, id: str, *, resting: bool) -> None:
        """A patient holds it: nobody is signed in. Left alone for long it shows nothing until staff take it back."""
        request.handed, request.user, request.resting = handover.of(id), AnonymousUser(), resting

    def _lock(self, request: HttpRequest) -> None:
        """Nobody is there until it is unlocked; whose session it is stands in `request.locked`."""
        request.locked, request.user = request.user, AnonymousUser()
        if "locked" not in request.session:
            request.session["locked"] = True


def begin(request: HttpRequest, person: Person) -> None:
    """A new session with a new id for somebody whose password and second factor were right."""
    request.session.flush()
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["device"] = devices.named(request.headers.get("User-Agent", ""))
    request.session["address"] = request.META.get("REMOTE_ADDR", "")
    request.session["began"] = request.session["seen"] = time.time()
