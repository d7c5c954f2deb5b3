"""Where may this person go, and where do they begin?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import roles_in_force
from daybreak.web.people.roles import Role

# Address, words, and the permission that opens it. The first that one may open is where one begins.
PLACES = (
    ("/patients/", "patients.title", Permission.FIND_PATIENTS),
    ("/clinic/people/", "people.title", Permission.MANAGE_PEOPLE),
    ("/clinic/places/", "places.title", Permission.MANAGE_PEOPLE),
    ("/audit/", "audit.title", Permission.READ_AUDIT),
    ("/emergency/reviews/", "glass.reviews", Permission.REVIEW_GLASS),
    ("/clinic/protocols/", "protocols.title", Permission.OWN_PAGE),
)


def places(person: Person, *, at: datetime) -> list[tuple[str, str]]:
    """Address and words of each room that the person may open."""
    allowed: set[Permission] = set()
    for role, _ in roles_in_force(person, at=at):
        allowed |= MAY[Role(role)]
    return [(address, words) for address, words, permission in PLACES if permission in allowed]


def first_page(person: Person, *, at: datetime) -> str:
    """Where the person begins: the page that their work needs."""
    return next((address for address, _ in places(person, at=at)), "/me/")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template: the rooms that the header leads to."""
    person = getattr(request, "person", None)
    return {"places": places(person, at=request.received_at)} if person else {}
