"""Is it the person? First the password, then the second factor; each try is counted before it is judged."""

from __future__ import annotations

import time
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.people import lockout, queries, second_factor
from daybreak.web.people.models import Person

HALF_LASTS = 5 * 60  # seconds between the password and the second factor


def half_in(request: HttpRequest) -> Person | None:
    """Whose password was right in this browser a moment ago."""
    half = request.session.get("half")
    return Person.objects.filter(pk=half["person"]).first() if half and time.time() < half["until"] else None


def begin_half(request: HttpRequest, person: Person) -> None:
    """The password was right; the second factor is asked next, in a session with a new id."""
    request.session.flush()
    request.session["half"] = {"person": str(person.id), "until": time.time() + HALF_LASTS}


def by_password(login: str, password: str, *, address: str, at: datetime) -> Person | None:
    """The person, if the password is theirs and they hold a role. Unknown names take as long. Refused: too often."""
    attempt = lockout.begin(login, address=address, at=at)
    person = Person.objects.filter(login=queries.login_name(login)).first()
    right = check_password(password, person.password if person and person.has_usable_password() else _nobodys())
    if person and right and queries.roles_in_force(person, at=at):
        attempt.delete()  # whether the sign-in succeeds is decided by the second factor
        return person
    trail.happened("sign_in_failed", who=person and person.id, at=at)
    return None


def by_code(person: Person, code: str, *, address: str, at: datetime) -> bool:
    """Is the second factor right? Refused: too often."""
    attempt = lockout.begin(person.login, address=address, at=at)
    with transaction.atomic():
        person = locked(Person, pk=person.pk)
        right = second_factor.use_code(person, code, at=at)
        if right:
            attempt.succeeded = True
            attempt.save(update_fields=["succeeded"])
        trail.happened("signed_in" if right else "sign_in_failed", who=person.id, at=at)
    return right


@cache
def _nobodys() -> str:
    return make_password("the password of nobody")
