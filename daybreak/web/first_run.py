"""What is there after the first run of `daybreak setup`, and what after the second?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from daybreak.web.links.actions import usable
from daybreak.web.links.models import JOIN, Link
from daybreak.web.links.tokens import address
from daybreak.web.people import actions, queries
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role


@dataclass(frozen=True, slots=True)
class First:
    """The first administrator, as asked for at the command line."""

    login: str
    name: str
    language: str


def first_run(
    *,
    organisation: str,
    site: str,
    rooms: Sequence[str],
    first: First,
    at: datetime,
    country: str = "US",
    zone: str = "UTC",
) -> str:
    """Make what is missing, keep what is there; the sentence for the operator, with the link while it works."""
    place = actions.found(organisation=organisation, site=site, rooms=rooms, country=country, zone=zone, at=at)
    person = Person.objects.filter(login=queries.login_name(first.login)).first()
    if person is None and Person.objects.exists():
        return "This clinic has people already. Invite more with: daybreak users invite"
    if person is None:
        link = actions.invite(
            login=first.login,
            display_name=first.name,
            language=first.language,
            roles=[Role.ADMINISTRATOR],
            site=place,
            by=None,
            at=at,
            key=uuid5(NAMESPACE_OID, f"first administrator of {place.organisation_id}"),
        )
    else:
        link = Link.objects.filter(purpose=JOIN, subject=person.id).order_by("-id").first()
    if link and usable(link, at=at):
        until = f"{link.expires:%Y-%m-%d %H:%M} UTC"
        return f"{first.login} sets password and second factor here, once, until {until}:\n{address(link)}"
    return f"{first.login} is set up, or the link is too old. A new one: daybreak users link {first.login}"


def zone_of(site: str) -> str:
    """The time zone of the site of that name, as it is kept."""
    return Site.objects.values_list("zone", flat=True).get(name=site)
