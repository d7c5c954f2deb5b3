"""Who of the demo's staff is there today, who is planned and has not come, and which patients wait for an earlier time?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from daybreak.demo.staff import HARBOUR, MILL, TEAMS
from daybreak.web import ids, zones
from daybreak.web.courses.models import Visit
from daybreak.web.onsite import actions as onsite
from daybreak.web.onsite.models import Planned, Stay
from daybreak.web.patients.models import Registration
from daybreak.web.people.models import Person, Site
from daybreak.web.waitlist import actions as waitlist
from daybreak.web.waitlist import queries
from daybreak.web.waitlist.models import AFTERNOON, ANY, MORNING
from daybreak.web.watching import sounds
from daybreak.web.watching.models import DESK

# By site: login, until in how many hours from now, number of the room; at the second the only prescriber leaves too early.
CAME = timedelta(hours=2)  # so long ago they came
HERE = {
    HARBOUR: (("ines.vale", 6, 0), ("lee.moss", 5, 1), ("pat.doyle", 5, None)),
    MILL: (("tomas.brandt", 1, 0), ("wang.xia", 5, 1)),
}
# By site: login, from and until in hours from now. The one without a word is planned and has not said that they are there.
PLANS = {
    HARBOUR: (("ines.vale", -2, 6), ("lee.moss", -2, 5), ("rahel.okafor", -1, 7), ("zhou.ming", 24, 30)),
    MILL: (("tomas.brandt", -2, 6), ("wang.xia", -2, 5)),
}
# By patient: what they wait for, how many minutes, on which half of the day; whether instead of their next visit; and
# in how many days from now a day does not suit.
WISHES = (
    ("H-1003", Visit.ASSESSMENT, 60, ANY, False, 0),
    ("H-1060", Visit.TREATMENT, 150, MORNING, True, 1),
    ("M-1049", Visit.TREATMENT, 150, AFTERNOON, True, 0),
)


def work(sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime) -> None:
    """The plan of these days, who came, and who waits."""
    now, at = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0), now
    came = at - CAME
    for name, site in sites.items():
        doctor = workers[TEAMS[name].prescriber.login]
        for login, begins, ends in PLANS[name]:
            hours = (now + timedelta(hours=begins), now + timedelta(hours=ends))
            day = zones.day(max(now, hours[0]), site.zone)
            seen = Planned.objects.filter(site=site, day=day).count()
            told = {"hours": hours, "seen": seen, "by": doctor, "at": at, "key": ids.new()}
            onsite.plan(site, workers[login], day, **told)
        rooms = list(site.rooms.order_by("id"))
        for login, hours_left, place in HERE[name]:
            room = None if place is None else rooms[place]
            until = now + timedelta(hours=hours_left)
            by = workers[login]
            seen = Stay.objects.filter(person=by).count() + 1
            onsite.be_here(site, room=room, until=until, seen=seen, by=by, at=came, key=ids.new())
        at_desk = workers[TEAMS[name].desk.login]
        sounds.tested(site, DESK, heard=True, state=sounds.RUNNING, device=None, by=at_desk, at=came, key=ids.new())
    for number, visit, minutes, half, instead, days in WISHES:
        row = Registration.objects.select_related("patient", "site").filter(number=number).first()
        if row is None:
            continue
        ahead = queries.ahead(row.patient, row.site_id, at=at) if instead else []
        waitlist.wait(
            row.patient,
            row.site,
            booking=ahead[-1].booking if ahead else None,
            visit=visit,
            minutes=minutes,
            weekdays="",
            half=half,
            not_on=[zones.day(now, row.site.zone) + timedelta(days=days)] if days else [],
            bed=False,
            interpreter=False,
            text="",
            by=workers[TEAMS[row.site.name].desk.login],
            at=at,
            key=ids.new(),
        )
