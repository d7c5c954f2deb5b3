"""How does the demo's clinic come to be? Everybody in it does, day by day, what people at a clinic do, by the real actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

import pyotp
from django.db import transaction

from daybreak.clinical.treatment.stricter import numbers
from daybreak.demo import (
    answers,
    consents,
    cupboards,
    doses,
    mended,
    office,
    outside,
    programme,
    rooms,
    sessions,
    staffing,
    treatments,
    two_sites,
    visits,
)
from daybreak.demo.patients import SEED, stories
from daybreak.demo.staff import ADMINISTRATOR, HARBOUR, MILL, ORGANISATION, ROOMS, STAFF, TEAMS
from daybreak.demo.story import Story
from daybreak.knowledge import functions, watch
from daybreak.web import ids, zones
from daybreak.web.audit import sealer
from daybreak.web.checkins import due
from daybreak.web.courses import reminders
from daybreak.web.demo import mark
from daybreak.web.limits import actions as limits
from daybreak.web.outbox import delivery
from daybreak.web.people import actions as people
from daybreak.web.people import grants, naming, second_factor
from daybreak.web.people.models import Person, Site
from daybreak.web.protocols import actions as protocols
from daybreak.web.rota import actions as rota
from daybreak.web.screening.judging import in_force
from daybreak.web.switches import actions as switches
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import calling, paging, queries
from daybreak.web.tasks.models import Kind, Task

FOUNDED = 240  # days ago
CLOSES = 20  # the hour at which the day is over
UNTOUCHED = 2  # days: what came in since then still waits for somebody
WATCHED = "90"  # minutes after the end of a dose for which no source gives any; of this made-up clinic
UNADOPTED = {MILL: ("ketamine-iv-va", "ketamine-sc-kads"), HARBOUR: ("esketamine-nasal-eu",)}
Step = tuple[datetime, int, Callable[[datetime], None]]


def make(*, now: datetime, seed: int = SEED, patients: int | None = None) -> int:
    """Fill an empty, marked-to-be demo database with staff, protocols and patients up to `now`; how many patients."""
    began = now - timedelta(days=FOUNDED)
    with transaction.atomic():
        sites = _sites(began)
        workers = _staff(sites, began)
        _phones(sites, by=workers[ADMINISTRATOR], at=began + timedelta(days=1))
        _numbers(workers, by=workers[ADMINISTRATOR], at=began + timedelta(days=1))
        _protocols(sites, workers, began + timedelta(days=1))
        _calling_orders(sites, workers, began + timedelta(days=1))
        programme.certify(sites, workers, at=began + timedelta(days=1))
        treatments.chairs(sites, by=workers[ADMINISTRATOR], at=began + timedelta(days=1))
    chosen = stories(now.date(), seed=seed)[:patients]
    steps = sorted(_steps(chosen, sites, workers, now=now), key=lambda one: one[:2])
    for _, day in groupby(steps, key=lambda one: one[0].date()):
        with transaction.atomic():  # a day is on disk at once: on a busy machine each act by itself would take long
            for at, _, step in day:
                step(at)
        _evening(sites, workers, min(at.replace(hour=CLOSES), now), now=now)
    with transaction.atomic():
        office.work(sites, workers, now=now)
        consents.agree(workers, now=now)
        staffing.work(sites, workers, now=now)
        sessions.begin(sites, workers, now=now)
        rooms.play(opened=now, after=None, until=now, live=False)
        two_sites.ask(sites, workers, now=now)
    while sealer.seal(at=now):
        pass
    return len(chosen)


def _evening(sites: dict[str, Site], workers: dict[str, Person], at: datetime, *, now: datetime) -> None:
    """What the clock does by itself at a clinic, and the call that follows an answer about suicide; the last ones wait."""
    paging.call_due(at=at)
    reminders.remind_due(at=at)
    due.ask_due(at=at)
    delivery.deliver(at)
    if now - at < timedelta(days=UNTOUCHED):
        return
    by_site = {site.id: workers[TEAMS[name].prescriber.login] for name, site in sites.items()}
    for task in queries.still_open(Task.objects.filter(kind=Kind.SUICIDE)):
        told = {"by": by_site[task.site_id], "at": at, "key": ids.new()}
        tasks.assess(task, assessment="Called. Thoughts, no intent, no plan.", plan="Seen again tomorrow.", **told)


def _sites(at: datetime) -> dict[str, Site]:
    sites = {name: people.found(organisation=ORGANISATION, site=name, rooms=ROOMS[name], at=at) for name in ROOMS}
    mark.mark(sites[HARBOUR].organisation, at=at)
    return sites


def _staff(sites: dict[str, Site], at: datetime) -> dict[str, Person]:
    """Everybody is invited, comes in by their link with an app, and holds their roles."""
    found = {}
    for worker in STAFF:
        first, *others = worker.holds
        link = people.invite(
            login=worker.login,
            display_name=worker.name,
            language=worker.language,
            roles=[first[0]],
            site=sites[first[1]],
            by=None,
            at=at,
            key=ids.new(),
        )
        code = pyotp.TOTP(second_factor.secret(nonce=link.id)).at(at)
        people.join(link, password=mark.password(), code=code, at=at)
        person = Person.objects.get(pk=link.subject)
        for role, site in others:
            grants.grant_role(person, role, site=sites[site], by=None, at=at)
        found[worker.login] = person
    return found


def _phones(sites: dict[str, Site], *, by: Person, at: datetime) -> None:
    """Under which number patients call each site: one that is kept for stories."""
    for n, site in enumerate(sites.values()):
        told = {"name": site.name, "phone": f"+1 555 010{n}", "seen": naming.newest(site.id).id, "by": by, "at": at}
        naming.change(site, **told, key=ids.new())
        site.refresh_from_db()


def _numbers(workers: dict[str, Person], *, by: Person, at: datetime) -> None:
    """The number of one prescriber, one that is nobody's; that of the others is missing, as it often is."""
    person = workers[TEAMS[HARBOUR].prescriber.login]
    told = {"name": person.display_name, "more": person.language, "number": "MADE-UP-48", "by": by, "at": at}
    naming.change(person, **told, seen=naming.newest(person.id).id, key=ids.new())


