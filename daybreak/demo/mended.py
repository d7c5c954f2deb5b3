"""What is mended at the demo's clinic: a course that goes on under another name, a complaint that somebody else reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from daybreak.demo.staff import HARBOUR, MILL, TEAMS
from daybreak.web import ids
from daybreak.web.courses import plans
from daybreak.web.courses.models import Course
from daybreak.web.people.models import Person, Site
from daybreak.web.requests import actions as requests
from daybreak.web.requests.models import COMPLAINT, PHONE

TAKEN = "H-1060"  # whose course goes on under another name
# It names everybody who could answer it at its own site, so that somebody of the other one does.
COMPLAINS = "Dr Tomás Brandt and 周明 talked about me in the corridor, and Ada Lin never called back."
Act = Callable[[datetime], None]


def days(sites: Mapping[str, Site], workers: Mapping[str, Person]) -> Iterator[tuple[int, int, Act]]:
    """Days ago, minute of that day, and what is done then."""

    def take_over(at: datetime) -> None:
        for course in Course.objects.filter(patient__registrations__number=TAKEN).select_related("by"):
            by = workers[TEAMS[HARBOUR].second.login]
            plans.take_over(course, seen=course.by_id, by=by, at=at, key=ids.new())

    def complain(at: datetime) -> None:
        site, desk = sites[MILL], workers[TEAMS[MILL].desk.login]
        told = {"kind": COMPLAINT, "door": PHONE, "site": site, "day": None, "text": COMPLAINS, "name": "A patient"}
        requests.receive(**told, by=desk, at=at, key=ids.new())

    yield 10, 17 * 60, take_over
    yield 2, 11 * 60, complain
