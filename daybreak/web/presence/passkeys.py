"""Did a device that the person registered sign our challenge? (WebAuthn, by the library fido2)

A passkey says that the device was there and that it knew its owner: it is password and second factor in one.
"""

from __future__ import annotations

import json
import struct
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.people import queries
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.presence import challenges
from daybreak.web.presence.models import Passkey
from daybreak.web.refusals import Refused

REGISTER, CONFIRM, SIGN_IN, SECOND, UNLOCK = "register", "confirm", "sign_in", "second", "unlock"
REQUIRED = UserVerificationRequirement.REQUIRED
# What the library raises at an answer that no browser gives.
NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, struct.error, RecursionError)


def options(purpose: str, *, person: Person | None, session: str, at: datetime) -> dict[str, Any]:
    """What the browser needs to ask a device: to make a key, or to sign with one (of this person, if we know them)."""
    known = [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(one))
        for one in (person.passkeys.values_list("credential_id", flat=True) if person else ())
    ]
    if purpose == REGISTER:
        user = PublicKeyCredentialUserEntity(id=person.id.bytes, name=person.login, display_name=person.display_name)
        told, state = _server().register_begin(
            user,
            credentials=known,
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=REQUIRED,
        )
    else:
        told, state = _server().authenticate_begin(credentials=known or None, user_verification=REQUIRED)
    challenges.keep(state["challenge"], session=session, purpose=purpose, at=at)
    return dict(told)


def register(person: Person, *, name: str, answer: str, session: str, at: datetime) -> Passkey:
    """The key that the device has just made, under the name that its owner gave. Refused with the reason."""
    state = _state(REGISTER, session=session, at=at)
    if not name or len(name) > Passkey._meta.get_field("name").max_length:
        raise Refused("passkey.name_missing", in_field="name")
    try:
        made = _server().register_complete(state, RegistrationResponse.from_dict(json.loads(answer) or {}))
        credential = made.credential_data
    except NONSENSE:
        raise Refused("passkey.refused") from None
    with transaction.atomic():
        person = locked(Person, pk=person.pk)
        require(person, Permission.OWN_PAGE, at=at)
        if Passkey.objects.filter(credential_id=credential.credential_id).exists():
            raise Refused("passkey.known")
        row = Passkey(
            id=ids.new(),
            organisation_id=person.organisation_id,
            created=at,
            person=person,
            name=name,
            credential_id=credential.credential_id,
            credential=bytes(credential),
            counter=made.counter,
        )
        row.save(force_insert=True)
        trail.wrote(row, action="passkey_added", who=person.id, at=at)
    return row


@transaction.atomic
def remove(person: Person, id: str, *, at: datetime) -> None:
    """One's own key opens nothing any more. Twice is as once."""
    person = locked(Person, pk=person.pk)
    require(person, Permission.OWN_PAGE, at=at)
    for row in person.passkeys.all():
        if str(row.id) == id:
            trail.wrote(row, action="passkey_removed", who=person.id, at=at)
            row.delete()


def end_all(person: Person, *, by: Person, at: datetime) -> None:
    """None of the person's keys opens anything any more, in the caller's transaction, which has locked and judged."""
    for row in person.passkeys.all():
        trail.wrote(row, action="passkey_removed", who=by.pk, at=at)
        row.delete()


def verified(answer: str, *, purpose: str, person: Person | None, session: str, at: datetime) -> Person:
    """Whose key signed the challenge of this session; with `person` it has to be one of theirs. Refused otherwise."""
    state = _state(purpose, session=session, at=at)
    try:
        read = AuthenticationResponse.from_dict(json.loads(answer) or {})
    except NONSENSE:
        raise Refused("passkey.refused") from None
    owner = None
    with transaction.atomic():
        row = Passkey.objects.select_for_update().filter(credential_id=read.raw_id).first()
        if row is not None and _genuine(row, read, state, person):
            owner = row.person if queries.roles_in_force(row.person, at=at) else None
        if owner:
            row.counter = read.response.authenticator_data.counter
            row.save(update_fields=["counter"])
            trail.happened(f"passkey_{purpose}", who=owner.id, at=at)
        else:
            trail.happened("sign_in_failed", who=row and row.person_id, at=at)
    if owner is None:
        raise Refused("passkey.refused")
    return owner


def _genuine(row: Passkey, read: AuthenticationResponse, state: dict[str, Any], person: Person | None) -> bool:
    try:
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(row.credential))], read)
    except NONSENSE:
        return False
    handle = read.response.user_handle
    return (
        (person is None or row.person_id == person.id)
        and (handle == row.person_id.bytes or (handle is None and person is not None))
        and _counts_on(row, read.response.authenticator_data)
    )


def _counts_on(row: Passkey, data: AuthenticatorData) -> bool:
    """A device that counts counts upwards; a copy of it does not know how far the other one has come."""
    return data.counter > row.counter or data.counter == row.counter == 0


def _state(purpose: str, *, session: str, at: datetime) -> dict[str, Any]:
    challenge = challenges.take(session=session, purpose=purpose, at=at)
    if challenge is None:
        raise Refused("passkey.too_late")
    return {"challenge": challenge, "user_verification": REQUIRED}


def _server() -> Fido2Server:
    name = PublicKeyCredentialRpEntity(id=settings.PLACE.host, name="Daybreak")
    return Fido2Server(name, verify_origin=_is_ours)


def _is_ours(origin: str) -> bool:
    """The public address, nothing beside it; a demo may listen on another port of this machine."""
    asked, ours = urlsplit(origin), urlsplit(settings.PLACE.public_url)
    same_host = (asked.scheme, asked.hostname) == (ours.scheme, ours.hostname)
    return same_host and (asked.port == ours.port or settings.PLACE.profile == "demo")
