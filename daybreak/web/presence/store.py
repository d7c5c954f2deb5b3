"""How is a session kept? Django's way, but under a digest: who has the database cannot take over anybody's session."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from daybreak.web.people.models import Person
from daybreak.web.questions import Question

PERSON = [field.attname for field in Person._meta.concrete_fields]


def digest(session_key: str) -> str:
    """What is stored of the secret in the cookie."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Sessions as rows that say whose they are, so that their owner can see and end them.

    `owner`: who that was when the session was read.
    """

    owner: Person | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        from daybreak.web.presence.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        """What was kept of the session; it brings its owner along, so that nobody has to ask for them again."""
        found = _KEPT(digest(self.session_key), datetime.now(UTC))
        if not found:
            self._session_key = None
            return None
        ((data, *of_owner),) = found
        self.owner = None if of_owner[0] is None else Person.from_db(None, PERSON, of_owner)
        return self.model(session_data=data)

    def exists(self, session_key: str) -> bool:
        return super().exists(digest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        row.person_id = data.get(SESSION_KEY)
        row.device, row.address = data.get("device", ""), data.get("address", "")
        row.began, row.seen = (_moment(data.get(name)) for name in ("began", "seen"))
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=digest(key)).delete()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


_KEPT = Question(
    lambda key, at: (
        SessionStore.get_model_class()
        .objects.filter(session_key=key, expire_date__gt=at)
        .values_list("session_data", *(f"person__{name}" for name in PERSON))
    ),
    str,
    datetime,
)
