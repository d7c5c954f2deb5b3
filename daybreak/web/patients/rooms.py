"""Which pages belong to one patient, and who may open each? (an app that has one adds its line)"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from daybreak.web.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Room:
    """One page: what it is called in `words.yaml`, where it is below the patient's own, and what one needs."""

    name: str
    where: str
    permission: Permission


ROOMS = (
    Room("consent.title", "consents/", Permission.READ_PATIENTS),
    Room("forms.title", "forms/", Permission.REGISTER_PATIENTS),
    Room("assessments.title", "assessments/", Permission.READ_PATIENTS),
    Room("courses.title", "course/", Permission.SEE_CALENDAR),
    Room("waitlist.title", "waitlist/", Permission.BOOK_VISITS),
    Room("links.of_patient", "links/", Permission.REGISTER_PATIENTS),
    Room("papers.title", "papers/", Permission.FIND_PATIENTS),
    Room("reach.title", "reach/", Permission.FIND_PATIENTS),
    Room("reach.standing", "standing/", Permission.REGISTER_PATIENTS),
    Room("authorisation.title", "authorisations/", Permission.AUTHORISATIONS),
    Room("transfer.title", "transfer/", Permission.READ_SCREENING),
    Room("requests.of_record", "requests/", Permission.REGISTER_PATIENTS),
)


def open_to(allowed: Container[Permission]) -> list[Room]:
    """Those that somebody may open."""
    return [room for room in ROOMS if room.permission in allowed]
