"""How does somebody come into the rota, out of it, and to their word about it?"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import models, transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may, require
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.rota.models import LEVELS, Shift, ShiftEnd, Word
from daybreak.web.tasks.calling import reachable
from daybreak.web.tasks.models import CallingOrder, Named


@transaction.atomic
def add_shift(
    site: Site,
    person: Person,
    *,
    weekday: int,
    begins: time,
    ends: time,
    level: int,
    first: date,
    by: Person,
    at: datetime,
    key: UUID,
) -> Shift:
    """From that day on the person is called in these hours, every week. It is a promise once they have said so themselves."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.CALLING_ORDER, at=at, site_id=site.id)
    told = {"weekday": weekday, "begins": begins, "ends": ends, "level": level, "first": first}
    content = {"site": site.id, "person": person.id, "by": by.id, **told}
    if earlier := keys.known(key, action="shift", content=content):
        return Shift.objects.get(pk=earlier)
    if weekday not in range(7) or level not in LEVELS:
        raise Refused("error.bad_request")
    if not may(person, Permission.READ_PATIENTS, at=at, site_id=site.id):
        raise Refused("calling.cannot_be_called", name=person.display_name)
    if not reachable([person]):
        raise Refused("calling.has_no_address", name=person.display_name)
    told["first"] = max(first, zones.day(at, site.zone))
    same = Shift.objects.filter(site=site, person=person, weekday=weekday, begins=begins, ending__isnull=True)
    if same.exists():
        raise Refused("rota.there_already", name=person.display_name)
    shift = Shift(
        id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, person=person, by=by, **told
    )
    _write(shift, "shift_added", site.id, by, at)
    keys.remember(key, action="shift", content=content, answer=shift.id, organisation_id=site.organisation_id, at=at)
    return shift


@transaction.atomic
def end_shift(shift: Shift, *, last: date, by: Person, at: datetime, key: UUID) -> ShiftEnd:
    """That day is the last; what was before today stays as it was."""
    shift = locked(Shift, pk=shift.pk)
    require(by, Permission.CALLING_ORDER, at=at, site_id=shift.site_id)
    content = {"shift": shift.id, "last": last, "by": by.id}
    if earlier := keys.known(key, action="shift_end", content=content):
        return ShiftEnd.objects.get(pk=earlier)
    if ShiftEnd.objects.filter(shift=shift).exists():
        raise Conflict("rota.ended_meanwhile")
    if last < zones.day_at(shift.site_id, at):
        raise Refused("rota.in_the_past")
    row = ShiftEnd(id=ids.new(), organisation_id=shift.organisation_id, created=at, shift=shift, last=last, by=by)
    _write(row, "shift_ended", shift.site_id, by, at)
    keys.remember(key, action="shift_end", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def say(about: Shift | Named, *, there: bool, by: Person, at: datetime, key: UUID) -> Word:
    """Whoever is named says for themselves that they are there in these hours, or that they are not."""
    field = "shift" if isinstance(about, Shift) else "named"
    model: type[models.Model] = Shift if isinstance(about, Shift) else Named
    about = locked(model, pk=about.pk)
    site = about.site if isinstance(about, Shift) else CallingOrder.objects.get(pk=about.order_id).site
    content = {field: about.pk, "there": there, "by": by.id}
    if earlier := keys.known(key, action="shift_word", content=content):
        return Word.objects.get(pk=earlier)
    if about.person_id != by.pk:
        raise Forbidden("rota.only_for_oneself")
    require(by, Permission.READ_PATIENTS, at=at, site_id=site.id)
    row = Word(id=ids.new(), organisation_id=about.organisation_id, created=at, there=there, by=by, **{field: about})
    _write(row, "shift_word", site.id, by, at)
    keys.remember(key, action="shift_word", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _write(row: models.Model, action: str, site_id: UUID, by: Person, at: datetime) -> None:
    row.save(force_insert=True)
    trail.wrote(row, action=action, who=by.id, at=at, site=site_id)
