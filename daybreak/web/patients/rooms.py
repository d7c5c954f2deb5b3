"""Which pages belong to one patient, and who may open each? (an app that has one adds its line)"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from daybreak.web.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Room:
    """One page: what it is called in `words.yaml`, where it is below the patient's own, what one needs, and its topic."""

    name: str
    where: str
    permission: Permission
    topic: str


CARE, RECORD, CONTACT = "patients.topic_care", "patients.topic_record", "patients.topic_contact"
TOPICS = (CARE, RECORD, CONTACT)
ROOMS = (
    Room("courses.title", "course/", Permission.SEE_CALENDAR, CARE),
    Room("dosing.title", "dose/", Permission.READ_MEDICINES, CARE),
    Room("pdmp.title", "pdmp/", Permission.RUN_SESSIONS, CARE),
    Room("misuse.title", "use/", Permission.RUN_SESSIONS, CARE),
    Room("rems.enrolment", "rems/", Permission.RUN_SESSIONS, CARE),
    Room("waitlist.title", "waitlist/", Permission.BOOK_VISITS, CARE),
    Room("consent.title", "consents/", Permission.READ_PATIENTS, CARE),
    Room("forms.title", "forms/", Permission.REGISTER_PATIENTS, CARE),
    Room("assessments.title", "assessments/", Permission.READ_PATIENTS, CARE),
    Room("window.title", "talks/", Permission.READ_PATIENTS, CARE),
    Room("therapy.notes", "notes/", Permission.READ_PATIENTS, CARE),
    Room("steering.judgement", "judgement/", Permission.READ_PATIENTS, CARE),
    Room("steering.harms", "harms/", Permission.READ_PATIENTS, CARE),
    Room("careplan.title", "care/", Permission.READ_PATIENTS, CARE),
    Room("adverse.title", "adverse/", Permission.READ_PATIENTS, CARE),
    Room("authorisation.title", "authorisations/", Permission.AUTHORISATIONS, CARE),
    Room("patients.review", "review/", Permission.WRITE_PATIENTS, RECORD),
    Room("kind.weight", "add/weight/", Permission.WRITE_PATIENTS, RECORD),
    Room("import.title", "import/", Permission.WRITE_PATIENTS, RECORD),
    Room("papers.title", "papers/", Permission.FIND_PATIENTS, RECORD),
    Room("patients.correct_details", "details/", Permission.REGISTER_PATIENTS, RECORD),
    Room("one_person.title", "same-person/", Permission.WRITE_PATIENTS, RECORD),
    Room("readers.title", "readers/", Permission.READ_ACCESS_LIST, RECORD),
    Room("readers.give", "readers/link/", Permission.GIVE_ACCESS_LIST, CONTACT),
    Room("reach.title", "reach/", Permission.FIND_PATIENTS, CONTACT),
    Room("tablet.hand", "tablet/", Permission.WRITE_PATIENTS, CONTACT),
    Room("links.of_patient", "links/", Permission.REGISTER_PATIENTS, CONTACT),
    Room("requests.of_record", "requests/", Permission.REGISTER_PATIENTS, CONTACT),
    Room("letters.title", "letters/", Permission.READ_SCREENING, CONTACT),
    Room("transfer.title", "transfer/", Permission.READ_SCREENING, CONTACT),
    Room("diary.title", "diary/", Permission.READ_PATIENTS, CONTACT),
    Room("reach.standing", "standing/", Permission.REGISTER_PATIENTS, CONTACT),
)


def open_to(allowed: Container[Permission]) -> list[tuple[str, list[Room]]]:
    """Those that somebody may open, by topic."""
    found = [(topic, [one for one in ROOMS if one.topic == topic and one.permission in allowed]) for topic in TOPICS]
    return [(topic, rooms) for topic, rooms in found if rooms]
