"""Is a carer asked after a treatment only as the patient wants, and does what they fear reach somebody?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.knowledge.careplan import questions, tells, times
from daybreak.web import ids
from daybreak.web.careplan import actions, carers
from daybreak.web.careplan.models import Asked, Checked
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.letters import letter
from daybreak.web.reach.models import CARER, STOPPED, YES, Outsider, Standing
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.words import word
from tests.web.checkins.conftest import *  # noqa: F403
from tests.web.conftest import browser, signed_in

CALM = {"seems": "same", "body": "no_worry", "life": "no_fear"}
NOW = datetime.now(UTC)


@pytest.fixture
def treated(planned, given):
    """The patient of a treatment that was given yesterday."""
    at = NOW - timedelta(hours=20)
    given(planned(at), at)
    return at


@pytest.fixture
def mother(course, doctor):
    who = {"role": CARER, "name": "Ruth", "email": "ruth@example.org", "may_tell": YES, "by": doctor}
    about = {"organisation_id": course.organisation_id, "site": course.site, "patient": course.patient}
    return Outsider.objects.create(id=(id := ids.new()), root=id, created=NOW, **about, **who)


def share(patient, whom, *chosen, asks=True, at=NOW):
    told = {"whom": whom.root, "chosen": chosen, "may_add": False, "asks": asks}
    return actions.share(patient, **told, agreed=True, by=None, at=at, key=ids.new())


def opened(link: Link):
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    client.post("/shared-care/", {"year": "1971"}, secure=True)
    return client


def send(client, **said):
    about = {"do": "check", "asked": str(Asked.objects.get().id), "key": str(ids.new()), "note": said.pop("note", "")}
    return client.post("/shared-care/", {**about, **{f"q-{id}": one for id, one in said.items()}}, secure=True)


def test_they_are_asked_once_after_a_treatment_and_the_mail_says_nothing(course, treated, mother) -> None:
    share(course.patient, mother, "goals", asks=False)
    assert carers.ask_due(at=NOW) == 0, "reading the plan is no wish that they are asked"
    share(course.patient, mother)
    assert carers.ask_due(at=treated + times().opens - timedelta(minutes=1)) == 0
    assert [carers.ask_due(at=NOW), carers.ask_due(at=NOW)] == [1, 0]
    mail = letter(Asked.objects.get().message, repeat=False)
    assert not re.search("(?i)keller|ketamin|depress|psych", f"{mail}{mail.get_content()}")
    assert carers.ask_due(at=treated + times().closes + timedelta(minutes=1)) == 0


def test_nobody_is_asked_of_a_patient_to_whom_nothing_goes(course, treated, mother, doctor) -> None:
    share(course.patient, mother)
    told = {"patient": course.patient, "seq": 1, "kind": STOPPED, "since": NOW.date(), "by": doctor}
    Standing.objects.create(id=ids.new(), organisation_id=course.organisation_id, created=NOW, **told)
    assert carers.ask_due(at=NOW) == 0


def test_only_a_carer_is_asked(course, mother, doctor) -> None:
    told = {name: getattr(mother, name) for name in ("organisation_id", "site", "patient", "name", "may_tell", "by")}
    other = Outsider.objects.create(id=(id := ids.new()), root=id, created=NOW, role="therapist", **told)
    with pytest.raises(Refused):
        share(course.patient, other)


def test_fear_for_a_life_calls_people_also_where_the_rest_is_blank(course, treated, mother, doctor) -> None:
    share(course.patient, mother)
    carers.ask_due(at=NOW)
    client = opened(Link.objects.get(pk=Asked.objects.get().message.link_id))
    page = client.get("/shared-care/", secure=True).content.decode()
    assert all(one["words"]["en"] in page for one in questions().values())
    assert not re.search("(?i)keller|swim|ketamin", page), "they read nothing of the plan"
    assert send(client).status_code == 422
    assert send(client, life="unsure", note="He gave his dog away").status_code == 302
    task = Task.objects.get(source=f"carer now {Checked.objects.get().id}")
    assert (task.level, task.kind, task.calls.exists()) == (Level.NOW, Kind.SUICIDE, True)
    assert send(client, **CALM).status_code == 409, "what was said is not taken back by a second answer"
    told = signed_in(doctor).get(f"/patients/{course.patient_id}/care/", secure=True).content.decode()
    assert "He gave his dog away" in told


@pytest.mark.parametrize(
    ("said", "wants"),
    [
        (CALM, set()),
        ({**CALM, "life": "fear"}, {"now"}),
        ({**CALM, "body": "worry"}, {"look"}),
        ({"seems": "same", "body": "no_worry"}, {"look"}),
        ({**CALM, "life": "made-up"}, {"look"}),
    ],
)
def test_what_is_blank_is_looked_at_like_what_worries(said, wants) -> None:
    assert tells(said) == wants


def test_a_calm_answer_calls_nobody_and_words_are_read(course, treated, mother) -> None:
    share(course.patient, mother)
    carers.ask_due(at=NOW)
    client = opened(Link.objects.get(pk=Asked.objects.get().message.link_id))
    assert send(client, **CALM, note="All is well").status_code == 302
    assert list(Task.objects.filter(source__startswith="carer").values_list("kind", flat=True)) == [Kind.REVIEW]


def test_the_patient_ends_it_and_the_carer_is_not_told_why(course, treated, mother) -> None:
    share(course.patient, mother)
    carers.ask_due(at=NOW)
    link = Link.objects.get(pk=Asked.objects.get().message.link_id)
    client = opened(link)
    assert client.get("/shared-care/", secure=True).status_code == 200
    left = client.post("/shared-care/", {"do": "leave"}, secure=True)
    assert "<form" not in left.content.decode()
    assert client.get("/shared-care/", secure=True).status_code == 404
    client = opened(link)
    share(course.patient, mother, asks=False)
    gone = client.get("/shared-care/", secure=True)
    assert gone.status_code == 404
    assert word("links.unusable", "en") in gone.content.decode(), "as of any link that opens nothing"
    assert "Keller" not in gone.content.decode()
    assert carers.ask_due(at=NOW) == 0