def _protocols(sites: dict[str, Site], workers: dict[str, Person], at: datetime) -> None:
    """Each site adopts most protocols."""
    for name, site in sites.items():
        by = workers[TEAMS[name].prescriber.login]
        doses.sign(site, by=by, at=at)
        _switch_on(site, by=by, at=at)
        for id_, here in in_force(site, at.date()).items():
            if id_ not in UNADOPTED[name]:
                protocols.adopt(id=id_, digest=here.protocol.digest, site=site, by=by, at=at, key=ids.new())
                _watch(site, id_, by=by, at=at)


def _watch(site: Site, protocol: str, *, by: Person, at: datetime) -> None:
    """The site signs to watch by the protocol's own numbers, and for so long where it has none."""
    found = numbers(watch.watch(), watch.schedule(protocol))
    typed = {one.name: WATCHED if one.own is None else str(one.own) for one in found}
    told = {"reason": "A made-up clinic", "digest": watch.digest(protocol), "seen": None}
    limits.sign(site, protocol, typed, **told, by=by, at=at, key=ids.new())


def _switch_on(site: Site, *, by: Person, at: datetime) -> None:
    """Everything that comes live from devices, or is computed, is shown in the demo."""
    for one in functions.functions():
        told = {"on": True, "reason": "A made-up clinic", "digest": functions.digest(one), "seen": None}
        switches.switch(site, one, **told, by=by, at=at, key=ids.new())


def _calling_orders(sites: dict[str, Site], workers: dict[str, Person], at: datetime) -> None:
    """At each site somebody is called when an answer about suicide comes in, and two others after them."""
    for name, site in sites.items():
        team = TEAMS[name]
        named = [workers[one.login] for one in (team.nurse, team.prescriber, team.second)]
        by = workers[team.prescriber.login]
        order = calling.lay_down(site, named, starts=at, ends=None, by=by, at=at, key=ids.new())
        for one in order.named.select_related("person"):
            rota.say(one, there=True, by=one.person, at=at, key=ids.new())
        _week(site, named, by=by, at=at)


def _week(site: Site, named: list[Person], *, by: Person, at: datetime) -> None:
    """The first two by day from Monday to Friday, the third from eight to eight at the weekend; all said so but the last."""
    hours = {"begins": time(8), "ends": time(18)}
    for weekday in range(5):
        for level, person in enumerate(named[:2], 1):
            _shift(site, person, weekday=weekday, level=level, said=True, by=by, at=at, **hours)
    for weekday in (5, 6):
        _shift(site, named[2], weekday=weekday, level=1, said=weekday == 5, by=by, at=at, begins=time(8), ends=time(20))


def _shift(site: Site, person: Person, *, said: bool, at: datetime, **hours: Any) -> None:
    first = zones.day(at, site.zone)
    shift = rota.add_shift(site, person, first=first, at=at, key=ids.new(), **hours)
    if said:
        rota.say(shift, there=True, by=person, at=at, key=ids.new())


def _steps(chosen: list[Story], sites: dict[str, Site], workers: dict[str, Person], *, now: datetime) -> Iterable[Step]:
    """What is done, when; in the order of the days, as it was at the clinic."""
    days = [*outside.steps(chosen, sites, workers), *treatments.days(chosen, sites, workers, now=now)]
    days += [*answers.days(chosen, workers), *office.days(sites, workers), *mended.days(sites, workers)]
    days += cupboards.days(sites, workers)
    for story in reversed(chosen):
        days[:0] = visits.Visits(story, site=sites[story.who.site], workers=workers).steps()
    for place, (ago, minute, step) in enumerate(days):
        yield min(_moment(now, ago, minute), now), place, step


def _moment(now: datetime, ago: int, minute: int) -> datetime:
    """That minute of the day so many days ago."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=ago) + timedelta(minutes=minute)
