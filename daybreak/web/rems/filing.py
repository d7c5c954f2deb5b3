"""How is it written down that a form was filed? We send nothing: a person did, and says when, how, and what proves it."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import brought
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.rems import queue
from daybreak.web.rems.models import Filing, Form, How
from daybreak.web.treatment.models import Session

LONGEST = 300
KIND = "rems_proof"


@transaction.atomic
def file(
    form: Form,
    *,
    day: date | None,
    how: str,
    reference: str,
    proof: bytes = b"",
    by: Person,
    at: datetime,
    key: UUID,
) -> Filing:
    """That form, which nobody corrected since, was filed on that day. `proof`: a file that shows it, kept as it came."""
    session = locked(Session, pk=form.session_id)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"form": form.id, "day": day, "how": how, "reference": reference, "by": by.id}
    content |= {"proof": sha256(proof).hexdigest() if proof else ""}
    if earlier := keys.known(key, action="file_rems_form", content=content):
        return Filing.objects.get(pk=earlier)
    form = Form.objects.select_related("session__site", "session__patient").get(pk=form.pk)
    site = form.session.site
    if Form.objects.filter(replaces=form).exists() or Filing.objects.filter(form=form).exists():
        raise Conflict("rems.filed_meanwhile")
    signed, today = zones.day(form.created, site.zone), zones.day(at, site.zone)
    if day is None or not signed <= day <= today:
        raise Refused("rems.filed_when", in_field="day", signed=signed.isoformat(), today=today.isoformat())
    if how not in How.values:
        raise Refused("rems.filed_how", in_field="how")
    if not reference or len(reference) > LONGEST:
        raise Refused("rems.proof_missing", in_field="reference", most=LONGEST)
    row = Filing(
        id=ids.new(),
        organisation_id=form.organisation_id,
        created=at,
        form=form,
        day=day,
        how=how,
        reference=reference,
        paper=_kept(proof, form, by=by, at=at) if proof else None,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="rems_form_filed", who=by.id, at=at, subject=form.session.patient_id, site=site.id)
    queue.done(form, by=by, at=at)
    keys.remember(
        key, action="file_rems_form", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _kept(proof: bytes, form: Form, *, by: Person, at: datetime) -> Paper:
    session = form.session
    return keep_paper(
        proof,
        patient=session.patient,
        kind=KIND,
        about=f"form {form.id}",
        language="en",
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        media_type=brought.checked(proof, in_field="proof"),
        site=session.site_id,
    )
