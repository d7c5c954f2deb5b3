"""How is it written down who was taught what for a certified site, and that a line of that counts no longer?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import zones
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.rems import told
from daybreak.web.rems.models import Training


@transaction.atomic
def taught(
    site: Site,
    person: Person | None,
    *,
    what: str,
    since: date | None,
    expires: date | None,
    no_last_day: bool,
    file: bytes = b"",
    by: Person,
    at: datetime,
    key: UUID,
) -> Training:
    """Somebody who works at the site was taught that, on that day."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    days = {"since": since, "expires": expires, "no_last_day": no_last_day}
    content = {
        "site": site.id,
        "person": person and person.id,
        "what": what,
        **days,
        "file": told.digest(file),
        "by": by.id,
    }
    if earlier := keys.known(key, action="rems_taught", content=content):
        return Training.objects.get(pk=earlier)
    if person is None or not may(person, Permission.OWN_PAGE, at=at, site_id=site.id):
        raise Refused("rems.who_was_taught", in_field="person")
    told.fit({"what": what}, needed=("what",))
    fields = told.days(**days, today=zones.day(at, site.zone))
    document = told.document(file, site, by, at)
    row = Training(**told.common(site, by, at), **fields, person=person, what=what, site=site, document=document)
    return told.written(row, "rems_taught", "rems_taught", content, site=site, by=by, at=at, key=key)


@transaction.atomic
def strike(training: Training, *, reason: str, by: Person, at: datetime, key: UUID) -> Training:
    """That line of the log counts no longer, from today on."""
    site = locked(Site, pk=training.site_id)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"training": training.id, "reason": reason, "by": by.id}
    if earlier := keys.known(key, action="rems_strike_training", content=content):
        return Training.objects.get(pk=earlier)
    if training.ended or Training.objects.filter(replaces=training).exists():
        raise Conflict("rems.written_meanwhile")
    today = zones.day(at, site.zone)
    fields = told.ending(today, reason, today=today)
    kept = {"person": training.person, "what": training.what, "site": site}
    row = Training(**told.common(site, by, at), **fields, **kept, replaces=training)
    return told.written(row, "rems_training_struck", "rems_strike_training", content, site=site, by=by, at=at, key=key)
