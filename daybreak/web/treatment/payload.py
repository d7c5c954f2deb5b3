"""How is what an event tells, with the reasons in it, written down and read back?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.events import Event
from daybreak.web.treatment.models import SessionEvent


def written(told: Mapping[str, Any]) -> str:
    """As JSON; a figure is written as it was typed, never as a fraction of two."""
    return json.dumps(dict(told), ensure_ascii=False, sort_keys=True, allow_nan=False)


def lacking(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as plain data."""
    return [
        {"id": one.id, "values": {k: {"term": v.id} if isinstance(v, Term) else v for k, v in one.values.items()}}
        for one in reasons
    ]


def event(row: SessionEvent) -> Event:
    """The event of a row."""
    told = json.loads(row.told)
    if "lacking" in told:
        told["lacking"] = [{"id": one["id"], "values": _values(one["values"])} for one in told["lacking"]]
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
    return {key: Term(one["term"]) if isinstance(one, dict) else one for key, one in values.items()}
