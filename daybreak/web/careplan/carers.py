"""Which carers are asked how it goes after a treatment, and what becomes of what they answer?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.careplan import LOOK, NOW, longest, questions, tells, times
from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.careplan import queries
from daybreak.web.careplan.models import Asked, Checked, Share
from daybreak.web.links import actions as links
from daybreak.web.links.models import CARE_SHARED
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.treatment.given import with_times
from daybreak.web.treatment.models import Session

DAY = timedelta(days=1)  # a session is planned on the day on which it is held


def ask_due(*, at: datetime) -> int:
    """Each carer of whom the patient wants it, once after each treatment; how many were asked. The clock looks."""
    when = times()
    rows = with_times(Session.objects.filter(created__gt=at - when.closes - DAY, created__lte=at))
    rows = rows.filter(last__gt=at - when.closes, last__lte=at - when.opens).select_related("patient")
    return sum(
        _ask(one, share, closes=one.last + when.closes, at=at)
        for one in rows.order_by("id")
        for share in queries.shares(one.patient).values()
        if share.asks
    )


@transaction.atomic
def _ask(session: Session, share: Share, *, closes: datetime, at: datetime) -> bool:
    patient = locked(Patient, pk=session.patient_id)
    share = queries.counting(share)
    if not share.asks or not queries.may_read(share) or reach.standing(patient) is not None:
        return False
    if Asked.objects.filter(whom=share.whom, session=session).exists() or not patients.details(patient).birth:
        return False
    about = {"organisation_id": share.organisation_id, "site_id": share.site_id}
    link = links.make(purpose=CARE_SHARED, subject=share.id, **about, by=None, at=at, lasts=closes - at, via="clock")
    message = posting.to_outsider(reach.outsider_now(share.whom), about=share.id, at=at, link=link, quietly=True)
    row = Asked(
        id=ids.new(),
        organisation_id=share.organisation_id,
        created=at,
        share=share,
        whom=share.whom,
        session=session,
        closes=closes,
        message=message,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="carer_asked", who=None, at=at, subject=patient.id, site=share.site_id, via="clock")
    return True


def waits(share: Share) -> Asked | None:
    """What whoever it is was asked last and did not answer; what comes late is an answer too."""
    last = Asked.objects.filter(whom=share.whom).select_related("checked").order_by("-id").first()
    return last if last and share.asks and not hasattr(last, "checked") else None


def answers(patient: Patient) -> list[Checked]:
    """What carers answered, the newest first."""
    rows = Checked.objects.filter(asked__share__patient__in=patients.together(patient))
    return list(rows.select_related("asked__share__site").order_by("-id"))


@transaction.atomic
def answer(
    share: Share, asked_id: UUID | None, said: Mapping[str, str], text: str, *, at: datetime, key: UUID
) -> Checked:
    """By the link of the carer. Fear for a life calls people at once, also where the rest is blank; what else asks for a
    look is a nurse's task."""
    patient = locked(Patient, pk=share.patient_id)
    content = {"asked": asked_id, "said": dict(said), "text": text}
    if earlier := keys.known(key, action="carer_checked", content=content):
        return Checked.objects.get(pk=earlier)
    asked = waits(queries.counting(share))
    if asked is None or asked.id != asked_id:
        raise Conflict("careplan.checked_already")
    if not said and not text:
        raise Refused("careplan.nothing_answered")
    if len(text) > longest():
        raise Refused("careplan.line_length", in_field="note", most=longest())
    row = Checked(
        id=ids.new(),
        organisation_id=share.organisation_id,
        created=at,
        asked=asked,
        said=json.dumps({id: said[id] for id in questions() if id in said}),
        text=text,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="carer_checked", who=None, at=at, subject=patient.id, site=share.site_id, via="link")
    _tell(row, share, patient, wants=tells(said) | ({LOOK} if text else set()), at=at)
    keys.remember(
        key, action="carer_checked", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _tell(row: Checked, share: Share, patient: Patient, *, wants: frozenset[str], at: datetime) -> None:
    common = {"site": share.site, "patient": patient, "permission": Permission.READ_PATIENTS, "via": "link"}
    where = f"/patients/{patient.id}/care/"
    if NOW in wants:
        tasks.make(
            source=f"carer now {row.id}",
            kind=Kind.SUICIDE,
            what="careplan.task_fear",
            level=Level.NOW,
            due=at + calling().escalation[-1],
            role=Role.PRESCRIBER,
            where=where,
            by=None,
            at=at,
            **common,
        )
    elif LOOK in wants:
        tasks.make(
            source=f"carer {row.id}",
            kind=Kind.REVIEW,
            what="careplan.task_carer",
            level=Level.BY,
            due=at + times().look,
            role=Role.NURSE,
            where=where,
            by=None,
            at=at,
            **common,
        )
