"""How does somebody say where they are reached, and how is a notice put into the outbox?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox import queries
from daybreak.web.outbox.models import FILE, SMTP, TEXT, TEXT_FILE, Address, Message
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import numbers
from daybreak.web.refusals import Refused
from daybreak.web.words import word

LONGEST = 254


@transaction.atomic
def set_address(person: Person, email: str, *, mobile: str = "", at: datetime, key: UUID) -> Address:
    """From now on the person is reached there; with an empty one, nowhere. By that person alone. `mobile`: as E.164; a text is
    beside the mail, never instead of it."""
    person = locked(Person, pk=person.pk)
    require(person, Permission.OWN_PAGE, at=at)
    content = {"person": person.id, "email": email, "mobile": mobile}
    if earlier := keys.known(key, action="set_address", content=content):
        return Address.objects.get(pk=earlier)
    if email:
        check(email)
    if mobile:
        numbers.check(mobile)
    if mobile and not email:
        raise Refused("outbox.text_is_beside", in_field="email")
    row = Address(
        id=ids.new(),
        organisation_id=person.organisation_id,
        created=at,
        person=person,
        email=email,
        mobile=mobile,
        replaces=queries.address(person),
    )
    row.save(force_insert=True)
    trail.wrote(row, action="address_set" if email else "address_removed", who=person.id, at=at)
    keys.remember(
        key, action="set_address", content=content, answer=row.id, organisation_id=person.organisation_id, at=at
    )
    return row


def check(email: str) -> None:
    """Refused when no mail can go to such an address. Whether somebody reads it, only a mail tells."""
    try:
        validate_email(email)
        email.encode("ascii")
    except (ValidationError, UnicodeEncodeError):
        raise Refused("outbox.no_address", in_field="email", typed=email[:60]) from None
    if len(email) > LONGEST:
        raise Refused("outbox.address_too_long", in_field="email", most=LONGEST)


def post(
    person: Person, text: str, *, about: UUID | None, urgent: bool = False, at: datetime, organisation_id: UUID
) -> Message | None:
    """A notice to the person, sent soon after the caller's transaction has ended, and not at all when it is undone.

    `text` is the id of a sentence, which becomes the subject. None, with a line in the audit trail, when a mail would be
    needed and the person has no address. `urgent`: a text goes to their phone too, since one of the two ways may be shut.
    """
    word(text, person.language)  # a sentence that nobody wrote is found now, and not when the mail is due
    way = channel()
    found = queries.address(person)
    to = found.email if found else ""
    if way == SMTP and not to:
        trail.happened("not_reached", who=None, at=at, via="clock", to=person)
        return None
    told: dict[str, Any] = {"about": about, "at": at, "person": person, "organisation_id": organisation_id}
    told["language"] = person.language
    if urgent and found and found.mobile and texts():
        put(text, channel=texts(), to=found.mobile, body="outbox.text_urgent", **told)
    return put(text, channel=way, to=to, **told)


def channel() -> str:
    """By which way a mail leaves now: by the clinic's mail server, or as a file when there is none."""
    return SMTP if settings.PLACE.mail else FILE


def texts() -> str:
    """By which way a text leaves now: by the gateway, as a file where that was chosen or in a demo; "": by none."""
    place = settings.PLACE
    if place.texts and place.texts.gateway:
        return TEXT if place.mail else ""
    return TEXT_FILE if place.texts or place.profile == "demo" else ""


def put(text: str, *, at: datetime, **about: Any) -> Message:
    """A message as it will be sent, in the caller's transaction; `about` are its other columns."""
    id = ids.new()
    message = Message(id=id, created=at, text=text, message_id=f"<{id}@{settings.PLACE.host}>", **about)
    message.save(force_insert=True)
    trail.wrote(message, action="message_posted", who=None, at=at, via="clock", subject=message.patient_id)
    return message
