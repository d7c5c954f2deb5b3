"""How is it said where a treatment is given, and how is that corrected after a dose?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import rems
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.courses.models import Booking, Visit
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.rems import queue, setting
from daybreak.web.rems.models import Setting
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session

LONGEST = 1000


@transaction.atomic
def choose(
    booking: Booking, where: str, *, reason: str, seen: UUID | None, by: Person, at: datetime, key: UUID
) -> Setting:
    """Before a dose whoever runs the session says it, and which ward or department it is where less is asked for; after one a
    prescriber corrects it, with the reason, and whoever calls has made sure that it is they. `seen`: the version shown."""
    session = Session.objects.filter(booking=booking).first()
    if session is not None:
        locked(Session, pk=session.pk)
    locked(Patient, pk=booking.patient_id)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=booking.site_id)
    content = {"booking": booking.id, "setting": where, "reason": reason, "seen": seen, "by": by.id}
    if earlier := keys.known(key, action="choose_setting", content=content):
        return Setting.objects.get(pk=earlier)
    if booking.visit != Visit.TREATMENT:
        raise Refused("rems.setting_of_treatments")
    now = treatments.these([session.pk])[0] if session else None
    given = now is not None and now.state.exposed
    if given:
        require(by, Permission.DECIDE_DOSE, at=at, site_id=booking.site_id)
    last = setting.said(booking.pk)
    if (last.pk if last else None) != seen:
        raise Conflict("rems.written_meanwhile")
    if where not in rems.settings():
        raise Refused("rems.which_setting", in_field="setting")
    asks_all = where == next(iter(rems.settings()))
    if len(reason) > LONGEST or (not reason and (given or not asks_all)):
        raise Refused("rems.setting_why", in_field="reason", most=LONGEST)
    row = Setting(
        id=ids.new(),
        organisation_id=booking.organisation_id,
        created=at,
        booking=booking,
        setting=where,
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    about = {"who": by.id, "at": at, "subject": booking.patient_id, "site": booking.site_id}
    trail.wrote(row, action="rems_setting_corrected" if given else "rems_setting_chosen", **about)
    if now is not None and not now.open:
        (anew,) = treatments.these([now.session.pk])
        queue.settle(anew, row, by=by, at=at)
    told = {"answer": row.id, "organisation_id": row.organisation_id, "at": at}
    keys.remember(key, action="choose_setting", content=content, **told)
    return row
