"""Was an alarm heard at a site, by whom and where?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Refused
from daybreak.web.watching.models import LOUD, PLACES, SoundTest

RUNNING = "running"  # what a browser says of a sound that nobody blocks


@transaction.atomic
def tested(site: Site, place: str, *, heard: bool, state: str, by: Person, at: datetime, key: UUID) -> SoundTest:
    """Somebody listened. Refused when it is said to be heard and the browser itself says that it let no sound out."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.SEE_TASKS, at=at, site_id=site.id)
    content = {"site": site.id, "place": place, "heard": heard}
    if earlier := keys.known(key, action="test_sound", content=content):
        return SoundTest.objects.get(pk=earlier)
    if place not in PLACES:
        raise Refused("watching.no_place", in_field="place")
    if heard and state != RUNNING:
        raise Refused("watching.blocked")
    row = SoundTest(
        id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, place=place, heard=heard, by=by
    )
    row.save(force_insert=True)
    trail.wrote(row, action="sound_tested", who=by.id, at=at, site=site.id)
    keys.remember(key, action="test_sound", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def heard(site: Site, *, at: datetime) -> bool:
    """Did the newest test of a loud place, of the site's day, end with "heard"? The tablet beside the patient is soft."""
    begins = zones.midnight(zones.day(at, site.zone), site.zone)
    newest: dict[str, bool] = {}
    for place, said in (
        SoundTest.objects.filter(site=site, place__in=LOUD, created__gte=begins, created__lte=at)
        .order_by("created", "id")
        .values_list("place", "heard")
    ):
        newest[place] = said
    return any(newest.values())


def since(site_id: UUID, begins: datetime) -> list[SoundTest]:
    """Every test at the site since then, the newest first."""
    return list(
        SoundTest.objects.filter(site=site_id, created__gte=begins).select_related("by").order_by("-created", "-id")
    )
