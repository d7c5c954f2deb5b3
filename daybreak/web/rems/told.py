"""What is the same about everything that is written down of the programme: its days, its texts, its file and its version?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.once import keys
from daybreak.web.papers import brought
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.rems import lapses
from daybreak.web.rems.models import Document, Standing

LONGEST = {"number": 60, "representative": 200, "address": 300, "email": 254, "what": 200, "reason": 1000}
Row = TypeVar("Row", bound=Standing)


def last(model: type[Row], seen: UUID | None, **of: Any) -> Row | None:
    last = model._default_manager.filter(replaced_by__isnull=True, **of).first()
    if (last.pk if last else None) != seen:
        raise Conflict("rems.written_meanwhile")
    return last


def to_end(last: Row | None) -> Row:
    if last is None or last.ended:
        raise Conflict("rems.nothing_to_end")
    return last


def fit(told: Mapping[str, str], *, needed: tuple[str, ...]) -> None:
    for name, text in told.items():
        if (name in needed and not text) or len(text) > LONGEST[name]:
            raise Refused("rems.field_missing", in_field=name, most=LONGEST[name])


def days(*, since: date | None, expires: date | None, no_last_day: bool, today: date) -> dict[str, date | None]:
    """Since when, and until when: a last day, or the word that none was named. Neither is unknown, and both contradict."""
    if since is None or since > today:
        raise Refused("rems.since_when", in_field="since", today=today.isoformat())
    if (expires is None) != no_last_day or (expires is not None and expires < since):
        raise Refused("rems.until_when", in_field="expires", since=since.isoformat())
    return {"since": since, "expires": expires}


def ending(since: date | None, reason: str, *, today: date) -> dict[str, Any]:
    if since is None or since > today:
        raise Refused("rems.since_when", in_field="since", today=today.isoformat())
    fit({"reason": reason}, needed=("reason",))
    return {"since": since, "expires": None, "ended": True, "reason": reason}


def common(site: Site, by: Person, at: datetime) -> dict[str, Any]:
    return {"id": ids.new(), "organisation_id": site.organisation_id, "created": at, "by": by}


def digest(file: bytes) -> str:
    return sha256(file).hexdigest() if file else ""


def document(file: bytes, site: Site, by: Person, at: datetime) -> Document | None:
    if not file:
        return None
    media_type = brought.checked(file, in_field="file")
    row = Document(**common(site, by, at), site=site, media_type=media_type, sha256=digest(file), bytes=file)
    row.save(force_insert=True)
    trail.wrote(row, action="rems_document_kept", who=by.id, at=at, site=site.id)
    return row


def written(
    row: Row,
    audited: str,
    action: str,
    content: Mapping[str, Any],
    *,
    site: Site,
    by: Person,
    at: datetime,
    key: UUID,
    patient: Patient | None = None,
) -> Row:
    row.save(force_insert=True)
    if row.replaces is not None:
        lapses.over(row.replaces, by=by, at=at)
    trail.wrote(row, action=audited, who=by.id, at=at, subject=patient and patient.id, site=site.id)
    keys.remember(key, action=action, content=content, answer=row.pk, organisation_id=site.organisation_id, at=at)
    return row
