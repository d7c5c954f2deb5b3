"""Was an alarm heard at a site, by whom and where?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

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
def tested(
    site: Site, place: str, *, heard: bool, state: str, device: str | None, by: Person, at: datetime, key: UUID
) -> SoundTest:
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
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        place=place,
        heard=heard,
        by=by,
        device=device,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="sound_tested", who=by.id, at=at, site=site.id)
    keys.remember(key, action="test_sound", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def heard(site: Site, *, at: datetime) -> bool:
    """Did the newest test of a loud place, of the site's day, end with "heard"? The tablet beside the patient is soft."""
    newest: dict[str, bool] = {}
    for place, said in _of_the_day(site, at=at).filter(place__in=LOUD).values_list("place", "heard"):
        newest[place] = said
    return any(newest.values())


def loud(site: Site, device: str | None, *, at: datetime) -> bool:
    """Did the newest test of this very device, of the site's day, end with "heard" in a loud place?"""
    last = _of_the_day(site, at=at).filter(device=device).last() if device else None
    return last is not None and last.heard and last.place in LOUD


def _of_the_day(site: Site, *, at: datetime) -> QuerySet[SoundTest]:
    begins = zones.midnight(zones.day(at, site.zone), site.zone)
    return SoundTest.objects.filter(site=site, created__gte=begins, created__lte=at).order_by("created", "id")


def since(site_id: UUID, begins: datetime) -> list[SoundTest]:
    """Every test at the site since then, the newest first."""
    return list(
        SoundTest.objects.filter(site=site_id, created__gte=begins).select_related("by").order_by("-created", "-id")
    )
