"""How does a patient sign here, by a link or on the tablet, that they pay the sum or may have to?"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.authorisation import statements
from daybreak.web.authorisation.fields import read as read_fields
from daybreak.web.authorisation.models import Authorisation, Event, Signed, Statement, TakenBack, What
from daybreak.web.authorisation.state import state
from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import PAYMENT, Link
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox.models import Message
from daybreak.web.papers.drawn import read as read_drawn
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import posting
from daybreak.web.refusals import Conflict, Forbidden, Refused

LINK, TABLET = "link", "tablet"
YES = "yes"


@transaction.atomic
def ask(
    authorisation: Authorisation,
    what: What,
    *,
    sum: str,
    currency: str,
    language: str,
    representative: str = "",
    ground: str = "",
    seen: int,
    by: Person,
    at: datetime,
    key: UUID,
) -> Statement:
    """Ask the patient to sign for this sum, or a `representative` by what `ground` says; what was asked before can no longer
    be signed.

    `seen` is how many steps the form showed.
    """
    patient = locked(Patient, pk=authorisation.patient_id)
    require(by, Permission.AUTHORISATIONS, at=at, site_id=authorisation.site_id)
    if not Registration.objects.filter(patient=patient, site=authorisation.site_id).exists():
        raise Forbidden("people.may_not")
    told = {"sum": sum, "currency": currency, "language": language}
    content = {"authorisation": authorisation.id, "what": what, "for": [representative, ground], **told}
    if earlier := keys.known(key, action="statement", content=content):
        return Statement.objects.get(pk=earlier)
    now = state(authorisation.events.select_related("by"))
    if len(now.events) != seen:
        raise Conflict("authorisation.changed_meanwhile")
    if what not in (What.SELF_PAY, What.PENDING) or what not in now.next:
        raise Refused("authorisation.not_now")
    fits = read_fields(what, {**told, "signed_by": "-"})
    if bool(representative) != bool(ground):
        raise Refused("consent.who_represents", in_field="ground" if representative else "representative")
    for name, text in (("representative", representative), ("ground", ground)):
        if len(text) > (Statement._meta.get_field(name).max_length or 0):
            raise Refused("consent.too_long", in_field=name)
    row = Statement(
        id=ids.new(),
        organisation_id=authorisation.organisation_id,
        created=at,
        authorisation=authorisation,
        what=what.value,
        representative=representative or None,
        ground=ground or None,
        by=by,
        **{name: fits[name] for name in told},
    )
    row.save(force_insert=True)
    trail.wrote(row, action="statement_asked", who=by.id, at=at, subject=patient.id, site=authorisation.site_id)
    keys.remember(key, action="statement", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def waiting(authorisation: Authorisation) -> Statement | None:
    """The newest, if nobody signed it and it still follows from how the authorisation stands."""
    rows = Statement.objects.filter(authorisation=authorisation).select_related("by", "signed", "taken_back")
    found = rows.order_by("-id").first()
    if found is None or hasattr(found, "signed") or hasattr(found, "taken_back"):
        return None
    return found if found.what in state(authorisation.events.all()).next else None


@transaction.atomic
def take_back(statement: Statement, reason: str, *, by: Person, at: datetime, key: UUID) -> TakenBack:
    """Nobody is to sign it any more. Whoever may ask may take it back, whoever asked; what was signed stays signed."""
    row = statement.authorisation
    patient = locked(Patient, pk=row.patient_id)
    require(by, Permission.AUTHORISATIONS, at=at, site_id=row.site_id)
    content = {"statement": statement.id, "reason": reason}
    if earlier := keys.known(key, action="statement_back", content=content):
        return TakenBack.objects.get(pk=earlier)
    found = waiting(row)
    if found is None or found.pk != statement.pk:
        raise Conflict("authorisation.changed_meanwhile")
    if not reason or len(reason) > (TakenBack._meta.get_field("reason").max_length or 0):
        raise Refused("authorisation.take_back_missing", in_field="reason")
    back = TakenBack(
        id=ids.new(), organisation_id=row.organisation_id, created=at, statement=found, reason=reason, by=by
    )
    back.save(force_insert=True)
    trail.wrote(back, action="statement_back", who=by.id, at=at, subject=patient.id, site=row.site_id)
    about = {"answer": back.id, "organisation_id": row.organisation_id, "at": at}
    keys.remember(key, action="statement_back", content=content, **about)
    return back


@transaction.atomic
def sign(statement: Statement, *, name: str, read: str, drawn: str, how: str, at: datetime, key: UUID) -> Signed:
    """The patient signs it: the paper and the step are made in the same transaction. Refused when another one waits by now."""
    patient = locked(Patient, pk=statement.authorisation.patient_id)
    row = Authorisation.objects.select_related("site").get(pk=statement.authorisation_id)
    row.patient = patient
    content = {"statement": statement.id, "name": name, "drawn": drawn}
    if earlier := keys.known(key, action="statement_sign", content=content):
        return Signed.objects.get(pk=earlier)
    found = waiting(row)
    if found is None or found.pk != statement.pk:
        raise Conflict("authorisation.statement_over")
    strokes = read_drawn(drawn)
    if read != YES:
        raise Refused("authorisation.not_read", in_field="read")
    if not name or len(name) > Signed._meta.get_field("name").max_length:
        raise Refused("consent.name_missing", in_field="name")
    if found.representative and _plain(name) != _plain(found.representative):
        raise Refused("authorisation.representative_signs", in_field="name", name=found.representative)
    told = {"sum": found.sum, "currency": found.currency, "signed_by": name, "language": found.language}
    told |= {"representative": found.representative, "ground": found.ground} if found.representative else {}
    event = Event(
        id=ids.new(),
        organisation_id=row.organisation_id,
        created=at,
        authorisation=row,
        seq=row.events.count() + 1,
        what=found.what,
        day=zones.day(at, row.site.zone),
        told=json.dumps(told, sort_keys=True),
        by=None,
    )
    event.save(force_insert=True)
    trail.wrote(event, action="authorisation_step", who=None, at=at, subject=patient.id, site=row.site_id)
    signed = Signed(
        id=ids.new(),
        organisation_id=row.organisation_id,
        created=at,
        statement=found,
        event=event,
        paper=statements.keep_signed(event, told, drawn=strokes, how=how, site=row.site, at=at),
        name=name,
        drawn=strokes,
        how=how,
    )
    signed.save(force_insert=True)
    trail.wrote(signed, action="statement_signed", who=None, at=at, subject=patient.id, site=row.site_id)
    keys.remember(
        key, action="statement_sign", content=content, answer=signed.id, organisation_id=row.organisation_id, at=at
    )
    return signed


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


@transaction.atomic
def link(statement: Statement, *, by: Person, at: datetime, key: UUID) -> Link:
    """The link by which the patient reads and signs it; once for each key."""
    row = statement.authorisation
    patient = locked(Patient, pk=row.patient_id)
    require(by, Permission.AUTHORISATIONS, at=at, site_id=row.site_id)
    born.required(patient)
    found = waiting(row)
    if found is None or found.pk != statement.pk:
        raise Conflict("authorisation.changed_meanwhile")
    told = {"purpose": PAYMENT, "subject": statement.id, "organisation_id": row.organisation_id}
    return links.make_once(**told, by=by, at=at, key=key, about=statement.id)


@transaction.atomic
def mail(statement: Statement, *, by: Person, at: datetime, key: UUID) -> Message | None:
    """The same by mail. None: the patient is not written to, and somebody has the task to call."""
    made, row = link(statement, by=by, at=at, key=key), statement.authorisation
    earlier = Message.objects.filter(link=made).first()
    return earlier or posting.to_patient(row.patient, about=statement.id, site=row.site, at=at, link=made)
