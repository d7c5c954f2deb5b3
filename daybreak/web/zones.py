"""Which day and hour is it at a site? Stored times are UTC; every day and clock time that people see or type is the site's.

A page knows its zone (`access` chose it when the request came in); an action asks for that of its site.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from daybreak.web.people.models import Site
from daybreak.web.refusals import Refused


@cache
def known() -> frozenset[str]:
    """Every zone that has a name, as the IANA writes it; none that only this machine knows."""
    return frozenset(one for one in available_timezones() if one == "UTC" or "/" in one)


def check(zone: str) -> None:
    """Refused unless there is a zone of that name."""
    if zone not in known():
        raise Refused("zones.unknown", in_field="zone", typed=zone[:64])


def of_the_machine() -> str:
    """The zone that this machine keeps, by its name; UTC when it does not say."""
    found = os.environ.get("TZ", "").removeprefix(":")
    try:
        found = found or os.readlink("/etc/localtime").partition("zoneinfo/")[2]
    except OSError:
        return "UTC"
    return found if found in known() else "UTC"


def day(at: datetime, zone: str) -> date:
    """The day that it is in the zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_at(site_id: UUID, at: datetime) -> date:
    """The day that it is at the site."""
    return day(at, Site.objects.values_list("zone", flat=True).get(pk=site_id))


def midnight(on: date, zone: str) -> datetime:
    """The moment at which a day begins in the zone."""
    return datetime.combine(on, time.min, ZoneInfo(zone)).astimezone(UTC)


def meant(text: str, zone: str) -> datetime:
    """The moment that a form's field means in the zone. Refused when it is none, or was skipped when summer time began.

    An hour that comes twice means the first of the two.
    """
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Refused("calling.no_moment", typed=text[:30]) from None
    at = local.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused("zones.skipped", typed=text[:30], zone=zone)
    return at


def field(at: datetime, zone: str) -> str:
    """A moment as the field of a form writes it."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def today(at: datetime) -> date:
    """The day of a moment in the zone of this page."""
    return timezone.localtime(at).date()


def begins(on: date) -> datetime:
    """The moment at which a day begins in the zone of this page."""
    return datetime.combine(on, time.min, timezone.get_current_timezone()).astimezone(UTC)


def minute(at: datetime) -> str:
    """A moment as it stands on a page, with its zone."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}"


def clock(at: datetime) -> str:
    """The same without its day."""
    return f"{timezone.localtime(at):%H:%M %Z}"
