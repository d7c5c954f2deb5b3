"""What do devices say that happened in a session? It stands beside what people entered, and is nobody's entry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.bedside import models
from daybreak.web.bedside.judging import Line
from daybreak.web.bedside.models import Binding, Kind, What
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment.models import Session

NEEDS = {Kind.PUMP: Function.PUMPS, Kind.MONITOR: Function.ALARMS}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a device says happened: when it was received, and when by its own clock."""

    n: int
    device: str
    kind: Kind
    what: What
    told: Mapping[str, Any]
    received: datetime
    taken: datetime | None


def of(session_id: UUID) -> list[Said]:
    """All of a session, in order."""
    rows = models.Evidence.objects.filter(session=session_id).select_related("binding__device").order_by("n")
    return [_said(one) for one in rows]


def shown(session: Session) -> list[Said]:
    """The same, of what is switched on where it is: pumps, and of a monitor its alarms."""
    on = switches.at(session)
    return [one for one in of(session.pk) if NEEDS[one.kind] in on]


def last(binding: Binding, what: Sequence[What]) -> Said | None:
    """The newest of these that its device said."""
    rows = models.Evidence.objects.filter(binding=binding, what__in=what).select_related("binding__device")
    row = rows.order_by("-n").first()
    return _said(row) if row else None


def add(binding: Binding, session: Session, lines: Sequence[Line], *, at: datetime) -> None:
    """Write it down, under the lock of the session. What the newest line says already is not written again."""
    rows = models.Evidence.objects.filter(session=session).order_by("-n")
    before = rows.filter(binding=binding).first()
    n = next(iter(rows.values_list("n", flat=True)[:1]), 0)
    for one in lines:
        told = json.dumps(dict(one.told), sort_keys=True, ensure_ascii=False)
        if before and (before.what, before.told, before.taken) == (one.what.value, told, one.taken):
            continue
        n += 1
        before = models.Evidence(
            id=ids.new(),
            organisation_id=session.organisation_id,
            created=at,
            binding=binding,
            session=session,
            n=n,
            what=one.what.value,
            told=told,
            taken=one.taken,
        )
        before.save(force_insert=True)
        about = {"subject": session.patient_id, "site": session.site_id}
        trail.wrote(before, action="device_evidence", who=None, at=at, via="bedside", **about)


def _said(row: models.Evidence) -> Said:
    binding, told = row.binding, json.loads(row.told)
    return Said(row.n, binding.device.name, Kind(binding.kind), What(row.what), told, row.created, row.taken)
