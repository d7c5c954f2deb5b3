"""How is a form signed, and how is one corrected? The session is locked: nothing happens in it meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from daybreak.knowledge import rems
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.rems import answers, paper, queries, queue
from daybreak.web.rems.models import Form
from daybreak.web.rems.whole import Whole, whole
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session
from daybreak.web.words import word

KIND = "rems"
LONGEST = 1000


@transaction.atomic
def sign(
    session: Session,
    *,
    version: str,
    answered: Mapping[str, str],
    events: int,
    replaces: UUID | None,
    reason: str = "",
    by: Person,
    at: datetime,
    key: UUID,
) -> Form:
    """One person answers what is to be judged, and signs the whole. `events`: how many the page showed, `replaces`: the form
    that it showed as the newest; whoever signs after somebody else, or after another event, sees it first."""
    locked(Session, pk=session.pk)
    session = Session.objects.select_related("patient", "site", "course", "chair__room").get(pk=session.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
    content = {"session": session.id, "version": version, "answers": dict(answered), "events": events}
    content |= {"replaces": replaces, "reason": reason, "by": by.id}
    if earlier := keys.known(key, action="sign_rems_form", content=content):
        return Form.objects.get(pk=earlier)
    now = treatments.now(session)
    if why := queries.owes_none(now):
        raise Conflict(why)
    if version not in rems.versions():
        raise Refused("rems.which_version", in_field="version")
    last = queries.newest(session)
    if len(now.events) != events or (last.id if last else None) != replaces:
        raise Conflict("rems.meanwhile")
    if len(reason) > LONGEST or (last is not None and not reason):
        raise Refused("rems.correction_why", in_field="reason", most=LONGEST)
    with timezone.override(ZoneInfo(session.site.zone)):
        form = whole(now, version, paper.WRITTEN_IN)
        told = answers.checked(form.judged, answered, form.proposal)
        corrects = f"{zones.minute(last.created)}, {last.by.display_name}" if last else ""
        said = {"by": by.display_name, "at": at, "events": events, "corrects": corrects, "reason": reason}
        blocks = list(paper.blocks(form, told, **said))
    page: pdf.Told = {"title": word("rems.title", paper.WRITTEN_IN), "footer": session.site.name, "blocks": blocks}
    printed = pdf.make(page, language=paper.WRITTEN_IN, on=zones.day(at, session.site.zone), sheet="us-letter")
    kept = keep_paper(
        printed,
        patient=session.patient,
        kind=KIND,
        about=f"session {session.id} {events}",
        language=paper.WRITTEN_IN,
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        site=session.site_id,
    )
    row = Form(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        version=version,
        events=events,
        lines=_written(form),
        answers=json.dumps(told, ensure_ascii=False, sort_keys=True),
        reason=reason if last else "",
        paper=kept,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="rems_form_signed", who=by.id, at=at, subject=session.patient_id, site=session.site_id)
    queue.corrected(row, by=by, at=at)
    about = {"organisation_id": row.organisation_id, "at": at}
    keys.remember(key, action="sign_rems_form", content=content, answer=row.id, **about)
    return row


def _written(form: Whole) -> str:
    """Every line as the signer had it before them, the evidence beside the judgements too."""
    told = {one.id: {"words": one.words, "value": one.value, "notes": one.notes} for one in form.lines.values()}
    beside = {one.id: {"words": one.words, "notes": one.notes} for one in form.judged.values()}
    return json.dumps({**told, **beside}, ensure_ascii=False, sort_keys=True)
