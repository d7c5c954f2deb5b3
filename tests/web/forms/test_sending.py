"""Does a link to a form reach who agreed to be written to, and open nothing once everything has stopped?"""

from __future__ import annotations

import pytest

from daybreak.web import ids
from daybreak.web.forms import sending
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM, Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Message
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Forbidden
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, browser, signed_in
from tests.web.forms.filling import asked
from tests.web.reach.conftest import empty_folder, mails  # noqa: F401
from tests.web.reach.samples import reached


@pytest.fixture
def desk(person):
    return person("dot", Role.FRONT_DESK)


def test_the_desk_sends_it_once_and_the_patient_answers_from_the_mail(patient, nurse, desk) -> None:
    reached(patient, nurse)
    sitting = asked(patient, nurse)
    told = {"do": "mail", "key": ids.new()}
    for _ in range(2):
        answer = signed_in(desk).post(f"/patients/{patient.id}/forms/{sitting.id}/", told, secure=True)
        assert answer.status_code == 302
    message = Message.objects.get()
    delivery.deliver(message.created)
    (mail,) = mails()
    assert f"/l/{token(Link.objects.get(purpose=FORM))}/" in mail.get_content()
    opened = browser().post(f"/l/{token(message.link)}/", secure=True)
    assert opened["Location"] == "/form/"


def test_who_did_not_agree_gets_none_and_the_page_says_so(patient, nurse) -> None:
    sitting = asked(patient, nurse)
    told = {"do": "mail", "key": ids.new()}
    answer = signed_in(nurse).post(f"/patients/{patient.id}/forms/{sitting.id}/", told, secure=True)
    assert answer.status_code == 422
    assert "Nothing was sent" in answer.content.decode()
    assert Task.objects.get().what == "reach.task_call"


def test_who_may_not_reach_patients_sends_nothing(patient, nurse, person) -> None:
    with pytest.raises(Forbidden):
        sending.send(asked(patient, nurse), by=person("phil", Role.PHARMACIST), at=NOW, key=ids.new())


def test_when_everything_stops_the_link_opens_nothing(patient, nurse) -> None:
    reached(patient, nurse)
    message = sending.send(asked(patient, nurse), by=nurse, at=NOW, key=ids.new())
    standings.say(patient, "moved", since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    assert not links.usable(message.link, at=NOW)
    assert delivery.deliver(NOW) == 0
