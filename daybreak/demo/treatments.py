"""How do the demo's treatments go: who is in a course, and which visits came, are to come, lack something, or failed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from daybreak.clinical.courses.plan import Step, steps
from daybreak.demo import answers, consents, doses, office, past, programme
from daybreak.demo.cases import IV, NASAL
from daybreak.demo.story import Story
from daybreak.demo.treating import Chair as Beside
from daybreak.demo.treating import Do
from daybreak.knowledge.schedules import minutes, phases
from daybreak.web import ids, zones
from daybreak.web.courses import actions, plans
from daybreak.web.courses.chairs import add as add_chair
from daybreak.web.courses.models import Booking, Chair, Course, Visit, WayHome, What, Why
from daybreak.web.courses.state import standing
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Room, Site

WEEKEND = (5, 6)
WEEK = 7  # days; a course began on a Monday, so many weeks ago as it has scores, or a little less
# Minutes of the day: the talk and the plan of who is in treatment; of who begins now, after the signatures; the visits.
TALK, PLANS, BEGINS, BOOKS, COMES = 480, 495, 970, 990, 600
HEARD, FILED = 1230, 1020  # when the answer of the day after comes or somebody is called, and when forms are filed
IN_EACH_ROOM = 2
SLIP = "H-1060", 4  # whose visit was called lost while they sat in another room
LATE, ILL, LATER = 3, 5, 1  # the visits at which the ride came late, and somebody was ill and came so many days later
APART = 2  # so many days before today
SPOKE = "L. Chen, 2210"
MORE = 4  # from this visit on the dose is higher
Act = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Life:
    """One course. `scores`: the PHQ-9 of each week so far; empty: the course begins only now.

    `today`: the visit of today begins so many minutes from now; `then`: what has happened to it, and `why`; `ahead`: in how
    many hours the next one is, and `near`: one more the day after, which is not in the plan; `interpreter` as booked, and
    `interprets` whether it is a colleague.
    """

    today: int | None = None
    then: What | None = None
    why: str = ""
    ahead: int | None = None
    near: bool = False
    scores: tuple[int, ...] = ()
    interpreter: str = ""
    interprets: str = "professional"
    visit: Visit = Visit.TREATMENT
    protocol: str = NASAL


LIVES: Mapping[str, Life] = {
    "H-1003": Life(150, ahead=51, visit=Visit.TALK),
    "H-1015": Life(-15, What.LATE, Why.RIDE, ahead=98, near=True),
    "M-1027": Life(ahead=70),
    "H-1044": Life(60, What.BY_PATIENT, Why.AFRAID),
    "M-1049": Life(90, ahead=170, scores=(20, 17, 17, 13), interpreter="M. Ortega, 4471"),
    "H-1050": Life(-40, What.NO_SHOW, Why.NOT_SAID, ahead=75, scores=(19, 20, 19, 18)),
    "M-1059": Life(),
    "H-1060": Life(-100, What.ARRIVED, ahead=170, scores=(21, 18, 14, 9), interpreter="周明", interprets="staff"),
    "H-1061": Life(-60, ahead=172, scores=(22, 20)),
    "H-1062": Life(-90, ahead=174, scores=(19, 15)),
    "H-1063": Life(-60, ahead=176, scores=(20, 21), protocol=IV),
}
# Who sits elsewhere today than in the next chair that is free: in the first and in the second room, then in the last chair.
SITS = {"H-1061": 0, "H-1062": 2, "H-1063": 5}


def chairs(sites: Mapping[str, Site], *, by: Person, at: datetime) -> None:
    """Two in each room."""
    for site in sites.values():
        for number, room in enumerate(Room.objects.filter(site=site).order_by("id")):
            for place in range(1, IN_EACH_ROOM + 1):
                add_chair(room, f"Chair {IN_EACH_ROOM * number + place}", by=by, at=at)


def days(
    stories: Iterable[Story], sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime
) -> Iterator[tuple[int, int, Act]]:
    """What is done, days ago and at which minute of the day; nobody sits on another one's chair."""
    places: Counter[str] = Counter()
    treated: set[tuple[str, int]] = set()
    for story in stories:
        if story.number not in LIVES:
            continue
        place = places[story.who.site]
        places[story.who.site] += 1
        one = Treatment(story, sites[story.who.site], workers, place=SITS.get(story.number, place), now=now)
        yield from one.days()
        treated |= {(story.who.site, ago) for ago in one.treated()}
    for name, ago in sorted(treated):
        day = past.Day(sites[name], workers)
        yield ago, past.OPENS, day.begins
        yield ago, FILED, day.files


