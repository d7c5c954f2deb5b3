"""How is what an event tells, with the reasons in it, written down and read back?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import Event
from daybreak.exchange.plain import plain, value
from daybreak.web.treatment.models import SessionEvent

# Under these names an event tells reasons: what was missing, and what was refused.
REASONS = frozenset({"lacking", "refused"})


def written(told: Mapping[str, Any]) -> str:
    """As JSON; a figure is written as it was typed, never as a fraction of two."""
    return json.dumps(dict(told), ensure_ascii=False, sort_keys=True, allow_nan=False)


def lacking(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as plain data, with whatever they hold: words of ours, days, other reasons."""
    return [{"id": one.id, "values": {name: plain(each) for name, each in one.values.items()}} for one in reasons]


def event(row: SessionEvent) -> Event:
    """The event of a row."""
    told = json.loads(row.told)
    for place in (told, told.get("told")):  # a correction took over what was missing
        for name in REASONS & place.keys() if isinstance(place, dict) else ():
            place[name] = [{"id": one["id"], "values": _values(one["values"])} for one in place[name]]
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
    return {name: value(one) for name, one in values.items()}
