"""What can be done with a form: ask it, answer a question, end it, take it back?

Each action locks the sitting (asking: the patient), asks permission, looks at the state, writes and audits.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.forms import again, makers, queries
from daybreak.web.forms.form import Form, asked, first_open, read
from daybreak.web.forms.models import ALONE, UNUSED, Answer, Ended, Ending, Mode, Sitting
from daybreak.web.links import actions as links
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import may_at
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Conflict, Refused

MOST_MINUTES = 24 * 60


@transaction.atomic
def ask(patient: Patient, form_id: str, *, mode: Mode, language: str, by: Person, at: datetime, key: UUID) -> Sitting:
    """Ask the patient this form by one of its doors. What staff write down asks for the right to write."""
    patient = locked(Patient, pk=patient.pk)
    permission = Permission.REGISTER_PATIENTS if mode in ALONE else Permission.WRITE_PATIENTS
    site_id = may_at(patient, permission, by=by, at=at)
    content = {"patient": patient.id, "form": form_id, "mode": mode, "language": language}
    if earlier := keys.known(key, action="ask_form", content=content):
        return Sitting.objects.get(pk=earlier)
    try:
        made, name = makers.maker(form_id)
        form = made.form(name, language)
    except LookupError:
        raise Refused("forms.no_form", name=form_id) from None
    if mode is Mode.LINK:
        posting.may_go(patient)
    if reach.died(patient):
        raise Refused("forms.died_asked")
    if mode in ALONE and not made.alone(name):
        raise Refused("forms.not_alone", form=form.title)
    row = _written(patient, form, site_id=site_id, mode=mode, language=language, by=by, at=at)
    again.asked(patient, form_id, by=by, at=at)
    keys.remember(key, action="ask_form", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def ask_by_itself(patient: Patient, form_id: str, *, site_id: UUID, language: str, at: datetime) -> Sitting:
    """The same by a link, when it is due and nobody asked: the caller locked the patient, and looked whether anything goes to
    them."""
    return _written(
        patient, makers.form(form_id, language), site_id=site_id, mode=Mode.LINK, language=language, by=None, at=at
    )


@transaction.atomic
def answer(sitting: Sitting, question_id: str, typed: str, *, by: Person | None, at: datetime) -> bool:
    """Keep one answer; the same answer again changes nothing. With the last one the form is over. True: it is.

    `by` None: the patient answers alone. What they say after the form was over is kept beside it, and calls if it must.
    """
    sitting = _begin(sitting, by=by, at=at, late=by is None)
    form = makers.form(sitting.form, sitting.language)
    if question_id not in form.ids:
        raise Refused("forms.no_question")
    answers = queries.answers(sitting)
    if ending := Ending.objects.filter(sitting=sitting).first():
        answers |= queries.late(sitting)
        after = ending.created + timedelta(microseconds=1)  # also of what was sent before and had to wait for the lock
        _keep(sitting, form, question_id, typed, answers, by=by, at=max(at, after))
        return True
    _keep(sitting, form, question_id, typed, answers, by=by, at=at)
    if by is not None or first_open(form, answers) is not None:
        return False
    _end(sitting, answers, how=Ended.FINISHED, by=None, at=at, minutes=None)
    return True


@transaction.atomic
def tried(sitting: Sitting, question_id: str, typed: str, *, about: UUID, at: datetime) -> bool:
    """What came by a link (`about`) that was taken back: it may be somebody else's and nothing of it is kept. True: it is an
    answer about suicide that calls for somebody, and they are told that it was said. Refused when it is no answer.
    """
    sitting = locked(Sitting, pk=sitting.pk)
    form = makers.form(sitting.form, sitting.language)
    question = form.question(question_id)
    value = read(question, typed)
    made, _ = makers.maker(sitting.form)
    return question.safety and made.tried(sitting, question, value, about=about, at=at)


@transaction.atomic
def end(sitting: Sitting, *, how: Ended, by: Person | None, at: datetime, minutes: int | None = None) -> Ending:
    """Nothing more is answered. FINISHED asks that every question has an answer, WITHDRAWN that none has; ending it
    twice is as once. After DIED nothing of it is used and nobody is called. When staff end it its links open nothing any more.
    """
    sitting = locked(Sitting, pk=sitting.pk)
    _may(sitting, by=by, at=at)
    if by is not None:
        links.revoke_all(subject=sitting.id, by=by, at=at)
    if earlier := Ending.objects.filter(sitting=sitting).first():
        return earlier
    return _end(sitting, queries.answers(sitting), how=how, by=by, at=at, minutes=minutes)


@transaction.atomic
def fill(
    sitting: Sitting,
    told: Mapping[str, str],
    *,
    minutes: int | None,
    by: Person,
    at: datetime,
    key: UUID,
    how: Ended = Ended.FINISHED,
) -> Ending:
    """Staff write down the form at once, from the phone, at the desk or from paper: all of it, or AS_FAR as it came.

    All that was said or nothing: when it is refused call `keep_safety`, so that what calls for somebody is not lost.
    """
    sitting = _begin(sitting, by=by, at=at, key=key)
    content = {"sitting": sitting.id, "told": dict(told), "minutes": minutes, "how": how}
    if earlier := keys.known(key, action="fill_form", content=content):
        return Ending.objects.get(pk=earlier)
    _open(sitting)
    form = makers.form(sitting.form, sitting.language)
    answers = queries.answers(sitting)
    wrong: list[Refused] = []
    for question in form.questions:
        if question not in asked(form, answers):
            if question.safety and told.get(question.id):
                wrong.append(Wrong(question.words, Refused("forms.does_not_apply")))
            continue
        if how is Ended.AS_FAR and not told.get(question.id):
            continue
        try:
            _keep(sitting, form, question.id, told.get(question.id, ""), answers, by=by, at=at)
        except Refused as refused:
            wrong.append(Wrong(question.words, refused))
    if wrong:
        raise Several(wrong)
    row = _end(sitting, answers, how=how, by=by, at=at, minutes=minutes)
    keys.remember(key, action="fill_form", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def keep_safety(sitting: Sitting, told: Mapping[str, str], *, by: Person, at: datetime) -> None:
    """Of a form that is not complete yet, what may call for somebody."""
    sitting = _begin(sitting, by=by, at=at)
    form = makers.form(sitting.form, sitting.language)
    answers = queries.answers(sitting)
    for question in form.questions:
        if question.safety and told.get(question.id, ""):
            with suppress(Refused):
                _keep(sitting, form, question.id, told[question.id], answers, by=by, at=at)


class Wrong(Refused):
    """What was said to one question is no answer to it."""

    def __init__(self, question: str, why: Refused) -> None:
        super().__init__("forms.at_question", question=question, why="")
        self.why = why

    def _said(self, language: str) -> str:
        self.values["why"] = self.why.sentence(language)
        return super()._said(language)


class Several(Refused):
    """Several questions have no answer; nothing was kept."""

    def __init__(self, problems: list[Refused]) -> None:
        super().__init__("forms.several", n=len(problems))
        self.problems = problems


def _written(
    patient: Patient, form: Form, *, site_id: UUID, mode: Mode, language: str, by: Person | None, at: datetime
) -> Sitting:
    row = Sitting(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site_id=site_id,
        form=form.id,
        version=form.version,
        language=language,
        mode=mode,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="form_asked", who=by and by.id, at=at, subject=patient.id, site=site_id)
    return row


def _begin(
    sitting: Sitting, *, by: Person | None, at: datetime, key: UUID | None = None, late: bool = False
) -> Sitting:
    sitting = locked(Sitting, pk=sitting.pk)
    _may(sitting, by=by, at=at)
    if by is not None and sitting.mode in ALONE:
        raise Refused("forms.theirs")
    if key is None and not late:
        _open(sitting)
    return sitting


def _may(sitting: Sitting, *, by: Person | None, at: datetime) -> None:
    """The patient by their door, or somebody who may write at that site."""
    if by is not None:
        require(by, Permission.WRITE_PATIENTS, at=at, site_id=sitting.site_id)
    elif sitting.mode not in ALONE:
        raise Refused("forms.not_alone", form=makers.form(sitting.form, sitting.language).title)


def _open(sitting: Sitting) -> None:
    if Ending.objects.filter(sitting=sitting).exists():
        raise Conflict("forms.over")


def _keep(
    sitting: Sitting,
    form: Form,
    question_id: str,
    typed: str,
    answers: dict[str, str],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    question = form.question(question_id)
    value = read(question, typed)
    if answers.get(question.id) == value:
        return
    row = Answer(
        id=ids.new(),
        organisation_id=sitting.organisation_id,
        created=at,
        sitting=sitting,
        seq=Answer.objects.filter(sitting=sitting).count() + 1,
        question=question.id,
        value=value,
        by=by,
    )
    row.save(force_insert=True)
    about = {"subject": sitting.patient_id, "site": sitting.site_id}
    trail.wrote(row, action="form_answered", who=by and by.id, at=at, **about)
    answers[question.id] = value
    if question.safety:
        made, _ = makers.maker(sitting.form)
        made.answered(sitting, question, value, by=by, at=at)


def _end(
    sitting: Sitting,
    answers: Mapping[str, str],
    *,
    how: Ended,
    by: Person | None,
    at: datetime,
    minutes: int | None,
) -> Ending:
    form = makers.form(sitting.form, sitting.language)
    if how is Ended.AS_FAR and not answers:
        raise Refused("forms.nothing_answered")
    if how is Ended.WITHDRAWN and answers:
        raise Refused("forms.answered_already")
    if how is Ended.FINISHED and (question := first_open(form, answers)):
        raise Refused("forms.still_open", question=question.words)
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise Refused("forms.minutes", most=MOST_MINUTES)
    if minutes is None and by is None and answers:
        minutes = queries.minutes(sitting)
    row = Ending(
        id=ids.new(),
        organisation_id=sitting.organisation_id,
        created=at,
        sitting=sitting,
        how=how,
        minutes=minutes,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action=f"form_{how}", who=by and by.id, at=at, subject=sitting.patient_id, site=sitting.site_id)
    if how not in UNUSED:
        made, _ = makers.maker(sitting.form)
        told = {one.id: answers[one.id] for one in asked(form, answers) if one.id in answers}
        made.ended(sitting, form, told, by=by, at=at)
    return row
