"""Which treatment of today's has begun in the demo, and how far has it come?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from daybreak.clinical.treatment.events import What
from daybreak.demo.staff import TEAMS
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.courses.models import Visit
from daybreak.web.courses.models import What as Visited
from daybreak.web.onsite.cover import ahead_on
from daybreak.web.patients import queries as patients
from daybreak.web.people.models import Person, Site
from daybreak.web.treatment import actions
from daybreak.web.zones import day

ASKED = 3  # questions of the card, so far


def begin(sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime) -> None:
    """Whoever sits in a chair has said who they are, and is being asked."""
    for name, site in sites.items():
        nurse = workers[TEAMS[name].nurse.login]
        for one in ahead_on(site, day(now, site.zone), now):
            if one.last != Visited.ARRIVED or one.booking.visit != Visit.TREATMENT:
                continue
            about: dict[str, Any] = {"by": nurse, "at": now}
            session = actions.begin(one.booking, key=ids.new(), **about)
            _, month, date = patients.details(session.patient).birth.split("-")
            actions.identify(session, day=int(date), month=int(month), how="said", key=ids.new(), **about)
            for line in sessions.questions(session.protocol, "before")[:ASKED]:
                said = next(each["id"] for each in line["answers"] if each["does"] == "go")
                actions.act(session, What.ANSWERED, {"question": line["id"], "answer": said}, key=ids.new(), **about)
