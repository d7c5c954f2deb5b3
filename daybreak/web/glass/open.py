"""Which records has the person of this request opened in an emergency? Kept in their session, checked in the database.

An opening counts only in the browser in which it was made: it ends with its time, by hand, or with the session.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from daybreak.web import zones
from daybreak.web.audit import trail
from daybreak.web.glass.models import Ending, Opening
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission

HELD = "glass"
VIA = "glass"  # how a line of the trail says that it was read in an emergency
READS = frozenset(
    {
        Permission.FIND_PATIENTS,
        Permission.READ_MEDICINES,
        Permission.READ_PATIENTS,
        Permission.READ_SENSITIVE,
        Permission.READ_SCREENING,
    }
)


class EmergencyAccess:
    """The middleware that tells each request what is open, for the banner and for who may read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.person is not None:
            held = request.session.get(HELD, ())
            request.person.openings = _still([one for one in held if one["until"] > request.received_at.timestamp()])
        with trail.by_way_of("web"):
            return self.get_response(request)


def _still(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that no reviewer and no other page ended meanwhile; whoever holds none asks the database nothing."""
    if not held:
        return []
    ended = set(Ending.objects.filter(opening__in=[one["id"] for one in held]).values_list("opening", flat=True))
    return [one for one in held if UUID(one["id"]) not in ended]


def hold(request: HttpRequest, opening: Opening) -> None:
    """From now on this browser reads the record."""
    forget(request, opening.patient_id)
    one = {
        "id": str(opening.id),
        "patient": str(opening.patient_id),
        "until": opening.ends.timestamp(),
        "said": zones.clock(opening.ends),
    }
    request.session[HELD] = [*request.session.get(HELD, ()), one]


def forget(request: HttpRequest, patient_id: UUID) -> None:
    """From now on it does not."""
    held: list[dict[str, Any]] = request.session.get(HELD, [])
    request.session[HELD] = [one for one in held if one["patient"] != str(patient_id)]


def opening(person: Person, patient_id: UUID, *, at: datetime) -> Opening | None:
    """What the person of this request has open of that patient; lines of the trail say so from here on."""
    held = [one["id"] for one in getattr(person, "openings", ()) if one["patient"] == str(patient_id)]
    if not held:
        return None
    found = Opening.objects.filter(
        pk__in=held, patient=patient_id, by_id=person.pk, ends__gt=at, ending__isnull=True
    ).first()
    if found:
        trail.go_by(VIA)
    return found
