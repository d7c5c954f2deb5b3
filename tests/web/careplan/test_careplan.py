"""Is one page of care written with the patient, shared only as far as they say, and added to only by whom they let?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from daybreak.knowledge.careplan import longest, topics
from daybreak.web import ids
from daybreak.web.assessments import leaving
from daybreak.web.careplan import actions, queries
from daybreak.web.careplan.models import Line, Plan, Share
from daybreak.web.forms import actions as forms
from daybreak.web.forms import makers
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Ended, Mode
from daybreak.web.links.models import CARE_SHARED, Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.letters import letter
from daybreak.web.outbox.models import Message
from daybreak.web.people.roles import Role
from daybreak.web.reach.models import NO, YES, Outsider
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.reach import samples as reach

SAID = {"goals": "to swim again", "sleep": "no screens after ten", "substance_use": "a quiet secret"}


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    return registered(site, ines)


@pytest.fixture
def therapist(patient, site, ines):
    reach.make(patient, site, ines)
    Outsider.objects.create(
        id=(id := ids.new()),
        root=id,
        organisation_id=site.organisation_id,
        created=NOW,
        site=site,
        patient=patient,
        role="family_doctor",
        name="Dr. Lindqvist",
        may_tell=NO,
        by=ines,
    )
    return Outsider.objects.get(role="therapist")


def write(patient, by, told=SAID, **other) -> Plan:
    now = queries.plan(patient)
    about = {"review_on": NOW.date() + timedelta(days=28), "together": True, "seen": now and now.id, "at": NOW}
    return actions.write(patient, told, **{**about, "key": ids.new(), **other}, by=by)


def share(patient, whom, *chosen, by=None, may_add=True, agreed=True, at=NOW) -> Share:
    told = {"whom": whom.root, "chosen": chosen, "may_add": may_add, "agreed": agreed}
    return actions.share(patient, **told, by=by, at=at, key=ids.new())


def opened(link: Link, address: str):
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    client.post(address, {"year": "1971"}, secure=True)
    return client


def test_a_version_is_never_lost_and_its_review_is_a_task_until_the_next_one(patient, ines) -> None:
    key = {"key": ids.new()}
    first = write(patient, ines, **key)
    assert (
        actions.write(patient, SAID, review_on=first.review_on, together=True, seen=None, by=ines, at=NOW, **key)
        == first
    )
    assert state(Task.objects.get(source=f"plan {first.id}")).open
    with pytest.raises(Conflict):
        write(patient, ines, {"goals": "other"}, seen=None)
    second = write(patient, ines, {**SAID, "goals": "to swim in the sea"})
    assert (second.replaces, Plan.objects.count()) == (first, 2)
    assert not state(Task.objects.get(source=f"plan {first.id}")).open
    assert queries.answers(queries.plan(patient))["goals"] == "to swim in the sea"


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ({}, {}),
        ({"goals": "x" * (longest() + 1)}, {}),
        (SAID, {"review_on": None}),
        (SAID, {"review_on": NOW.date() - timedelta(days=1)}),
    ],
)
def test_an_empty_page_a_long_answer_and_no_day_to_look_again_are_refused(patient, ines, told, other) -> None:
    with pytest.raises(Refused):
        write(patient, ines, told, **other)
    assert not Plan.objects.exists()


def test_who_may_not_read_a_topic_neither_sees_nor_changes_it(patient, ines, person) -> None:
    nurse = person("lee", Role.NURSE)
    write(patient, ines)
    client = signed_in(nurse)
    page = client.get(f"/patients/{patient.id}/care/", secure=True).content.decode()
    assert "to swim again" in page
    assert "a quiet secret" not in page
    paper = client.get(f"/patients/{patient.id}/care/paper/", secure=True).content
    assert "quiet" not in " ".join(one.extract_text() for one in PdfReader(BytesIO(paper)).pages)
    write(patient, nurse, {"goals": "to walk", "substance_use": "nothing"})
    assert json.loads(queries.plan(patient).told)["substance_use"] == "a quiet secret"
    with pytest.raises(Forbidden):
        write(patient, person("fay", Role.FRONT_DESK))


def test_others_read_only_what_the_patient_chose_and_only_as_long(patient, ines, therapist) -> None:
    write(patient, ines)
    at = datetime.now(UTC)
    for wrong in (
        {"agreed": False, "by": ines},
        {"whom": Outsider.objects.get(role="family_doctor")},
        {"chosen": "secrets"},
    ):
        told = {"whom": therapist, "chosen": "goals", "agreed": True, "by": ines, **wrong}
        with pytest.raises(Refused):
            share(patient, told["whom"], told["chosen"], agreed=told["agreed"], by=told["by"])
    row = share(patient, therapist, "sleep", by=ines, at=at)
    link = actions.link_of_share(row, by=ines, at=at, key=ids.new())
    client = opened(link, "/shared-care/")
    page = client.get("/shared-care/", secure=True).content.decode()
    assert "no screens after ten" in page
    assert not re.search("swim|secret|Keller", page)
    share(patient, therapist, "goals", at=at)
    page = client.get("/shared-care/", secure=True).content.decode()
    assert ("to swim again" in page, "no screens" in page) == (True, False)
    share(patient, therapist, at=at)
    assert client.get("/shared-care/", secure=True).status_code == 404
    share(patient, therapist, "goals", at=at)
    told = {
        name: getattr(therapist, name) for name in ("organisation_id", "root", "site", "patient", "role", "name", "by")
    }
    Outsider.objects.create(id=ids.new(), created=NOW, replaces=therapist, may_tell=NO, **told)
    assert client.get("/shared-care/", secure=True).status_code == 404, "the patient takes the yes itself back"


def test_the_link_is_mailed_once_and_the_mail_says_nothing(patient, ines, therapist) -> None:
    Outsider.objects.create(
        id=(id := ids.new()),
        root=id,
        organisation_id=patient.organisation_id,
        created=NOW,
        site=therapist.site,
        patient=patient,
        role="family_doctor",
        name="Dr. Wu",
        may_tell=YES,
        by=ines,
        email="wu@example.org",
    )
    doctor = Outsider.objects.get(name="Dr. Wu")
    share(patient, doctor, "goals")
    share(patient, doctor, "goals", "sleep")
    message = Message.objects.get()
    mail = letter(message, repeat=False)
    assert token(Link.objects.get(purpose=CARE_SHARED)) in mail.get_content()
    assert "Keller" not in f"{mail}{mail.get_content()}"


def test_a_line_from_outside_is_read_by_somebody_here_and_by_the_patient(patient, ines, therapist) -> None:
    at = datetime.now(UTC)
    write(patient, ines)
    row = share(patient, therapist, "goals", at=at)
    link = actions.link_of_share(row, by=ines, at=at, key=ids.new())
    client, sent = opened(link, "/shared-care/"), {"text": "We meet on Mondays", "key": str(ids.new())}
    for _ in range(2):
        assert client.post("/shared-care/", sent, secure=True).status_code == 302
    line = Line.objects.get()
    assert Task.objects.get(source=f"plan line {line.id}").role == Role.PRESCRIBER
    assert client.post("/shared-care/", {"text": "", "key": str(ids.new())}, secure=True).status_code == 422
    share(patient, therapist, "goals", may_add=False, at=at)
    late = client.post("/shared-care/", {"text": "more", "key": str(ids.new())}, secure=True)
    assert late.status_code == 422
    assert Line.objects.count() == 1
    own = actions.own_link(patient, mail=True, by=ines, at=at, key=ids.new())
    assert Message.objects.filter(link=own, patient=patient, outsider=None).count() == 1
    theirs = opened(own, "/care/")
    page = theirs.get("/care/", secure=True).content.decode()
    for one in ("We meet on Mondays", *SAID.values()):
        assert one in page, one
    assert theirs.get("/care/paper/", secure=True)["Content-Type"] == "application/pdf"
    chosen = {"whom": str(therapist.root), "topic": ["sleep"], "may_add": "yes", "key": str(ids.new())}
    assert theirs.post("/care/", chosen, secure=True).status_code == 302
    left = theirs.post("/care/", {"do": "leave"}, secure=True).content.decode()
    assert "Keller" not in left
    assert "We meet on Mondays" not in theirs.get("/care/", secure=True).content.decode(), "back shows nothing"
    newest = queries.shares(patient)[therapist.root]
    assert (newest.topics, newest.may_add, newest.by) == ("sleep", True, None)


def test_the_page_keeps_what_was_typed_when_it_is_refused(patient, ines) -> None:
    sent = {"goals": "to swim again", "review_on": "", "do": "write", "key": str(ids.new()), "together": "yes"}
    answer = signed_in(ines).post(f"/patients/{patient.id}/care/", sent, secure=True)
    assert (answer.status_code, "to swim again" in answer.content.decode()) == (422, True)
    assert set(topics()) >= set(SAID)


def test_the_safety_plan_comes_back_to_whoever_said_it_with_the_numbers_to_call(patient, ines) -> None:
    at = datetime.now(UTC)
    own = actions.own_link(patient, mail=False, by=ines, at=at, key=ids.new())
    theirs = opened(own, "/care/")
    assert theirs.get("/care/paper/", secure=True).status_code == 404
    assert word("assessments.plan", "en") not in theirs.get("/care/", secure=True).content.decode()
    asked = makers.form(leaving.PLAN, "en").questions
    told = {one.id: NOT_SAID for one in asked} | {"signs": "I stop answering the door"}
    plan = forms.ask(patient, leaving.PLAN, mode=Mode.DESK, language="en", by=ines, at=at, key=ids.new())
    for question, value in told.items():
        forms.answer(plan, question, value, by=ines, at=at)
    forms.end(plan, how=Ended.FINISHED, by=ines, at=at)
    page = theirs.get("/care/", secure=True).content.decode()
    assert "I stop answering the door" in page
    assert 'href="tel:' in page
    paper = PdfReader(BytesIO(theirs.get("/care/paper/", secure=True).content))
    assert "I stop answering the door" in "".join(one.extract_text() for one in paper.pages)
    write(patient, ines)
    staff = signed_in(ines).get(f"/patients/{patient.id}/care/paper/", secure=True).content
    assert "answering the door" not in "".join(one.extract_text() for one in PdfReader(BytesIO(staff)).pages)
