"""Is it still the person who signed in? Asked again before what cannot be taken back lightly."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.people import lockout, second_factor, sign_in
from daybreak.web.people.models import Person
from daybreak.web.presence import passkeys, places
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused

LASTS = 5 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """It has to be shown once more; with `passkey` it can be by one."""

    passkey: bool


def needed(request: HttpRequest, *, anew: bool = False) -> Asked | None:
    """What is asked of somebody who neither signed in nor confirmed within the last minutes; `anew`: of everybody."""
    if anew:
        return Asked(request.person.passkeys.exists())
    last = max(request.session.get("began", 0), request.session.get("confirmed", 0))
    return Asked(request.person.passkeys.exists()) if time.time() - last > LASTS else None


def confirm(request: HttpRequest, *, anew: bool = False) -> None:
    """By a passkey, the password or a code in the form, when it is needed. Refused when it is none, or tried too often."""
    if not needed(request, anew=anew):
        return
    person, typed = request.person, request.POST.get("confirm", "")
    if answer := request.POST.get("passkey"):
        session = digest(request.session.session_key)
        passkeys.verified(answer, purpose=passkeys.CONFIRM, person=person, session=session, at=request.received_at)
        request.session["confirmed"] = time.time()
        return
    how = _by_code if _is_code(typed) else _by_password
    if not how(person, typed, address=places.place(request, person.login), at=request.received_at):
        raise Refused("step_up.wrong", in_field="confirm")
    trail.happened("confirmed", who=person.id, at=request.received_at)
    request.session["confirmed"] = time.time()


def _is_code(typed: str) -> bool:
    """No password is as short as that."""
    return len(digits := "".join(typed.split())) == 6 and digits.isdigit()


def _by_password(person: Person, typed: str, *, address: str, at: datetime) -> bool:
    return sign_in.by_password(person.login, typed, address=address, at=at) is not None


@transaction.atomic
def _by_code(person: Person, typed: str, *, address: str, at: datetime) -> bool:
    attempt = lockout.begin(person.login, address=address, at=at)
    right = second_factor.use_code(locked(Person, pk=person.pk), typed, at=at)
    if right:
        attempt.delete()
    else:
        trail.happened("sign_in_failed", who=person.id, at=at)
    return right
