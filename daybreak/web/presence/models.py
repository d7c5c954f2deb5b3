"""Which rows tell who is at which screen?"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from daybreak.web.people.models import Person


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
