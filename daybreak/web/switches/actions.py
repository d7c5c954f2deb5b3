"""How does somebody who answers for a site switch a live function on, or off?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import functions
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.switches import queries
from daybreak.web.switches.models import Function, Switched
from daybreak.web.words import known


@transaction.atomic
def switch(
    site: Site,
    function: str,
    *,
    on: bool,
    reason: str,
    digest: str,
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Switched:
    """From now on it is on there, or off. `digest` and `seen`: the text and the version that the page showed."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "function": function, "on": on, "reason": reason, "digest": digest, "seen": seen}
    if earlier := keys.known(key, action="switch_function", content=content):
        return Switched.objects.get(pk=earlier)
    if function not in list(Function):
        raise Refused("switches.which", in_field="function")
    last = queries.newest(site.id).get(Function(function))
    now, same = last is not None and last.on, last is not None and last.digest == digest
    if (last.id if last else None) != seen or digest != functions.digest(function) or (on == now and (same or not on)):
        raise Conflict("switches.meanwhile")
    most = Switched._meta.get_field("reason").max_length
    if not reason or len(reason) > most:
        raise Refused("switches.why_missing", in_field="reason", most=most)
    row = Switched(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        function=function,
        on=on,
        text=functions.text(function, known(by.language)),
        digest=digest,
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="function_switched_on" if on else "function_switched_off", who=by.id, at=at, site=site.id)
    about = {"answer": row.id, "organisation_id": row.organisation_id, "at": at}
    keys.remember(key, action="switch_function", content=content, **about)
    return row
