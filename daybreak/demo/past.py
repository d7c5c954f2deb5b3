"""How did the demo's treatments of the last weeks go, minute by minute, and what was signed and heard afterwards?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.clinical.records import Observation, on
from daybreak.clinical.treatment.events import Outcome
from daybreak.demo.staff import HARBOUR, TEAMS
from daybreak.demo.treating import (
    Chair,
    Do,
    answers,
    cleared,
    comes,
    dose,
    is_ready,
    is_who,
    leaves,
    saw,
    sees_to_it,
)
from daybreak.knowledge import rems
from daybreak.web import ids, zones
from daybreak.web.checkins.models import CheckIn
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode
from daybreak.web.onsite import actions as onsite
from daybreak.web.onsite.models import Stay
from daybreak.web.patients import actions as charts
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.rems import actions as signing
from daybreak.web.rems import filing
from daybreak.web.rems.models import Form, How
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import queries as tasks_of
from daybreak.web.tasks.actions import DONE, NOT_NEEDED
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.treatment import duties, queries, signed
from daybreak.web.watching import sounds
from daybreak.web.watching.models import DESK

OPENS, HOURS = 540, timedelta(hours=10)  # minute of the day, and how long those who are here stay
MORE = {HARBOUR: ("rahel.okafor",)}  # who else looks after those who are treated at once
ASSESSMENT = "suicide_assessment"
AFTER = "checkin:after"  # the form about the day after a treatment
SILENT = 3  # after every so-manyth treatment of a course nobody hears anything
CALM = {"heart_rate": 72, "spo2": 98, "breaths": 14, "moaa_s": 5}
FAR = {"spo2": 97, "moaa_s": 4, "dissociation": 2}
WELL = {"heart_rate": 70, "spo2": 98, "moaa_s": 5, "dissociation": 0}
JUDGED = {
    "acceptable_before": "yes",
    "acceptable_after": "yes",
    "sedation": "no",
    "dissociation": "yes",
    "serious": "no",
    "first": "no",
    "respiratory": "no",
}


def doses(chair: Chair, at: datetime, key: UUID) -> None:
    """The next device, when one more is ordered."""
    order = signed.order(chair.session, at=at)
    if order is not None and len(queries.now(chair.session).state.exposures) < order.doses:
        dose(chair, at, key)


def signs(chair: Chair, at: datetime, key: UUID) -> None:
    """The form of the programme is signed from what was documented."""
    now = queries.now(chair.session)
    told = {"version": rems.version_on(zones.day(at, chair.site.zone)), "events": len(now.events), "replaces": None}
    signing.sign(chair.session, **told, answered={**JUDGED, "ready": READY}, by=chair.nurse, at=at, key=key)


# Minutes after the patient came.
GOES: tuple[tuple[int, Do], ...] = (
    (0, comes),
    (2, is_who),
    (8, answers("before")),
    (10, saw(126, 80, **CALM)),
    (16, cleared),
    (20, doses),
    (25, doses),
    (30, doses),
    (45, saw(138, 84, **FAR)),
    (75, saw(140, 86, **FAR)),
    (110, saw(130, 80, **WELL)),
    (154, saw(126, 80, **WELL)),
    (155, answers("leaving")),
    (156, sees_to_it("Looked at; nothing has to be done.")),
    (157, is_ready),
    (160, leaves(Outcome.DISCHARGED)),
    (165, signs),
)
READY = "140"  # minutes after the first device


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which somebody is treated at a site."""

    site: Site
    workers: Mapping[str, Person]

    def begins(self, at: datetime) -> None:
        """Who treats is here, and the alarm was heard."""
        team = TEAMS[self.site.name]
        for login in (team.prescriber.login, team.nurse.login, *MORE.get(self.site.name, ())):
            by = self.workers[login]
            told = {"room": None, "until": at + HOURS, "seen": Stay.objects.filter(person=by).count() + 1}
            onsite.be_here(self.site, **told, by=by, at=at, key=ids.new())
        desk = self.workers[team.desk.login]
        told = {"heard": True, "state": sounds.RUNNING, "device": None}
        sounds.tested(self.site, DESK, **told, by=desk, at=at, key=ids.new())

    def files(self, at: datetime) -> None:
        """Every form that was signed and not filed goes to the programme, by its own page."""
        by = self.workers[TEAMS[self.site.name].nurse.login]
        waits = Form.objects.filter(session__site=self.site, replaced_by__isnull=True, filing__isnull=True)
        for n, form in enumerate(waits.order_by("created", "id"), 1):
            told = {"day": zones.day(at, self.site.zone), "how": How.PORTAL, "reference": f"MADE-UP-{at:%m%d}-{n}"}
            filing.file(form, **told, by=by, at=at, key=ids.new())


def assessed(patient: Patient, *, by: Person, at: datetime) -> None:
    """What was answered about suicide before the dose is talked about before the dose."""
    for task in tasks_of.still_open(Task.objects.filter(kind=Kind.SUICIDE, patient=patient)):
        told = {"assessment": "Talked at the chair. Thoughts, no intent, no plan.", "plan": "Asked again next time."}
        tasks.assess(task, **told, by=by, at=at, key=ids.new())
        done = Observation("", ASSESSMENT, "done", on(zones.day(at, task.site.zone)), at)
        charts.add(patient, done, by=by, at=at, key=ids.new())


def heard(patient: Patient, *, by: Person, at: datetime, mood: int) -> None:
    """The day after: who was written to answers by the link, anybody else is called."""
    told = {"mood": f"{mood}", "still": "no"}
    asked = CheckIn.objects.filter(patient=patient, sitting__form=AFTER, sitting__ending=None, message__isnull=False)
    sent = asked.filter(closes__gt=at).order_by("-opens").first()
    if sent is None:
        sitting = forms.ask(patient, AFTER, mode=Mode.PHONE, language="en", by=by, at=at, key=ids.new())
        forms.fill(sitting, told, minutes=3, by=by, at=at, key=ids.new())
    else:
        for question, said in told.items():
            forms.answer(sent.sitting, question, said, by=None, at=at)
    _called(patient, result=DONE, text="Nothing is felt any more.", by=by, at=at)


def silent(patient: Patient, *, by: Person, at: datetime) -> None:
    """The day after nobody answers, and the nurse leaves it at that."""
    _called(patient, result=NOT_NEEDED, text="Called twice, nobody answered; asked at the next visit.", by=by, at=at)


def _called(patient: Patient, *, result: str, text: str, by: Person, at: datetime) -> None:
    waits = Task.objects.filter(patient=patient, what=duties.TASKS["next_day"])
    for task in tasks_of.still_open(waits):
        tasks.close(task, result=result, text=text, by=by, at=at, key=ids.new())
