"""How does a device come to belong to a session, and how does it stop to?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.alarms import Says
from daybreak.exchange.hl7 import Report, Unreadable, read
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.bedside import judging, queries, said
from daybreak.web.bedside.models import Binding, Device, Kind, Unbound, Why
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict
from daybreak.web.treatment import alarms
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.saying import NotNow


@transaction.atomic
def bind(
    session: Session,
    device: Device,
    *,
    kind: Kind = Kind.MONITOR,
    shown: str | None = None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Binding:
    """From now on what this device sends is of the patient of this session; another one of its kind that was here is not any
    more. `shown`: whom it named on the page that somebody compared with it (`whose`)."""
    device = locked(Device, pk=device.pk)
    session = _locked(session)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"session": session.id, "device": device.id, "kind": kind.value}
    if earlier := keys.known(key, action="bind_device", content=content):
        return Binding.objects.get(pk=earlier)
    if not treatment.now(session).open:
        raise NotNow((Reason("alarm.over"),))
    theirs = named(device)
    if shown is not None and shown != whose(theirs):
        raise Conflict("bedside.other_meanwhile")
    for other in queries.in_force():
        if other.session_id == session.pk and other.device_id == device.pk:
            return other
        if other.device_id == device.pk:
            raise Conflict("bedside.bound_elsewhere")
        if other.session_id != session.pk and theirs and set(theirs) & set(queries.patients(other)):
            raise Conflict("bedside.two_beds")
    for other in queries.in_force([session.pk]).filter(kind=kind.value):
        end(other, Why.BY_PERSON, by=by, at=at)
    row = Binding(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        device=device,
        session=session,
        patients=json.dumps(theirs),
        by=by,
        kind=kind.value,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="device_bound", who=by.id, at=at, subject=session.patient_id, site=session.site_id)
    keys.remember(key, action="bind_device", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def unbind(binding: Binding, *, by: Person, at: datetime) -> None:
    """What the device sends is of nobody here any more. What it raised stays until somebody has seen to it."""
    session = _locked(binding.session)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    if not Unbound.objects.filter(binding=binding).exists():
        end(binding, Why.BY_PERSON, by=by, at=at)


def end(binding: Binding, why: Why, *, by: Person | None, at: datetime, found: Says | None = None) -> None:
    """It holds no longer, and what its device said is over; `found`: what is an alarm of this. In a transaction, under the lock
    of the session."""
    session = binding.session
    row = Unbound(
        id=ids.new(), organisation_id=binding.organisation_id, created=at, binding=binding, why=why.value, by=by
    )
    row.save(force_insert=True)
    about = {"subject": session.patient_id, "site": session.site_id}
    trail.wrote(row, action="device_unbound", who=by.id if by else None, at=at, via="web" if by else "bedside", **about)
    says = [said.over(one) for id, one in said.now(session.pk).items() if judging.whose(id) == binding.kind]
    if found is not None:
        says += [found, said.over(found)]
    if says:
        tell(session, says, at=at)


def tell(session: Session, says: list[Says], *, at: datetime) -> None:
    """What a device says is written down, and what the alarms of the session say then. Under its lock, in a transaction."""
    said.add(session, says, at=at)
    alarms.follow(session, at=at)


def named(device: Device) -> list[str]:
    """The ids that it names for its patient now."""
    last = queries.last_of(device)
    if last is None:
        return []
    try:
        reports = read(bytes(last.content))
    except Unreadable:
        return []
    return names(reports, device)


def names(reports: Iterable[Report], device: Device) -> list[str]:
    """Those that these reports hold of it."""
    return sorted({one for each in reports if each.device == device.name for one in each.patients})


def whose(named: Sequence[str]) -> str:
    """By which a page knows whether the device names the same patient still."""
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def _locked(session: Session) -> Session:
    locked(Session, pk=session.pk)
    return Session.objects.select_related("patient", "site").get(pk=session.pk)
