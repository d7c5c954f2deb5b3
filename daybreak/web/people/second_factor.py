"""Does this code come from the person's own app, or from the list of recovery codes?

The app's secret is computed from a key outside the database and a nonce in it: a stolen database signs nobody in.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

import pyotp
import segno
from django.conf import settings
from django.db import IntegrityError, transaction

from daybreak.web import ids, instant
from daybreak.web.people.models import Person, RecoveryCode, SecondFactor, UsedCode

RECOVERY_CODES = 10


def secret(*, nonce: UUID, key: str | None = None) -> str:
    """The app's secret in base 32, under the named key or the newest one."""
    made = settings.PLACE.key("second-factor", key).mac(b"totp" + nonce.bytes)
    return base64.b32encode(made[:20]).decode()


def newest_key() -> str:
    """The id of the key under which new secrets are made."""
    key_id: str = settings.PLACE.key("second-factor").id
    return key_id


def picture(*, secret: str, login: str, organisation: str) -> str:
    """The square that an app reads, as SVG without any style of its own."""
    told = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"Daybreak {organisation}")
    drawn: str = segno.make(told, error="m").svg_inline(scale=5, svgclass="code-picture", lineclass=None, omitsize=True)
    return drawn


def step_of(code: str, *, secret: str, at: datetime) -> int | None:
    """The half-minute to which the code belongs: the present one or its neighbours; None when to none of them."""
    typed = "".join(code.split())
    otp = pyotp.TOTP(secret)
    now = int(instant.of_machine(at).timestamp()) // otp.interval
    steps = [
        step for step in (now - 1, now, now + 1) if compare_digest(otp.generate_otp(step).encode(), typed.encode())
    ]
    return steps[0] if steps else None


def use_code(person: Person, code: str, *, at: datetime) -> bool:
    """Is it the app's code, not used before, or a recovery code, used up by this? Call it in a transaction."""
    factor = person.second_factors.order_by("-id").first()
    if factor is None:
        return False
    step = step_of(code, secret=secret(nonce=factor.nonce, key=factor.key), at=at)
    if step is not None:
        return mark_used(factor, step, at=at)
    removed, _ = RecoveryCode.objects.filter(person=person, digest__in=recovery_digests(person, code)).delete()
    return removed == 1


def mark_used(factor: SecondFactor, step: int, *, at: datetime) -> bool:
    """Use up the code of that half-minute; False when it was used already."""
    try:
        with transaction.atomic():
            UsedCode.objects.create(
                id=ids.new(), organisation_id=factor.organisation_id, created=at, factor=factor, step=step
            )
    except IntegrityError:
        return False
    return True


def new_recovery_codes(person: Person, *, at: datetime) -> list[str]:
    """Ten new codes; earlier ones no longer work. They are shown once, only their digests are stored."""
    RecoveryCode.objects.filter(person=person).delete()
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    for code in codes:
        RecoveryCode.objects.create(
            id=ids.new(),
            organisation_id=person.organisation_id,
            created=at,
            person=person,
            digest=recovery_digests(person, code)[0],
        )
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes]


def codes_left(person: Person) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(person=person).count()


def recovery_digests(person: Person, code: str) -> list[str]:
    """What may be stored of a code, under each key that is still known, the newest first."""
    typed = "".join(code.split()).replace("-", "").lower()
    return [
        key.mac(b"recovery" + person.id.bytes + typed.encode()).hex() for key in settings.PLACE.keys["second-factor"]
    ]
