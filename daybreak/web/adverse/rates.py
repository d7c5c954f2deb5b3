"""In how many treatments of a time was there an adverse event, and of how many does nobody know how they went on?

Counted are treatments in which something reached the patient, by the day of the first dose, each once however many events it
had. Somebody was heard of again when they came again, answered a form, or were reached by a call, after it ended. An event
counts as its newest version tells it, judged or not; one that no treatment is named for counts in none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from daybreak.clinical.treatment.adverse import UNKNOWN, YES
from daybreak.clinical.treatment.events import Outcome, What
from daybreak.clinical.treatment.session import State, fold
from daybreak.knowledge import adverse
from daybreak.outcomes.rates import Rate
from daybreak.web import zones
from daybreak.web.adverse import queries
from daybreak.web.adverse.queries import Standing
from daybreak.web.forms.models import UNUSED
from daybreak.web.forms.models import Ending as FormEnding
from daybreak.web.patients.queries import all_together
from daybreak.web.people.models import Site
from daybreak.web.protocols import reading
from daybreak.web.tasks.actions import REACHED
from daybreak.web.tasks.models import Event as TaskEvent
from daybreak.web.treatment import payload
from daybreak.web.treatment.models import Session, SessionEvent

TOLD = (What.DOSE, What.INFUSION_STARTED, What.INFUSION_ENDED, What.ENDED, What.REOPENED, What.CORRECTED)
EVERY, GRADE, SERIOUS, TERM, QUARTER = "any", "grade", "serious", "term", "quarter"
OWN_WORDS = ""  # no term of the list: it may be any
Has = Callable[[Standing], bool]


@dataclass(frozen=True, slots=True)
class Treated:
    """A treatment in which something reached the patient: the day of the first dose, and whether anybody heard of them since."""

    id: UUID
    patient: UUID
    product: str
    route: str
    day: date
    heard: bool
    events: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One rate: of which product by which route, and of which events (`by` and `which`)."""

    product: str
    route: str
    by: str
    which: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything of a time at a site. `beside`: events of that time that no treatment is named for; `unjudged`: counted, and
    no prescriber has judged them yet."""

    site: Site
    first: date
    last: date
    treated: tuple[Treated, ...]
    lines: tuple[Line, ...]
    beside: int
    unjudged: int

    @property
    def unheard(self) -> tuple[Treated, ...]:
        """Of whom nobody heard again."""
        return tuple(one for one in self.treated if not one.heard)


def rates(site: Site, first: date, last: date) -> Rates:
    """From that day to that day, both counted, by the calendar of the site."""
    treated = _treated(site, first, last)
    begins, ends = zones.midnight(first, site.zone), zones.midnight(last + timedelta(days=1), site.zone)
    beside = queries.newest().filter(site=site, session=None, created__gte=begins, created__lt=ends).count()
    unjudged = sum(1 for one in treated for each in one.events if each.review is None)
    return Rates(site, first, last, tuple(treated), tuple(_lines(treated)), beside, unjudged)


def _treated(site: Site, first: date, last: date) -> list[Treated]:
    """Sessions that began a day earlier or later are looked at too: a session may begin before midnight and dose after it."""
    day = timedelta(days=1)
    begins, ends = zones.midnight(first - day, site.zone), zones.midnight(last + 2 * day, site.zone)
    rows = {one.id: one for one in Session.objects.filter(site=site, created__gte=begins, created__lt=ends)}
    told: dict[UUID, list[SessionEvent]] = {}
    for event in SessionEvent.objects.filter(session__in=rows, what__in=TOLD).order_by("session", "seq"):
        told.setdefault(event.session_id, []).append(event)
    states = {id: fold(payload.event(one) for one in events) for id, events in told.items()}
    days = {id: zones.day(one.first_exposure, site.zone) for id, one in states.items() if one.first_exposure}
    within = {id: on for id, on in days.items() if first <= on <= last}
    of = _of_sessions(within)
    heard = heard_again({id: rows[id] for id in within}, states)
    return [
        Treated(id, rows[id].patient_id, *_product(rows[id].protocol), on, id in heard, tuple(of.get(id, ())))
        for id, on in sorted(within.items(), key=lambda one: (one[1], one[0]))
    ]


def _product(protocol: str) -> tuple[str, str]:
    file = reading.file(protocol)
    return str(file["product"]), str(file["route"])


def _of_sessions(ids: Iterable[UUID]) -> dict[UUID, list[Standing]]:
    found: dict[UUID, list[Standing]] = {}
    rows = queries.newest().filter(session__in=list(ids), session__isnull=False)
    for one in queries.standings(rows.order_by("created", "id")):
        assert one.row.session_id is not None
        found.setdefault(one.row.session_id, []).append(one)
    return found


def heard_again(rows: dict[UUID, Session], states: dict[UUID, State]) -> set[UUID]:
    """After which of these treatments did somebody hear of the patient? One without an end has no after; a death is known."""
    ended = {id: one.ended.at for id in rows if (one := states[id]).ended}
    together = all_together({one.patient_id for one in rows.values()})
    everybody = {each for ids in together.values() for each in ids}
    contacts: dict[UUID, list[datetime]] = {}
    forms = FormEnding.objects.filter(sitting__patient__in=everybody).exclude(how__in=UNUSED)
    calls = TaskEvent.objects.filter(task__patient__in=everybody, result=REACHED)
    came = Session.objects.filter(patient__in=everybody).values_list("patient", "created")
    others = (forms.values_list("sitting__patient", "created"), calls.values_list("task__patient", "happened"))
    for patient, at in came.union(*others, all=True):
        contacts.setdefault(patient, []).append(at)
    found = {id for id in ended if states[id].outcome is Outcome.DIED}
    for id, end in ended.items():
        if any(at > end for each in together[rows[id].patient_id] for at in contacts.get(each, ())):
            found.add(id)
    return found


def _lines(treated: list[Treated]) -> Iterable[Line]:
    """By product and route: any event, each grade, serious or not known to be, each term that was told, each quarter."""
    groups = sorted({(one.product, one.route) for one in treated})
    for product, route in groups:
        of = [one for one in treated if (one.product, one.route) == (product, route)]

        def line(by: str, which: str, has: Has, may: Has = _never, of: list[Treated] = of) -> Line:
            return Line(of[0].product, of[0].route, by, which, _rate(of, has, may))

        yield line(EVERY, "", lambda one: True)
        for grade in (*adverse.choices("grades"), ""):
            yield line(GRADE, grade, lambda one, grade=grade: one.told.grade == grade, lambda one: not one.told.grade)
        for answer in (YES, UNKNOWN):
            yield line(SERIOUS, answer, lambda one, answer=answer: one.row.serious == answer, _serious_unknown)
        told = {each.told.term for one in of for each in one.events}
        for term in (*(id for id in adverse.terms() if id in told), *((OWN_WORDS,) if OWN_WORDS in told else ())):
            yield line(TERM, term, lambda one, term=term: one.told.term == term, lambda one: one.told.term == OWN_WORDS)
        for quarter in sorted({_quarter(one.day) for one in of}):
            some = [one for one in of if _quarter(one.day) == quarter]
            yield line(QUARTER, quarter, lambda one: True, of=some)


def _serious_unknown(one: Standing) -> bool:
    return one.row.serious == UNKNOWN


def _never(one: Standing) -> bool:
    return False


def _rate(of: list[Treated], has: Has, may: Has) -> Rate:
    """Where nobody heard again it is not known whether there was one, and where there was one of which that is not known."""
    n = unknown = 0
    for one in of:
        if any(has(each) for each in one.events):
            n += 1
        elif not one.heard or any(may(each) for each in one.events):
            unknown += 1
    return Rate(n, len(of), unknown)


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
