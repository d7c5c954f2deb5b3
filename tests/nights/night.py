"""What happens in one night: who is on call, who answers what at home, what fails, and who does something about it?

Time is played: `true` is the hour that it is, `machine` the one that the clinic's machine believes. Everything goes through
the actions that the clinic itself calls; what is random comes from the seed alone.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory

from daybreak.web import ids
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Message
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.rota import actions as rota
from daybreak.web.switches.models import Function
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import banner, paging, waiting
from daybreak.web.tasks.models import Call, Level, Task
from daybreak.web.tasks.queries import at_hand
from daybreak.web.tasks.state import state
from tests.nights.post import BREAKS_OFF, DOWN, KILLS, Killed, Post
from tests.nights.rota import Agreed, agreed, there
from tests.web.switches.samples import switch
from tests.web.tasks.test_waiting import answered_before, planned

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LOGINS = ("ines", "lee", "omar", "rosa")
# An ordinary night, and those in which the clock of the wall goes back and on.
NIGHTS = {
    "America/New_York": (date(2026, 12, 2), date(2027, 11, 6), date(2027, 3, 13)),
    "Australia/Lord_Howe": (date(2026, 12, 2), date(2027, 4, 3), date(2027, 10, 2)),
    "Asia/Shanghai": (date(2026, 12, 2),),
}
FAULTS = (DOWN, BREAKS_OFF, KILLS, "stands still", "goes back", "two clocks")
FOLLOWS = tuple(f"followup.{one}" for one in ("intent", "plan", "act", "worse"))
PROMISE = Template("{% who_reads site patient %}")


def ready(patient: Patient, by: Person, *, at: datetime) -> None:
    """An answer of a week ago, and a safety plan."""
    answered_before(patient, at=at)
    planned(patient, by, at=at)


@dataclass
class Said:
    """What the page told the patient about who reads it, and who of the clinic had a notice, or one on its way, and was there."""

    at: datetime
    machine: datetime
    patient: Patient
    promise: str
    told: set[str]


@dataclass
class Night:
    """One night at a site. After `run` the tables, `said` and `post` tell what became of it."""

    seed: int
    site: Site
    people: dict[str, Person]
    patients: list[Patient]
    zone: ZoneInfo
    post: Post = field(default_factory=Post)
    said: list[Said] = field(default_factory=list)
    rota: list[Agreed] = field(default_factory=list)
    faults: list[tuple[datetime, str, timedelta]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.on = self.random.choice(NIGHTS[str(self.zone)])
        self.true = self.begins = datetime.combine(self.on, time(18), self.zone).astimezone(UTC)
        self.ends = self.begins + 16 * HOUR
        self.off = timedelta(0)
        self.dead_until = self.begins
        self.second = False
        self.order = itertools.count()
        self.coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self.read: set[str] = set()
        self.looked: set[datetime] = set()

    @property
    def machine(self) -> datetime:
        return self.true + self.off

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        if when <= self.ends:
            heapq.heappush(self.coming, (when, next(self.order), act))

    def looks(self, *after: timedelta) -> None:
        """The clock looks every three seconds; in between nothing would be due."""
        for each in after:
            self.at(self.true + each, self.turn)

    def run(self) -> None:
        self.post.now = lambda: self.true
        self.post.refused = lambda: self.looks(*(timedelta(seconds=n) for n in (18, 63, 123, 303, 603)))
        self.post.meanwhile = self.beside
        self.prepare()
        while self.coming:
            self.true, _, act = heapq.heappop(self.coming)
            act()
        self.true, self.dead_until, self.post.how = self.ends, self.begins, ""
        self.turn()

    def prepare(self) -> None:
        """What is agreed, what is asked, and what will go wrong."""
        random, night = self.random, self.ends - self.begins
        someone = self.people["ines"]
        if self.seed % 2:
            switch(self.site, Function.URGENCY, someone, at=self.begins)
        self.rota = agreed(random, list(LOGINS), self.on)
        for one in self.rota:
            shift = rota.add_shift(
                self.site,
                self.people[one.login],
                weekday=one.weekday,
                begins=one.begins,
                ends=one.ends,
                level=one.level,
                first=self.on,
                by=someone,
                at=self.begins,
                key=ids.new(),
            )
            if one.there:
                rota.say(shift, there=True, by=self.people[one.login], at=self.begins, key=ids.new())
        for n, patient in enumerate(self.patients):
            if (
                self.seed % 2 and n != 1
            ):  # the rule about what waits for the day is signed, and these have all it asks for
                ready(patient, someone, at=self.begins)
            told = {"mode": Mode.LINK, "language": "en", "by": someone, "at": self.begins, "key": ids.new()}
            sitting = forms.ask(patient, "assessment:phq-9", **told)
            if random.random() < 0.6:
                when = self.begins + random.random() * (night - 2 * HOUR)
                self.at(when, lambda sitting=sitting: self.answers(sitting))
        for _ in range(random.randint(0, 3)):
            begins, long = self.begins + random.random() * night, random.randint(1, 90) * MINUTE
            kind = random.choice(FAULTS)
            self.faults.append((begins, kind, long))
            self.at(begins, lambda kind=kind, long=long: self.fails(kind, long))
        for n in range(16 * 2 + 1):
            self.at(self.begins + n * 30 * MINUTE + SECOND, self.turn)
            self.at(self.begins + n * 30 * MINUTE + 20 * SECOND, self.banner)

    def fails(self, kind: str, long: timedelta) -> None:
        if kind == "stands still":
            self.dies(long / 6)
        elif kind == "goes back":
            self.off -= HOUR
            self.at(self.true + long, self.set_right)
        elif kind == "two clocks":
            self.second = True
        else:
            self.post.how = kind
            if kind != KILLS:
                self.at(self.true + long, self.mended)

    def mended(self) -> None:
        self.post.how = ""
        self.looks(2 * SECOND)

    def set_right(self) -> None:
        self.off += HOUR
        self.looks(2 * SECOND)

    def dies(self, long: timedelta) -> None:
        self.faults.append(
            (self.true, "stands still", long)
        )  # a kill waits for a mail: it falls later than it was drawn
        connection.close()
        self.dead_until = max(self.dead_until, self.true + long)
        self.at(self.dead_until, self.turn)
        self.at(self.dead_until + 185 * SECOND, self.turn)

    def turn(self) -> None:
        """One look of the clock, and of the second one where there are two."""
        if self.true < self.dead_until:
            return
        try:
            paging.call_due(at=self.machine)
            waiting.raise_due(at=self.machine)
            delivery.deliver(self.machine)
        except Killed:
            self.dies(self.random.randint(5, 300) * SECOND)
        if self.second:
            paging.call_due(at=self.machine + 2 * SECOND)
        self.notice()
        for due in Call.objects.filter(called__isnull=True).values_list("due", flat=True):
            if due not in self.looked:
                self.looked.add(due)
                self.at(max(due - self.off, self.true) + 2 * SECOND, self.turn)

    def beside(self) -> None:
        """While one clock waits for the mail server the other one looks."""
        if self.second:
            self.second = False
            delivery.deliver(self.machine - 2 * SECOND)
            self.second = True

    def notice(self) -> None:
        """Whoever has got a mail reads it, some time later, and mostly does something."""
        for _, id, to, _ in self.post.took:
            if id not in self.read:
                self.read.add(id)
                if self.random.random() < 0.6:
                    person, when = self.people[to.partition("@")[0]], self.true + self.random.randint(1, 14) * MINUTE
                    self.at(when, lambda person=person, id=id: self.takes(person, id))

    def takes(self, person: Person, id: str) -> None:
        task = Task.objects.get(pk=Message.objects.get(message_id=id).about)
        now = state(task)
        if task.level == Level.TODAY and now.open and person.login in ("ines", "omar"):
            tasks.assess(task, assessment="no intent", plan="seen", by=person, at=self.machine, key=ids.new())
        if not now.open or (now.owner and not now.given):
            return
        did = {"by": person, "at": self.machine}
        tasks.take(task, key=ids.new(), **did)
        chance = self.random.random()
        if chance < 0.2:
            self.at(self.true + 10 * MINUTE, lambda: self.gives_back(person, task))
        elif chance < 0.8:
            self.at(self.true + 5 * MINUTE, lambda: self.acts(person, task))

    def gives_back(self, person: Person, task: Task) -> None:
        now = state(task)
        if not now.open or now.owner is None or now.owner.pk != person.pk:
            return
        tasks.give_back(task, text="I have to go", by=person, at=self.machine, key=ids.new())
        self.looks(2 * SECOND, 5 * MINUTE + 2 * SECOND, 15 * MINUTE + 2 * SECOND)

    def acts(self, person: Person, task: Task) -> None:
        now = state(task)
        if not now.open or now.owner is None or now.owner.pk != person.pk:
            return
        told = {"result": "reached", "text": "spoke by phone", "happened": self.machine}
        tasks.attempt(task, **told, by=person, at=self.machine, key=ids.new())
        if person.login in ("ines", "omar"):
            tasks.assess(task, assessment="no intent", plan="seen today", by=person, at=self.machine, key=ids.new())

    def answers(self, sitting: Sitting) -> None:
        """Thoughts of suicide, at home, behind a link; and the page that follows at once."""
        value = self.random.choice(("1", "2", "3", "not-said"))
        machine = self.machine
        try:
            forms.answer(sitting, "9", value, by=None, at=machine)
        except Refused:
            raise AssertionError(f"night {self.seed}: the answer was not taken") from None
        for each, said in zip(FOLLOWS, self.random.choice(((), ("no",), ("no",) * 4, ("no", "yes"))), strict=False):
            forms.answer(sitting, each, said, by=None, at=self.machine)
        self.looks(10 * MINUTE + 2 * SECOND, 25 * MINUTE + 2 * SECOND)
        self.looks(2 * SECOND, 20 * SECOND, 5 * MINUTE + 2 * SECOND, 15 * MINUTE + 2 * SECOND)
        for after in (SECOND, 12 * MINUTE):
            self.at(self.true + after, lambda: self.shown(sitting.patient))

    def shown(self, patient: Patient) -> None:
        """What the patient's page promises now."""
        request = RequestFactory().get("/")
        request.received_at = self.machine
        promise = PROMISE.render(Context({"request": request, "site": self.site.id, "patient": patient.id}))
        held = there(self.rota, self.machine, self.zone)
        left = {id for _, id, _, _ in self.post.took}
        told = {one.person.login for one in Message.objects.filter(message_id__in=left)}
        young = {one.person.login for one in Message.objects.filter(created__gt=self.machine - MINUTE)}
        has = {one.owner.login for one in Task.objects.filter(level=Level.TODAY, patient=patient) if one.owner}
        has |= {state(one).owner.login for one in self.now_tasks() if state(one).owner}
        self.said.append(Said(self.true, self.machine, patient, promise, held & (told | young) | has))

    def banner(self) -> None:
        """Is everything in red on the nurse's pages that has nobody after all were called, or whose notice does not leave?"""
        if self.true < self.dead_until or not self.now_tasks():
            return
        held = [(Role.NURSE, self.site.id)]
        mine = [one for one in at_hand(held, self.people["lee"].pk) if one.untaken]
        said = banner.red(mine, at=self.machine, language="en").get("lines", [])
        for task in self.now_tasks():
            now = state(task)
            if (
                now.open
                and now.untaken
                and self.machine > task.due
                and not any("everybody was called" in one for one in said)
            ):
                self.forgotten.append(f"nothing in red at {self.true} about {task.created}")
        left = {id for _, id, _, _ in self.post.took}
        for message in Message.objects.filter(about__in=[one.id for one in mine]).exclude(message_id__in=left):
            old = self.machine - message.created > MINUTE
            if old and not any("do not leave" in one and message.person.display_name in one for one in said):
                self.forgotten.append(f"nothing in red at {self.true} about a notice of {message.created}")

    def now_tasks(self) -> list[Task]:
        return list(Task.objects.filter(level=Level.NOW).order_by("created"))