class Treatment:
    """The course of one patient, and what each of the people around it does."""

    def __init__(self, story: Story, site: Site, workers: Mapping[str, Person], *, place: int, now: datetime) -> None:
        self.story, self.site, self.now, self._place = story, site, now, place
        self.life, team = LIVES[story.number], story.team
        self.doctor, self.nurse, self.desk = (workers[one.login] for one in (team.prescriber, team.nurse, team.desk))
        self.today = zones.day(now, site.zone)
        longest = len(self.life.scores) * WEEK
        self._began = longest - -(self.today - timedelta(days=longest)).weekday() % 7 if longest else -1
        self._booked: dict[str, Booking] = {}
        self._course: Course

    def days(self) -> Iterator[tuple[int, int, Act]]:
        """The plan, each visit that was, and what is booked now."""
        if not self.life.scores:
            yield 1, BEGINS, self.begin
        else:
            yield self._began, TALK, self.agree
            yield self._began, PLANS, self.begin
            for step in self._past():
                yield from self._visit(step)
        yield 1, BOOKS, self.book
        yield 0, 24 * 60, self.happens

    def treated(self) -> set[int]:
        """So many days ago they were given the spray."""
        if self.life.protocol == IV:
            return set()
        return {(self.today - one.day).days - (LATER if one.n == ILL else 0) for one in self._past()}

    @property
    def patient(self) -> Patient:
        """As the desk registered them."""
        found: Patient = Patient.objects.get(registrations__number=self.story.number, registrations__site=self.site)
        return found

    def agree(self, at: datetime) -> None:
        """Told everything, signed; and somebody pays. Through an interpreter, one question was answered wrongly at first."""
        spoken = {"spoken_in": self.story.who.language}
        if self.life.interpreter:
            spoken |= {"interpreter_is": self.life.interprets, "interpreter": self.life.interpreter}
        talk = consents.begin(self.patient, self.life.protocol, self.doctor, at=at, **spoken)
        if self.life.interpreter and self.life.interprets == "professional":
            consents.explained(talk, self.doctor, at=at)
        consents.sign(talk, at=at)
        if self.life.protocol == NASAL:
            programme.enrol(self.patient, self.site, number=self.story.number, by=self.nurse, at=at)
        pays = office.APPROVED if self.life.protocol == NASAL else office.ITSELF
        office.ask(self.patient, self.site, pays, protocol=self.life.protocol, desk=self.desk, at=at, weeks=26)

    def begin(self, at: datetime) -> None:
        """The course is planned, and its first visits are booked when they have been since."""
        start = self.today - timedelta(days=self._began)
        told = {"starts": start, "closed": WEEKEND, "by": self.doctor, "at": at, "key": ids.new()}
        self._course = plans.begin(self.patient, self.life.protocol, **told)
        if self.life.protocol == IV:
            doses.order_infusion(self._course, nurse=self.nurse, by=self.doctor, at=at)
        else:
            doses.order(self._course, doses.FIRST, by=self.doctor, at=at)
        for step in self._past():
            self._book(f"{step.n}", self._at(step.day), step=step.n, at=at, interpreter=self._spoke())

    def higher(self, at: datetime) -> None:
        """It was borne well, and has not done enough."""
        doses.order(self._course, doses.HIGHER, by=self.doctor, at=at)

    def _visit(self, step: Step) -> Iterator[tuple[int, int, Act]]:
        """One that was: most came in time; with every second one the week's questions are asked."""
        ago = (self.today - step.day).days
        if step.n == MORE and len(self.life.scores) > 2:
            yield ago, COMES - 90, self.higher
        if step.n == ILL:
            yield ago, COMES - 60, lambda at: self._ill(step, at)
            ago -= LATER
        slip = (self.story.number, step.n) == SLIP
        late = 25 if step.n == LATE or slip else 0
        if slip:
            yield ago, COMES + 15, lambda at: self._says(f"{step.n}", What.NO_SHOW, Why.NOT_SAID, at=at)
            sat = "Sat in the other waiting room."
            yield ago, COMES + 20, lambda at: self._says(f"{step.n}", What.BACK, text=sat, at=at)
        elif late:
            yield ago, COMES + 5, lambda at: self._says(f"{step.n}", What.LATE, Why.RIDE, at=at)
        if self.life.protocol == IV:
            yield ago, COMES + late, lambda at: self._says(f"{step.n}", What.ARRIVED, at=at)
            yield ago, COMES + late, lambda at: self._goes_home(f"{step.n}", at)
            yield ago, COMES + late + minutes(self.life.protocol), lambda at: self._says(f"{step.n}", What.LEFT, at=at)
        else:
            for minute, do in past.GOES:
                yield ago, COMES + late + minute, lambda at, do=do: self._goes(do, at)  # type: ignore[misc]
            if ago > 1:
                yield ago - 1, HEARD, lambda at: self._day_after(step, at)
        yield ago, COMES + late + 12, lambda at: self._weekly(step, at)

    def _day_after(self, step: Step, at: datetime) -> None:
        if step.n % past.SILENT:
            past.heard(self.patient, by=self.nurse, at=at, mood=3 + step.n // 2)
        else:
            past.silent(self.patient, by=self.nurse, at=at)

    def _goes(self, do: Do, at: datetime) -> None:
        do(Beside(self.patient, self.site), at, ids.new())

    def _ill(self, step: Step, at: datetime) -> None:
        self._says(f"{step.n}", What.BY_PATIENT, Why.ILL, at=at)
        later = self._at(step.day + timedelta(days=LATER))
        self._book(f"{step.n}", later, step=step.n, at=at, interpreter=self._spoke())

    def _spoke(self) -> str:
        """Who interpreted at the visits that were, where nobody is booked any more for those to come."""
        return self.life.interpreter or ("" if self.story.who.language == "English" else SPOKE)

    def _weekly(self, step: Step, at: datetime) -> None:
        week, second = divmod(step.n, 2)
        if second and week < len(self.life.scores):
            answers.weekly(self.patient, self.life.scores[week], first=not week, by=self.nurse, at=at)
            past.assessed(self.patient, by=self.doctor, at=at)

    def book(self, at: datetime) -> None:
        """What is there today, and the next one; what is missing is asked for."""
        coming = [one.n for one in self._plan() if one.n > len(self._past())]
        if self.life.today is not None:
            self._book("today", self._from_now(minutes=self.life.today), step=coming[0], at=at, visit=self.life.visit)
        if self.life.ahead is not None:
            self._book("ahead", self._from_now(hours=self.life.ahead), step=coming[1], at=at)
        if self.life.ahead is not None and self.life.near:
            self._book("near", self._from_now(hours=self.life.ahead + 24), step=None, at=at)

    def happens(self, at: datetime) -> None:
        """What has become of today's visit by now."""
        if self.life.then is not None:
            self._says("today", self.life.then, self.life.why if self.life.then is not What.ARRIVED else "", at=at)
        if self.life.then is What.ARRIVED:
            self._goes_home("today", at)

    def _plan(self) -> tuple[Step, ...]:
        return steps(phases(self.life.protocol), start=self.today - timedelta(days=self._began), closed=WEEKEND)

    def _past(self) -> list[Step]:
        """Whoever comes today was not here in the days before: the visit of these days is today's."""
        until = self.today - timedelta(days=0 if self.life.today is None else APART)
        return [one for one in self._plan() if self.life.scores and one.day <= until - timedelta(days=1)]

    def _book(
        self,
        name: str,
        starts: datetime,
        *,
        step: int | None,
        at: datetime,
        visit: Visit = Visit.TREATMENT,
        interpreter: str = "",
    ) -> None:
        chairs = Chair.objects.filter(room__site=self.site).order_by("id")
        self._booked[name] = actions.book(
            self.patient,
            chair=chairs[self._place],
            starts=starts,
            minutes=minutes(self.life.protocol),
            visit=visit,
            step=step,
            interpreter=interpreter or self.life.interpreter,
            by=self.desk,
            at=at,
            key=ids.new(),
        )

    def _says(self, name: str, what: What, why: str = "", *, text: str = "", at: datetime) -> None:
        booking = self._booked[name]
        seen = standing(booking).next
        actions.happened(booking, what, why=why, text=text, seen=seen, by=self.desk, at=at, key=ids.new())

    def _goes_home(self, name: str, at: datetime) -> None:
        booking, told = self._booked[name], {"name": "Jo", "phone": "555-9999"}
        seen = standing(booking).next
        actions.way_home(booking, WayHome.ACCOMPANIED, **told, seen=seen, by=self.desk, at=at, key=ids.new())

    def _at(self, day: date) -> datetime:
        return zones.midnight(day, self.site.zone) + timedelta(minutes=COMES)

    def _from_now(self, **later: Any) -> datetime:
        """The quarter of an hour so long from now: whenever the demo is made, there is a day in it."""
        moment = self.now + timedelta(**later)
        return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
