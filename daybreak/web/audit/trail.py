"""How does a line come into the audit trail? In the transaction of what it describes; the sealer links it later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from daybreak.web import ids
from daybreak.web.audit.canonical import COLUMNS, encoded, entry_mac
from daybreak.web.audit.models import Entry

SECRETS = {"password"}
_way: ContextVar[str] = ContextVar("way", default="web")


@contextmanager
def by_way_of(way: str) -> Iterator[None]:
    """Lines within say that they came that way, unless they say otherwise themselves."""
    token = _way.set(way)
    try:
        yield
    finally:
        _way.reset(token)


def go_by(way: str) -> None:
    """From here to the end of the request the lines say so: no page has to remember it."""
    _way.set(way)


def wrote(row: models.Model, *, action: str, who: UUID | None, at: datetime, **about: Any) -> None:
    """The row was written. Call it in the transaction that wrote it. `about`: via, subject, site."""
    content = {
        field.attname: str(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name not in SECRETS
    }
    _add(action, content=content, object_type=row._meta.label_lower, object_id=row.pk, who=who, at=at, **about)


def happened(action: str, *, who: UUID | None, at: datetime, to: models.Model | None = None, **about: Any) -> None:
    """Something happened, `to` somebody or something, that wrote no row of its own: signed in, was refused."""
    what = {"object_type": to._meta.label_lower, "object_id": to.pk} if to else {"object_type": "", "object_id": None}
    _add(action, content={}, who=who, at=at, **what, **about)


def read(what: str, *, who: UUID | None, at: datetime, object_id: UUID | None = None, **about: Any) -> None:
    """Somebody saw it. One line for a page, committed before the page is sent: a single statement commits by itself."""
    _add("read", content={}, object_type=what, object_id=object_id, who=who, at=at, **about)


def read_each(what: str, subjects: Iterable[UUID], *, who: UUID | None, at: datetime) -> None:
    """Each of these patients was on the page: a line about each, all by one statement."""
    common: dict[str, Any] = {"content": {}, "object_type": what, "who": who, "at": at}
    Entry.objects.bulk_create(entry("read", object_id=one, subject=one, **common) for one in dict.fromkeys(subjects))


def entry(
    action: str,
    *,
    content: dict[str, str],
    object_type: str,
    object_id: UUID | None,
    who: UUID | None,
    at: datetime,
    via: str = "",
    subject: UUID | None = None,
    site: UUID | None = None,
) -> Entry:
    """The line, not yet stored. The digest is keyed: a short content cannot be guessed from it."""
    key = settings.PLACE.key("audit")
    digest = key.mac(encoded(sorted(content.items()))).hex()
    values = (ids.new(), at, via or _way.get(), who, action, object_type, object_id, subject, site, digest, key.id)
    plain = [value.hex if isinstance(value, UUID) else value for value in values]
    return Entry(**dict(zip(COLUMNS, values, strict=True)), mac=entry_mac(plain, key=key))


def _add(action: str, **about: Any) -> None:
    """Written by a statement that is always the same: every page has such a line."""
    line = entry(action, **about)
    values = [field.get_db_prep_save(getattr(line, field.attname), connection) for field in Entry._meta.concrete_fields]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


_INSERT = 'INSERT INTO "{}" ({}) VALUES ({})'.format(
    Entry._meta.db_table,
    ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields),
    ", ".join("%s" for _ in Entry._meta.concrete_fields),
)
