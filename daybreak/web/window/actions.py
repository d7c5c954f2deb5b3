"""How is it written down whether a talk after a treatment was offered, and what became of it?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.followup.window import Said
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.careplan import queries as plans
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused
from daybreak.web.window import queries
from daybreak.web.window.models import Word

LONGEST = 1000
TIMED = (Said.OFFERED, Said.KEPT)


@transaction.atomic
def say(
    patient: Patient,
    session_id: UUID | None,
    *,
    what: str,
    starts: datetime | None,
    whom: UUID | None,
    text: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> Word:
    """The newest word about one treatment. A talk that was offered or kept has its time; not offered says why."""
    patient = locked(Patient, pk=patient.pk)
    may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    content = {"session": session_id, "what": what, "starts": starts, "whom": whom, "text": text}
    if earlier := keys.known(key, action="talk_said", content=content):
        return Word.objects.get(pk=earlier)
    after = next((one for one in queries.of(patient, at=at) if one.session.id == session_id), None)
    if after is None or what not in list(Said) or len(text) > LONGEST:
        raise Refused("window.choose")
    if whom and whom not in {one.root for one in plans.professionals(patient)}:
        raise Refused("careplan.choose", in_field="whom")
    if what in TIMED and starts is None:
        raise Refused("window.time_missing", in_field="starts")
    if what == Said.KEPT and starts and not after.session.created <= starts <= at:
        raise Refused("window.time_missing", in_field="starts")
    if what == Said.NOT_OFFERED and not text:
        raise Refused("window.why_missing", in_field="text")
    row = Word(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        session=after.session,
        seq=after.word.seq + 1 if after.word else 1,
        what=what,
        starts=starts if what in (*TIMED, Said.MISSED) else None,
        whom=whom,
        text=text,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="talk_said", who=by.id, at=at, subject=patient.id, site=after.session.site_id)
    keys.remember(key, action="talk_said", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row
