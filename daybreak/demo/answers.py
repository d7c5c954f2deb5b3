"""Which forms do the demo's patients answer: alone by a link, with somebody at the desk or on the phone, on paper?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from daybreak.demo.story import Story
from daybreak.web import ids
from daybreak.web.forms import actions, makers, queries, sending
from daybreak.web.forms.form import NOT_SAID, Kind, Question, asked, first_open
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.patients import records
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.people.models import Person

PHQ9, GAD7, MADRS = "assessment:phq-9", "assessment:gad-7", "assessment:madrs.total"
INTAKE, PLAN = "intake:intake", "plan:safety-plan"
MINUTES = {PHQ9: 6, GAD7: 4, MADRS: 25, PLAN: 35}
ITEMS, MOST = 9, 3  # of the PHQ-9, and the points of each
THOUGHTS = 16  # from this total on the ninth item is answered with one point
# Who is sent a form, who has answered half of the intake or all of it, whose form came on paper, and who was called.
SENT, HALF, WHOLE, PAPER, CALLED = "H-1034", "H-1058", "H-1025", "H-1055", "M-1043"
WHERE = "At home, 555-0142."  # where somebody is, asked after an answer that calls
PAGES = 12  # of the intake, that were answered
Act = Callable[[datetime], None]
TOLD = {
    "why": "To sleep, and to be a father again.",
    "talked": "no",
    "stimulated": "none",
    "conditions": "none",
    "substances": "none",
    "allergic": "no",
    "ketamine": "no",
    "pregnancy": "cannot",
    "breastfeeding": "not_breastfeeding",
} | {f"phq-9.{n}": "2" if n < ITEMS else "0" for n in range(1, ITEMS + 1)}
SAID = {
    "signs": "I stop answering messages and lie awake.",
    "alone": "A walk to the harbour and back.",
    "company": "My sister's kitchen.",
    "people": "My sister, 555-0142.",
    "clinicians": "The clinic by day; 988 at any hour.",
    "means": "My sister keeps the tablets.",
    "reasons": "The garden, and my nephew.",
}


def weekly(patient: Patient, total: int, *, first: bool, by: Person, at: datetime) -> None:
    """The PHQ-9 of the week at the desk; at the first visit also anxiety, the clinician's rating and the safety plan."""
    written(patient, PHQ9, phq9(total), mode=Mode.DESK, by=by, at=at)
    if first:
        anxious = {f"{n}": f"{1 + n % 2}" for n in range(1, 8)}
        written(patient, GAD7, anxious, mode=Mode.DESK, by=by, at=at)
        written(patient, MADRS, {"total": f"{total + 12}", "10": "1"}, mode=Mode.DESK, by=by, at=at)
        written(patient, PLAN, SAID, mode=Mode.DESK, by=by, at=at)


def phq9(total: int) -> dict[str, str]:
    """Answers that add up to it; from a high total on, thoughts of being better off dead on several days."""
    thoughts = int(total >= THOUGHTS)
    each, more = divmod(total - thoughts, ITEMS - 1)
    given = {f"{n}": f"{min(each + (n <= more), MOST)}" for n in range(1, ITEMS)}
    return given | {f"{ITEMS}": f"{thoughts}"}


def written(patient: Patient, form: str, told: Mapping[str, str], *, mode: Mode, by: Person, at: datetime) -> None:
    """Somebody writes it down."""
    sitting = actions.ask(patient, form, mode=mode, language="en", by=by, at=at, key=ids.new())
    follow = [one for one in asked(makers.form(form, "en"), told) if one.follows]
    told = {**told, **{one.id: "no" if one.options else WHERE for one in follow}}
    actions.fill(sitting, told, minutes=MINUTES[form], by=by, at=at, key=ids.new())


def days(stories: Iterable[Story], workers: Mapping[str, Person]) -> Iterator[tuple[int, int, Act]]:
    """What is asked beside the courses: days ago, minute of the day, and what is done then."""
    known = {one.number: one for one in stories}
    for number, ago, act in (
        (PAPER, 4, _paper),
        (CALLED, 3, _called),
        (SENT, 0, _sent),
        (HALF, 0, _half),
        (WHOLE, 1, _whole),
    ):
        if number in known:
            team = known[number].team
            yield ago, 13 * 60, _done(act, number, workers[team.nurse.login], workers[team.desk.login])


def _done(act: Callable[..., None], number: str, nurse: Person, desk: Person) -> Act:
    def step(at: datetime) -> None:
        patient = Registration.objects.select_related("patient").get(number=number).patient
        act(patient, nurse=nurse, desk=desk, at=at)

    return step


def _paper(patient: Patient, *, nurse: Person, desk: Person, at: datetime) -> None:
    written(patient, PHQ9, phq9(15), mode=Mode.PAPER, by=nurse, at=at)


def _called(patient: Patient, *, nurse: Person, desk: Person, at: datetime) -> None:
    written(patient, PHQ9, phq9(17), mode=Mode.PHONE, by=nurse, at=at)


def _sent(patient: Patient, *, nurse: Person, desk: Person, at: datetime) -> None:
    _linked(patient, PHQ9, desk, at)


def _half(patient: Patient, *, nurse: Person, desk: Person, at: datetime) -> None:
    """The patient answers on the phone, page by page, and stops on the way."""
    sitting = _linked(patient, INTAKE, desk, at - timedelta(minutes=PAGES))
    form = makers.form(INTAKE, "en")
    for page in range(PAGES):
        open_ = first_open(form, queries.answers(sitting))
        if open_ is not None:
            said = at - timedelta(minutes=PAGES - page)
            actions.answer(sitting, open_.id, _said(open_), by=None, at=said)


def _whole(patient: Patient, *, nurse: Person, desk: Person, at: datetime) -> None:
    """The patient answers everything on the phone, and tells of the antidepressants that the practice told of too."""
    taken = [
        (name, one)
        for one in records.chart(patient).exposures
        for name in (one.ingredients if isinstance(one.ingredients, tuple) else ())
    ]
    told = TOLD | {"antidepressants": " ".join(name for name, _ in taken)}
    for name, one in taken:
        about = {
            "dose": one.dose,
            "start": one.start,
            "end": one.end,
            "taking": "yes" if one.status == "active" else "no",
        }
        about |= {"improvement": "5", "stop": "no-effect"}
        told |= {f"{name}.{part}": str(value) for part, value in about.items()}
    sitting = _linked(patient, INTAKE, desk, at - timedelta(hours=1))
    form = makers.form(INTAKE, "en")
    while open_ := first_open(form, queries.answers(sitting)):
        actions.answer(sitting, open_.id, told.get(open_.id, open_.others[0]), by=None, at=at)


def _linked(patient: Patient, form: str, desk: Person, at: datetime) -> Sitting:
    sitting: Sitting = actions.ask(patient, form, mode=Mode.LINK, language="en", by=desk, at=at, key=ids.new())
    sending.send(sitting, by=desk, at=at, key=ids.new())
    return sitting


def _said(question: Question) -> str:
    """The first answer to what is chosen; the rest is left out but the first, in the patient's words."""
    if question.options:
        return question.options[0].value
    return "To get up in the morning." if question.kind is Kind.TEXT else NOT_SAID
