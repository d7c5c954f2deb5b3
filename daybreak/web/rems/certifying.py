"""How is it written down that a site is certified by the programme, and that it is no longer?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.web import zones
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused
from daybreak.web.rems import lapses, told
from daybreak.web.rems.models import Certification


@transaction.atomic
def certify(
    site: Site,
    *,
    number: str,
    representative: str,
    address: str,
    email: str,
    since: date | None,
    expires: date | None,
    no_last_day: bool,
    file: bytes = b"",
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Certification:
    """The programme confirmed it, or confirmed it anew. `seen`: the version that the page showed."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    fields: dict[str, Any] = {"number": number, "representative": representative, "address": address, "email": email}
    days = {"since": since, "expires": expires, "no_last_day": no_last_day}
    content = {"site": site.id, "seen": seen, **fields, **days, "file": told.digest(file), "by": by.id}
    if earlier := keys.known(key, action="rems_certify", content=content):
        return Certification.objects.get(pk=earlier)
    last = told.last(Certification, seen, site=site)
    told.fit(fields, needed=("number", "representative"))
    if email and not ("@" in email and not any(one.isspace() for one in email)):
        raise Refused("rems.which_email", in_field="email", typed=email[:60])
    fields |= told.days(**days, today=zones.day(at, site.zone))
    row = Certification(
        **told.common(site, by, at), **fields, site=site, document=told.document(file, site, by, at), replaces=last
    )
    lapses.certified(site.id, by=by, at=at)
    return told.written(row, "rems_certified", "rems_certify", content, site=site, by=by, at=at, key=key)


@transaction.atomic
def end_certification(
    site: Site, *, since: date | None, reason: str, seen: UUID | None, by: Person, at: datetime, key: UUID
) -> Certification:
    """It holds no longer, from that day on."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "seen": seen, "since": since, "reason": reason, "by": by.id}
    if earlier := keys.known(key, action="rems_end_certification", content=content):
        return Certification.objects.get(pk=earlier)
    last = told.to_end(told.last(Certification, seen, site=site))
    fields = told.ending(since, reason, today=zones.day(at, site.zone))
    kept = {name: getattr(last, name) for name in ("number", "representative", "address", "email")}
    row = Certification(**told.common(site, by, at), **kept, **fields, site=site, replaces=last)
    return told.written(
        row, "rems_certification_ended", "rems_end_certification", content, site=site, by=by, at=at, key=key
    )
