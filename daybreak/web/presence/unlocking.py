"""Has whoever locked this browser shown that it is they, and is it open again?"""

from __future__ import annotations

import time

from django.contrib.auth import logout
from django.http import HttpRequest

from daybreak.web.audit import trail
from daybreak.web.presence import passkeys, pins
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused


def opened(request: HttpRequest) -> bool:
    """By PIN, password or passkey. After three wrong tries the session ends: `ended` tells."""
    session = digest(request.session.session_key)
    if _right(request, session):
        request.session.pop("locked")
        request.session["seen"] = time.time()
        trail.happened("unlocked", who=request.locked.id, at=request.received_at)
        return True
    return False


def shown(request: HttpRequest) -> None:
    """Whoever writes shows by PIN or password that it is they, if the same form did not unlock the browser just now. Refused
    otherwise: a tablet beside a patient is in many hands."""
    if request.locked is None and request.unlocked:
        return
    place, typed = digest(request.session.session_key), request.POST.get("pin", "")
    if not pins.is_theirs(request.person, typed, session=place, at=request.received_at):
        raise Refused("unlock.wrong", in_field="pin")


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
