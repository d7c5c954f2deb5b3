"""Where may this person go, and where do they begin?"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import roles_in_force
from daybreak.web.people.roles import Role
from daybreak.web.tasks import queries as tasks
from daybreak.web.words import known, word

# Address, words, and the permission that opens it. The first that one may open is where one begins.
TASKS = "/tasks/"
PLACES = (
    (TASKS, "tasks.title", Permission.SEE_TASKS),
    ("/patients/", "patients.title", Permission.FIND_PATIENTS),
    ("/today/", "today.title", Permission.SEE_CALENDAR),
    ("/calendar/", "courses.calendar", Permission.SEE_CALENDAR),
    ("/lapses/", "steering.lapses", Permission.SEE_CALENDAR),
    ("/waitlist/", "waitlist.title", Permission.BOOK_VISITS),
    ("/cupboard/", "cupboard.title", Permission.USE_CUPBOARD),
    ("/rems/", "rems.queue", Permission.RUN_SESSIONS),
    ("/adverse/", "adverse.queue", Permission.READ_PATIENTS),
    ("/checkins/", "checkins.title", Permission.READ_PATIENTS),
    ("/outcomes/", "registry.title", Permission.READ_PATIENTS),
    ("/morning/", "morning.title", Permission.READ_PATIENTS),
    ("/closing/", "closing.title", Permission.READ_PATIENTS),
    ("/referrals/", "referral.title", Permission.REGISTER_PATIENTS),
    ("/clinic/people/", "people.title", Permission.MANAGE_PEOPLE),
    ("/clinic/places/", "places.title", Permission.MANAGE_PEOPLE),
    ("/clinic/chairs/", "courses.chairs", Permission.ARRANGE_CHAIRS),
    ("/clinic/rides/", "courses.rides", Permission.KEEP_RIDES),
    ("/clinic/calling/", "calling.title", Permission.CALLING_ORDER),
    ("/onsite/", "onsite.title", Permission.SEE_TASKS),
    ("/sound/", "watching.title", Permission.SEE_TASKS),
    ("/rota/", "rota.title", Permission.SEE_TASKS),
    ("/audit/", "audit.title", Permission.READ_AUDIT),
    ("/emergency/reviews/", "glass.reviews", Permission.REVIEW_GLASS),
    ("/waiting/", "screening.waiting", Permission.READ_SCREENING),
    ("/authorisations/", "authorisation.every", Permission.AUTHORISATIONS),
    ("/requests/", "requests.title", Permission.RECEIVE_REQUESTS),
    ("/clinic/protocols/", "protocols.title", Permission.OWN_PAGE),
    ("/clinic/second-signatures/", "screening.second_rules", Permission.SECOND_SIGNATURE),
    ("/clinic/unreached/", "tasks.rule_title", Permission.ADOPT_PROTOCOL),
    ("/clinic/after-stop/", "reach.after_stop", Permission.ADOPT_PROTOCOL),
    ("/clinic/two-products/", "courses.interval_title", Permission.ADOPT_PROTOCOL),
    ("/clinic/pdmp/", "pdmp.rule", Permission.ADOPT_PROTOCOL),
    ("/clinic/rems/", "rems.site", Permission.RUN_SESSIONS),
    ("/clinic/doses/", "dosing.clinic", Permission.ADOPT_PROTOCOL),
    ("/clinic/live/", "switches.title", Permission.ADOPT_PROTOCOL),
    ("/clinic/devices/", "bedside.odd", Permission.ADOPT_PROTOCOL),
    ("/clinic/cards/", "cards.title", Permission.ADOPT_PROTOCOL),
    ("/clinic/card/", "card.title", Permission.ADOPT_PROTOCOL),
)


Held = list[tuple[str, UUID]]  # roles, each with the id of its site


def places(held: Held) -> list[tuple[str, str]]:
    """Address and words of each room that somebody with these roles may open."""
    allowed: set[Permission] = set()
    for role, _ in held:
        allowed |= MAY[Role(role)]
    return [(address, words) for address, words, permission in PLACES if permission in allowed]


def first_page(person: Person, *, at: datetime) -> str:
    """Where the person begins: the page that their work needs."""
    return next((address for address, _ in places(roles_in_force(person, at=at))), "/me/")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template: the rooms that the header leads to, and which tasks wait there."""
    person = getattr(request, "person", None)
    if person is None:
        return {}
    held = getattr(request, "roles", None)
    held = roles_in_force(person, at=request.received_at) if held is None else held
    found = places(held)
    return {
        "places": found,
        "sees_tasks": any(address == TASKS for address, _ in found),
        "header_rooms": _links(tuple(found), known(get_language()), request.path),
        "tasks_at_hand": SimpleLazyObject(lambda: tasks.at_hand(held, person.pk)),
    }


def _links(found: tuple[tuple[str, str], ...], language: str, path: str) -> SafeString:
    here = f'<a href="{path}">'
    return mark_safe(_written(found, language).replace(here, f'{here[:-1]} aria-current="page">', 1))


@lru_cache(maxsize=200)
def _written(found: tuple[tuple[str, str], ...], language: str) -> str:
    """Every page has them, and they are the same for everybody with the same roles: written once. Tasks have a number."""
    told = [(address, word(words, language)) for address, words in found if address != TASKS]
    return format_html_join("\n", '<a href="{}">{}</a>', told)
