"""How is it told who is at a site, and who is planned to be?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from daybreak.web.onsite.queries import Here, Plan
from daybreak.web.people.roles import Role
from daybreak.web.words import word


def here(one: Here, language: str) -> dict[str, Any]:
    """Somebody who said that they are there, in the zone of this page."""
    return {
        "name": one.person.display_name,
        "roles": _roles(one.roles, language),
        "room": one.room,
        "until": hour(one.until),
        "overdue": one.overdue,
    }


def plan(one: Plan, language: str) -> dict[str, Any]:
    """Somebody who is planned."""
    return {
        "id": one.person.pk,
        "name": one.person.display_name,
        "roles": _roles(one.roles, language),
        "from": hour(one.begins),
        "until": hour(one.ends),
    }


def missing(plans: Iterable[Plan], present: Iterable[Here], *, at: datetime) -> list[Plan]:
    """Who is planned for this moment and has not said that they are there."""
    known = {one.person.pk for one in present}
    return [one for one in plans if one.begins <= at < one.ends and one.person.pk not in known]


def hour(at: datetime) -> str:
    """A clock time in the zone of this page, without its name."""
    return f"{timezone.localtime(at):%H:%M}"


def _roles(roles: Iterable[Role], language: str) -> str:
    return ", ".join(sorted(word(f"role.{one}", language) for one in roles))
