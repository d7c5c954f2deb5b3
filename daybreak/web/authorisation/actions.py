"""How is a payer asked, and how is written down what it answered?

Each action locks the patient, asks permission, looks at the state, writes and audits, in this order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.protocols import payer_ids, protocol_ids
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.authorisation import doses, packets, statements
from daybreak.web.authorisation.fields import read
from daybreak.web.authorisation.models import Authorisation, Event, What
from daybreak.web.authorisation.state import BESIDE, State, state, used_of
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LONGEST = 120
# What somebody has to do after a step, by the day that the state says.
TASKS: Mapping[What, str] = {
    What.SENT: "authorisation.task_look",
    What.ANSWERED: "authorisation.task_look",
    What.PEER_TO_PEER: "authorisation.task_look",
    What.APPEALED: "authorisation.task_look",
    What.MORE_ASKED: "authorisation.task_send",
    What.DENIED: "authorisation.task_denied",
    What.APPROVED: "authorisation.task_renew",
}


@transaction.atomic
def open_one(
    patient: Patient, *, payer: str, payer_name: str, protocol: str, by: Person, at: datetime, key: UUID
) -> Authorisation:
    """Begin to ask a payer for one treatment: one that we know the criteria of (`payer`), or one by its name alone."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.AUTHORISATIONS, by=by, at=at)
    content = {"patient": patient.id, "payer": payer, "payer_name": payer_name, "protocol": protocol}
    if earlier := keys.known(key, action="authorisation", content=content):
        return Authorisation.objects.get(pk=earlier)
    if payer and payer not in payer_ids():
        raise Refused("authorisation.unknown_payer")
    if not payer and (not payer_name or len(payer_name) > LONGEST):
        raise Refused("authorisation.payer_missing", in_field="payer", most=LONGEST)
    if protocol not in protocol_ids():
        raise Refused("authorisation.unknown_protocol")
    row = Authorisation(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site_id=site_id,
        payer=payer,
        payer_name=payer_name or payer,
        protocol=protocol,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="authorisation_opened", who=by.id, at=at, subject=patient.id, site=site_id)
    keys.remember(
        key, action="authorisation", content=content, answer=row.id, organisation_id=patient.organisation_id, at=at
    )
    return row


@transaction.atomic
def add(
    authorisation: Authorisation,
    what: What,
    typed: Mapping[str, str],
    *,
    day: date | None,
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
    scan: bytes = b"",
    dose_is_right: bool = False,
) -> Event:
    """The next step; a dose that the protocol does not have is asked about once more. `seen` is how many steps the form
    showed: somebody else's step in between is noticed. `scan`: the sheet that a patient signed who pays themselves or may
    have to, as a PDF."""
    patient = locked(Patient, pk=authorisation.patient_id)
    require(by, Permission.AUTHORISATIONS, at=at, site_id=authorisation.site_id)
    if not Registration.objects.filter(patient=patient, site=authorisation.site_id).exists():
        raise Forbidden("people.may_not")
    content = {
        "authorisation": authorisation.id,
        "what": what,
        "day": day,
        "scan": sha256(scan).hexdigest() if scan else "",
        "dose_is_right": dose_is_right,
        **typed,
    }
    if earlier := keys.known(key, action="authorisation_step", content=content):
        return Event.objects.get(pk=earlier)
    now = state(authorisation.events.select_related("by"))
    if len(now.events) != seen:
        who = now.events[-1].by if now.events else None
        if who is None:
            raise Conflict("authorisation.changed_meanwhile")
        raise Conflict("authorisation.changed", name=who.display_name)
    if what not in now.next:
        raise Refused("authorisation.not_now")
    site = Site.objects.get(pk=authorisation.site_id)
    today = zones.day(at, site.zone)
    if day is None or day > today:
        raise Refused("authorisation.day_missing")
    told = read(what, typed)
    doses.ask(told.get("dose", ""), authorisation.protocol, right=dose_is_right)
    if scan and (what not in (What.SELF_PAY, What.PENDING) or not scan.startswith(b"%PDF-")):
        raise Refused("consent.no_scan", in_field="scan")
    if what is What.USED:
        left = now.approvals[used_of(now.approvals, day)].left
        if left < Decimal(told["amount"]):
            raise Refused("authorisation.more_than_left", left=left)
    row = Event(
        id=ids.new(),
        organisation_id=authorisation.organisation_id,
        created=at,
        authorisation=authorisation,
        seq=len(now.events) + 1,
        what=what.value,
        day=day,
        told=json.dumps(told, sort_keys=True),
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="authorisation_step", who=by.id, at=at, subject=patient.id, site=site.id)
    if what in (What.SELF_PAY, What.PENDING):
        statements.keep(row, told, scan=scan, site=site, by=by, at=at)
    if what not in BESIDE:
        _tasks(authorisation, row, state([*now.events, row]), site=site, by=by, at=at)
    keys.remember(
        key, action="authorisation_step", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _tasks(authorisation: Authorisation, row: Event, now: State, *, site: Site, by: Person, at: datetime) -> None:
    """What the step before asked for is done; what this one asks for waits for whoever wrote it."""
    for earlier in now.events[:-1]:
        tasks.done(source=_source(earlier), by=by, at=at)
    if (due := now.due) is None:
        return
    tasks.make(
        source=_source(row),
        kind=Kind.OTHER,
        what=TASKS[What(row.what)],
        values={"payer": packets.title(authorisation, "en")},
        site=site,
        patient=Patient.objects.get(pk=authorisation.patient_id),
        level=Level.BY,
        due=zones.midnight(due + timedelta(days=1), site.zone),
        permission=Permission.AUTHORISATIONS,
        owner=by,
        where=f"/patients/{authorisation.patient_id}/authorisations/{authorisation.id}/",
        by=by,
        at=at,
    )


def _source(row: Event) -> str:
    return f"authorisation {row.id}"
