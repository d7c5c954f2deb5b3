"""Which rows tell who is at which screen?"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from daybreak.web.people.models import Person
from daybreak.web.rows import Row


class Session(AbstractBaseSession):
    """One browser in which somebody came as far as a password. `session_key` is a digest of what the cookie holds."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=60)
    address = models.CharField(max_length=45)
    began = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expire_date"], name="session_expires")]

    @classmethod
    def get_session_store_class(cls) -> type:
        from daybreak.web.presence.store import SessionStore

        return SessionStore


class Passkey(Row):
    """The public half of a key that the person's own device keeps. The counter follows the device's."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    counter = models.BigIntegerField()


class Challenge(models.Model):
    """What a device has to sign for one purpose in one session. Who uses it deletes it."""

    session = models.CharField(max_length=40)
    purpose = models.CharField(max_length=10)
    challenge = models.CharField(max_length=64)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "purpose"], name="challenge_of_session")]


class Pin(Row):
    """What unlocks a session that its owner left idle; it signs nobody in. Replaced in place: an old hash is of no use."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="pin")
    hashed = models.CharField(max_length=128)


class KeptForm(Row):
    """A form that met a session which had ended: sealed under a key outside the database, for this person alone."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=20)
    sealed = models.BinaryField()
    until = models.DateTimeField(db_index=True)
    brought = models.DateTimeField(null=True)  # when its sender saw it again


# What a tablet is handed over for, and the page on which the patient begins.
FRONTS = {
    "own_record": "/tablet/",
    "consent": "/tablet/consent/",
    "form": "/tablet/form/",
    "payment": "/tablet/payment/",
    "session": "/tablet/session/",
}


class Handover(Row):
    """A member of staff gave their browser to one patient, for one purpose. `about`: which form, consent, statement
    or session."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    about = models.UUIDField(null=True, db_index=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    @property
    def front(self) -> str:
        """The page on which the patient begins."""
        return FRONTS[self.purpose]


class HandoverEnd(Row):
    """It was taken back."""

    handover = models.OneToOneField(Handover, models.PROTECT, related_name="end")

    class Meta:
        db_table = "presence_handover_end"
