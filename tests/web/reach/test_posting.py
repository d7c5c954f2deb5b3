"""Does a message reach a patient or somebody outside, say nothing, and never silently not leave?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings

from daybreak.web import ids
from daybreak.web.links import actions as links
from daybreak.web.links.models import READERS
from daybreak.web.links.tokens import token
from daybreak.web.outbox import channels, delivery, queries
from daybreak.web.outbox.models import Message
from daybreak.web.patients.models import Patient
from daybreak.web.reach import posting
from daybreak.web.reach.models import Outsider
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.words import LANGUAGES, words
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.conftest import mails
from tests.web.reach.samples import make, reached

# What a message may not tell to whoever looks over a shoulder, or shares the phone.
TELLING = re.compile(r"ketamin|psych|depress|suicid|mental|clinic|氯胺酮|精神|抑郁|自杀|心理|诊所|机构", re.I)


def post(patient: Patient, site, **more) -> Message | None:
    return posting.to_patient(patient, about=ids.new(), site=site, at=NOW, **more)


def link(patient: Patient):
    return links.make(
        purpose=READERS,
        subject=patient.id,
        organisation_id=patient.organisation_id,
        lasts=timedelta(days=1),
        by=None,
        at=NOW,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_in_the_patients_language_and_tells_nothing(patient, site, nurse, language) -> None:
    reached(patient, nurse, language=language)
    made = link(patient)
    message = post(patient, site, link=made)
    assert delivery.deliver(NOW) == 1
    (mail,) = mails()
    assert mail["To"] == "anna@example.org"
    assert mail["Message-ID"] == message.message_id
    assert mail["Subject"] == {"en": "A message for you", "zh-Hans": "您有一条消息"}[language]
    said = mail.get_content()
    assert f"/l/{token(made)}/" in said.replace("=\n", "")
    assert "/tasks/" not in said
    whole = mail["Subject"] + said + mail["From"]
    assert not TELLING.search(whole.replace(settings.PLACE.host, "")), (
        "but for the name of the host, which the house chose"
    )
    for telling in ("Keller", "Anna", "1971", str(patient.id)):
        assert telling not in mail.as_string() + said


def test_every_text_for_outside_is_as_quiet() -> None:
    quiet = [said for id in ("reach.waits", "reach.with_link", "reach.without_link") for said in words()[id].values()]
    assert not [said for said in quiet if TELLING.search(said)]


def test_a_message_without_a_link_asks_to_call(patient, site, nurse) -> None:
    reached(patient, nurse)
    post(patient, site)
    delivery.deliver(NOW)
    assert "Please call us when you can." in mails()[0].get_content()


@pytest.mark.parametrize("told", [{"may_write": ""}, {"may_write": "no"}, {"email": "", "may_write": "yes"}, None])
def test_who_did_not_agree_is_not_written_to_and_somebody_calls(patient, site, nurse, told) -> None:
    if told is not None:
        reached(patient, nurse, **told)
    about = ids.new()
    for _ in range(2):
        assert posting.to_patient(patient, about=about, site=site, at=NOW) is None
    assert Message.objects.count() == 0
    task = Task.objects.get()
    assert (task.what, task.role, task.patient_id) == ("reach.task_call", "front_desk", patient.id)
    assert task.where == f"/patients/{patient.id}/reach/"


def test_one_open_task_to_call_a_patient_is_enough(patient, site, nurse) -> None:
    """Another one comes only when the first is done."""
    for _ in range(3):
        posting.to_patient(patient, about=ids.new(), site=site, at=NOW)
    first = Task.objects.get()
    tasks.done(source=first.source, by=nurse, at=NOW)
    posting.to_patient(patient, about=ids.new(), site=site, at=NOW)
    assert Task.objects.exclude(pk=first.pk).get().what == "reach.task_call"


def test_an_outsider_is_written_to_in_their_language(patient, site, nurse) -> None:
    therapist = make(patient, site, nurse)
    assert posting.to_outsider(therapist, about=ids.new(), at=NOW) is None, "no address"
    assert Task.objects.get().what == "reach.task_call"
    there = Outsider(
        id=ids.new(),
        root=ids.new(),
        organisation_id=site.organisation_id,
        created=NOW,
        site=site,
        role="therapist",
        name="Wang",
        email="wang@example.org",
        language="zh-Hans",
    )
    there.save(force_insert=True)
    posting.to_outsider(there, about=ids.new(), at=NOW)
    delivery.deliver(NOW)
    (mail,) = mails()
    assert (mail["To"], mail["Subject"]) == ("wang@example.org", "您有一条消息")


def test_an_outsider_without_a_patient_who_has_no_address_is_called(site) -> None:
    there = Outsider(
        id=ids.new(),
        root=ids.new(),
        organisation_id=site.organisation_id,
        created=NOW,
        site=site,
        role="other",
        name="W",
    )
    there.save(force_insert=True)
    assert posting.to_outsider(there, about=ids.new(), at=NOW) is None
    assert Task.objects.get().patient_id is None


def test_what_does_not_leave_becomes_a_task_and_stands_on_the_page(patient, site, nurse, monkeypatch) -> None:
    reached(patient, nurse)
    post(patient, site)

    def refuses(*_, **__) -> None:
        raise channels.NotSent("outbox.error_address_refused")

    monkeypatch.setattr(channels, "send", refuses)
    at = NOW
    for tries in (1, 2, 3, 4):
        assert Task.objects.count() == (0 if tries <= 3 else 1)
        delivery.deliver(at)
        at += timedelta(minutes=3)
    assert Task.objects.get().what == "reach.task_call"
    assert queries.stuck(at=at + timedelta(hours=1)) == [], "nobody at another site reads of a patient"
    page = signed_in(nurse).get(f"/patients/{patient.id}/reach/", secure=True).content.decode()
    assert "Not sent" in page
    assert "The mail server refused this address." in page
    assert "4 tries" in page


def test_what_was_sent_is_listed_at_one_price(patient, site, nurse, django_assert_max_num_queries) -> None:
    reached(patient, nurse)
    client = signed_in(nurse)
    here = f"/patients/{patient.id}/reach/"
    for _ in range(12):
        post(patient, site)
    delivery.deliver(NOW)
    with django_assert_max_num_queries(18):  # with those of the savepoints of the tests
        page = client.get(here, secure=True).content.decode()
    assert page.count("<strong>Sent</strong>") == 12


def test_another_patients_messages_are_not_listed(patient, site, nurse) -> None:
    other = registered(site, nurse, number="49", family_name="Berg", given_names="Bo")
    reached(other, nurse, email="bo@example.org")
    post(other, site)
    assert "bo@example.org" not in signed_in(nurse).get(f"/patients/{patient.id}/reach/", secure=True).content.decode()
