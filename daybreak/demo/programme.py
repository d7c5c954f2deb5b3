"""What is written down of the REMS in the demo: of both sites, of their staff, and of who is in treatment?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from daybreak.demo.staff import HARBOUR, TEAMS
from daybreak.web import ids, zones
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.rems import certifying, enrolling, teaching

YEAR = 365  # days
TAUGHT = "Counselling, monitoring, the form (made up)"
SOON = timedelta(days=252)  # after the founding: the first training is over so long after it, and somebody is reminded
NOTHING = {"address": "", "email": ""}
WHERE = {HARBOUR: {"address": "1 Made-up Quay, Harbour, ME 04000", "email": "rems@harbour.example"}}


def certify(sites: Mapping[str, Site], workers: Mapping[str, Person], *, at: datetime) -> None:
    """Each site, for a year; its prescriber signed for it, and each nurse was taught."""
    for name, site in sites.items():
        team, today = TEAMS[name], zones.day(at, site.zone)
        by, nurse = workers[team.prescriber.login], workers[team.nurse.login]
        told = {"number": f"MADE-UP-{name.upper()[:3]}", "representative": by.display_name, **WHERE.get(name, NOTHING)}
        lasts = {"since": today, "expires": today + timedelta(days=YEAR), "no_last_day": False}
        certifying.certify(site, **told, **lasts, seen=None, by=by, at=at, key=ids.new())
        teaching.taught(site, nurse, what=TAUGHT, **(lasts | {"expires": today + SOON}), by=by, at=at, key=ids.new())


def enrol(patient: Patient, site: Site, *, number: str, by: Person, at: datetime) -> None:
    """The programme confirmed the enrolment, and named no last day."""
    lasts = {"since": zones.day(at, site.zone), "expires": None, "no_last_day": True}
    enrolling.enrol(patient, site, number=f"MADE-UP-{number}", **lasts, seen=None, by=by, at=at, key=ids.new())
