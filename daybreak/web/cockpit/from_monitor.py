"""Which values of the monitor can a person take over into a check, and was a value that they kept one of these?

A median of the last minute, of a sign that is live now; what is old, gone or cannot be used is never offered. It becomes an entry
when somebody keeps it, and says where it is from for as long as they left it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from daybreak.clinical.treatment.events import What, decimal
from daybreak.clinical.treatment.limits import Watch
from daybreak.clinical.treatment.vitals import Condition
from daybreak.knowledge import devices
from daybreak.web.bedside.models import Minute
from daybreak.web.bedside.values import Signs
from daybreak.web.cockpit.figures import PRESSURE
from daybreak.web.cockpit.vitals import age
from daybreak.web.treatment.models import Session
from daybreak.web.words import word

Tap = tuple[str, What, dict[str, Any]]
FIELD = "from-"  # before the name of a field, the minute that it was filled from
MINUTE = timedelta(minutes=1)
CUFF = "cuff"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a field is filled with: the median of a minute, and how long that is over."""

    value: str
    minute: UUID
    age: timedelta


def live_now(live: Signs | None) -> set[str]:
    """The signs that can be taken over: a pressure only with both its parts."""
    found = {name for name, one in (live or {}).items() if one.condition is Condition.OK and one.value is not None}
    return found if found >= set(PRESSURE) else found - set(PRESSURE)


def taken(binding: UUID, live: Signs | None, watch: Watch, *, at: datetime) -> dict[str, Taken]:
    """By field."""
    newest: dict[str, Minute] = {}
    cuffs = [one.feeds[CUFF].stale for one in watch.signs.values() if CUFF in one.feeds]
    since = at - max([devices.median(), *cuffs]) - MINUTE
    rows = Minute.objects.filter(binding=binding, sign__in=live_now(live), minute__gte=since)
    for row in rows.order_by("minute"):
        newest[row.sign] = row
    found = {}
    for sign, row in newest.items():
        kind, old = row.source.partition(" ")[0], max(at - row.minute - MINUTE, timedelta(0))
        if old <= (watch.signs[sign].feeds[CUFF].stale if kind == CUFF else devices.median()):
            found[sign] = Taken(row.median, row.pk, old)
    return found if found.keys() >= set(PRESSURE) else {k: one for k, one in found.items() if k not in PRESSURE}


def said(one: Taken, language: str) -> str:
    """Beside the field: what it is, and how old."""
    seconds = word("bedside.seconds", language, seconds=int(one.age.total_seconds()))
    return word("cockpit.from_monitor", language, age=seconds if one.age < 2 * MINUTE else age(one.age, language))


def with_origin(session: Session, told: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """A check as it is told; with its origin where each of its figures is still what a minute of a device of the session said."""
    value = told.get("value")
    parts = dict(value) if isinstance(value, Mapping) else {str(told.get("row")): value}
    asked = {sign: form.get(f"{FIELD}{sign}", "") for sign in parts}
    if not all(asked.values()):
        return dict(told)
    rows = {str(one.pk): one for one in _minutes(session, asked.values())}
    lines = {sign: rows.get(asked[sign]) for sign in parts}
    if any(
        one is None or one.sign != sign or decimal(one.median) != decimal(parts[sign]) for sign, one in lines.items()
    ):
        return dict(told)
    first = next(one for one in lines.values() if one is not None)
    origin = {"device": first.binding.device.name, "source": first.source, "minute": first.minute.isoformat()}
    return {**told, "origin": origin}


def _minutes(session: Session, ids: Iterable[str]) -> list[Minute]:
    known = []
    for one in ids:
        try:
            known.append(UUID(one))
        except ValueError:
            continue
    rows = Minute.objects.filter(pk__in=known, binding__session=session.pk)
    return list(rows.select_related("binding__device"))


def origins(session: Session, found: list[Tap], form: Mapping[str, str]) -> list[Tap]:
    """The taps of a sheet, each check with its origin."""
    if not any(name.startswith(FIELD) for name in form):
        return found
    return [
        (name, what, with_origin(session, told, form) if what is What.CHECK else told) for name, what, told in found
    ]
