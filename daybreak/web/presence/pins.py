"""Which few digits unlock a session that its owner left idle?

They are typed in a browser whose owner signed in with everything else, so they may be short; three wrong ones end the session.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.people import lockout
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.presence.models import Pin, Session
from daybreak.web.refusals import Refused

SHORTEST, LONGEST = 6, 12
TRIES = 3
UP, DOWN = "01234567890123456789", "98765432109876543210"


def choose(person: Person, *, pin: str, again: str, at: datetime) -> None:
    """Set it, in place of the one before; the same again changes nothing. Refused when somebody would guess it."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise Refused("pin.rule", in_field="pin", shortest=SHORTEST, longest=LONGEST)
    if len(set(pin)) == 1 or pin in UP or pin in DOWN:
        raise Refused("pin.too_easy", in_field="pin")
    if pin != again:
        raise Refused("pin.not_equal", in_field="again")
    before = Pin.objects.filter(person=person).values_list("hashed", flat=True).first()
    if before and check_password(pin, before):
        return
    hashed = make_password(pin)  # takes long on purpose: not while others wait for the lock
    with transaction.atomic():
        person = locked(Person, pk=person.pk)
        require(person, Permission.OWN_PAGE, at=at)
        Pin.objects.filter(person=person).delete()
        Pin(id=ids.new(), organisation_id=person.organisation_id, created=at, person=person, hashed=hashed).save(
            force_insert=True
        )
        trail.happened("pin_set", who=person.id, at=at)


def end(person: Person, *, at: datetime) -> None:
    """The person has none any more, in the caller's transaction."""
    if Pin.objects.filter(person=person).delete()[0]:
        trail.happened("pin_ended", who=person.pk, at=at)


def is_theirs(person: Person, typed: str, *, session: str, at: datetime) -> bool:
    """Is it the person's PIN, or their password? Counted for this session alone: nobody's tries elsewhere are used up."""
    with transaction.atomic():
        locked(Session, pk=session)  # many tries at once are counted one after the other
        attempt = lockout.begin(person.login, address=_place(session), at=at, most=TRIES)
    hashed = Pin.objects.filter(person=person).values_list("hashed", flat=True).first() if typed.isdigit() else None
    right = check_password(typed, hashed or person.password)
    if right:
        attempt.delete()
    else:
        trail.happened("unlock_failed", who=person.id, at=at)
    return right


def used_up(person: Person, *, session: str, at: datetime) -> bool:
    """Were there as many wrong tries in this session as there may be?"""
    return lockout.failures(person.login, address=_place(session), at=at) >= TRIES


def _place(session: str) -> str:
    return f"session {session[:36]}"
