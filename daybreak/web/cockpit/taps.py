"""What was tapped or typed at the chair, and how does it come into the session: now, or later with an honest time?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.http import QueryDict

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web.cockpit.honest import Told, moment
from daybreak.web.cockpit.sheets import EVENT, VITALS
from daybreak.web.people.models import Person
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import actions, payload
from daybreak.web.treatment.models import Session, SessionEvent

Tap = tuple[str, What, dict[str, Any]]  # what makes its key its own, and the event
PRESSURE = ("systolic", "diastolic")


def taps(form: QueryDict) -> list[Tap]:
    """The events that a sheet tells. Refused when it tells nothing."""
    found = _figures(form)
    if form.get("sheet") != VITALS:
        row, _, value = form.get("value", "").partition("/")
        found += _event(row, value, form) if EVENT in (row, form.get("sheet")) else _level(row, value)
    if not found:
        raise Refused("cockpit.nothing_told")
    return found


@transaction.atomic
def keep(session: Session, found: list[Tap], *, late: Told | None, by: Person, at: datetime, key: UUID) -> None:
    """All of a sheet, or nothing of it. What is sent once more because its answer was lost is taken once."""
    for name, what, told in found:
        own = uuid5(key, name)
        if late is None:
            actions.act(session, what, told, by=by, at=at, key=own)
            continue
        if earlier := SessionEvent.objects.filter(key=own).first():
            if earlier.session_id != session.pk or not _same(told, earlier):
                raise Conflict("once.other_content")
            continue
        when = moment(late, received=at)
        uncertain = timedelta(seconds=when.uncertain_s)
        actions.report(session, what, told, happened=when.happened, uncertain=uncertain, by=by, at=at, key=own)


def sent_late(form: QueryDict, *, at: datetime) -> Told | None:
    """What a browser says of something that it had kept; None when it comes at once."""
    if "later" not in form:
        return None
    return Told(_span(form.get("age", "")), _moment(form.get("heard", "")), _span(form.get("since", "")))


def _figures(form: QueryDict) -> list[Tap]:
    """What was typed or chosen, and nothing of what was left empty; of a pressure both numbers or none."""
    found: list[Tap] = []
    for row, line in sessions.rows().items():
        found += _level(row, form.get(row, "")) if line["levels"] else []
        typed = {
            part["id"]: form.get(part["id"] if part["id"] != "value" else row, "").strip() for part in line["parts"]
        }
        if not any(typed.values()):
            continue
        value: Any = typed.get("value", typed)
        found.append((row, What.CHECK, {"row": row, "value": value}))
    return found


def _level(row: str, value: str) -> list[Tap]:
    levels = {str(one["value"]): one["value"] for one in sessions.rows().get(row, {}).get("levels", ())}
    return [(row, What.CHECK, {"row": row, "value": levels[value]})] if value in levels else []


def _event(row: str, value: str, form: QueryDict) -> list[Tap]:
    text = (value if row == EVENT else form.get("text", "")).replace("\0", "").strip()
    return [(EVENT, What.EVENT, {"text": text})] if text else []


def _same(told: Mapping[str, Any], earlier: SessionEvent) -> bool:
    before = payload.event(earlier).told
    return all(before.get(name) == value for name, value in told.items())


def _span(milliseconds: str) -> timedelta | None:
    figure = milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) <= 12
    return timedelta(milliseconds=int(milliseconds)) if figure else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
