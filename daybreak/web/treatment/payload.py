"""How is what an event tells, with the reasons in it, written down and read back?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.events import Event
from daybreak.web.treatment.models import SessionEvent

# Under these names an event tells reasons: what was missing, and what was refused.
REASONS = frozenset({"lacking", "refused"})


def written(told: Mapping[str, Any]) -> str:
    """As JSON; a figure is written as it was typed, never as a fraction of two."""
    return json.dumps(dict(told), ensure_ascii=False, sort_keys=True, allow_nan=False)


def lacking(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as plain data."""
    return [{"id": one.id, "values": {key: _plain(value) for key, value in one.values.items()}} for one in reasons]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Term):
        return {"term": value.id}
    if isinstance(value, Reason):
        return {"reason": lacking([value])[0]}
    if isinstance(value, Decimal):
        return {"number": f"{value:f}"}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def event(row: SessionEvent) -> Event:
    """The event of a row."""
    told = json.loads(row.told)
    for name in REASONS & told.keys():
        told[name] = [{"id": one["id"], "values": _values(one["values"])} for one in told[name]]
    return Event(
        row.seq,
        row.what,
        told,
        happened=row.happened,
        received=row.received,
        uncertain_s=row.uncertain_s,
        late=row.late,
        by=str(row.by_id) if row.by_id else None,
    )


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _read(one) for key, one in values.items()}


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(one) for one in value)
    return next(_KINDS[kind](told) for kind, told in value.items()) if isinstance(value, dict) else value


_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "term": Term,
    "reason": lambda told: Reason(told["id"], _values(told["values"])),
    "number": Decimal,
    "day": date.fromisoformat,
}
