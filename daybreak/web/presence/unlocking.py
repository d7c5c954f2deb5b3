"""Has whoever locked this browser shown that it is they, and is it open again?"""

from __future__ import annotations

import time

from django.contrib.auth import logout
from django.http import HttpRequest

from daybreak.web.audit import trail
from daybreak.web.presence import passkeys, pins
from daybreak.web.presence.store import digest


def opened(request: HttpRequest) -> bool:
    """By PIN, password or passkey. After three wrong tries the session ends: `ended` tells."""
    session = digest(request.session.session_key)
    if _right(request, session):
        request.session.pop("locked")
        request.session["seen"] = time.time()
        trail.happened("unlocked", who=request.locked.id, at=request.received_at)
        return True
    return False


def ended(request: HttpRequest) -> bool:
    """Were there too many wrong tries? Then the session is over."""
    if not pins.used_up(request.locked, session=digest(request.session.session_key), at=request.received_at):
        return False
    trail.happened("session_ended", who=request.locked.id, at=request.received_at)
    logout(request)
    return True


def _right(request: HttpRequest, session: str) -> bool:
    if answer := request.POST.get("passkey"):
        told = {"person": request.locked, "session": session, "at": request.received_at}
        return bool(passkeys.verified(answer, purpose=passkeys.UNLOCK, **told))
    return pins.is_theirs(request.locked, request.POST.get("pin", ""), session=session, at=request.received_at)
