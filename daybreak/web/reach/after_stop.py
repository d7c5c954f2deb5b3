"""On which days after a treatment ended does somebody at a site call: who signed it, or is it still what Daybreak ships?"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import reach as knowledge
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach.models import AfterStop
from daybreak.web.refusals import Conflict, Refused

A_DAY = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
LONGEST = 200  # letters of a list


def signed(site_id: UUID) -> AfterStop | None:
    """What a prescriber signed last for the site; None: nobody has."""
    return AfterStop.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by").first()


def days(rule: AfterStop | None) -> list[int]:
    """The days in order: as signed, else as shipped."""
    return [int(one) for one in rule.days.split(",")] if rule else [one.days for one in knowledge.after_stop()]


def longest() -> int:
    """The last day on which anybody is called, at any site."""
    rows = AfterStop.objects.filter(replaced_by__isnull=True)
    return max(chain(days(None), *(days(one) for one in rows)))


def read(typed: str) -> list[int]:
    """The days of the form, each once, in order. Refused when one is none, or when there is none at all."""
    found = [one for one in re.split(r"[\s,;，、；]+", typed) if one]
    wrong = next((one for one in found if not A_DAY.fullmatch(one)), None)
    if wrong is not None:
        raise Refused("reach.after_stop_no_day", in_field="days", typed=wrong[:20])
    told = sorted({int(one) for one in found})
    if not told:
        raise Refused("reach.after_stop_nobody", in_field="days")
    if len(",".join(map(str, told))) > LONGEST:
        raise Refused("reach.after_stop_too_many", in_field="days", n=len(told))
    return told


@transaction.atomic
def sign(site: Site, told: list[int], *, seen: UUID | None, by: Person, at: datetime, key: UUID) -> AfterStop:
    """From now on these are the site's days. `seen`: the version that the page showed, None when it was the shipped one."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "days": told, "seen": seen, "by": by.id}
    if earlier := keys.known(key, action="after_stop", content=content):
        return AfterStop.objects.get(pk=earlier)
    last = signed(site.id)
    if (last.id if last else None) != seen:
        raise Conflict("tasks.rule_signed_meanwhile")
    about = {"id": ids.new(), "organisation_id": site.organisation_id, "created": at}
    row = AfterStop(**about, site=site, days=",".join(map(str, told)), by=by, replaces=last)
    row.save(force_insert=True)
    trail.wrote(row, action="after_stop_signed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="after_stop", content=content, answer=row.id, organisation_id=site.organisation_id, at=at)
    return row
