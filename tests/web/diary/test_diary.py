"""Does a patient write for themselves, and does nobody read it whom they did not choose?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.diary import actions
from daybreak.web.diary.models import CLINICIANS, NAMED, NOBODY, Page, Shown
from daybreak.web.links.tokens import token
from daybreak.web.outbox.models import Message
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.reach.models import STOPPED
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, browser, signed_in
from tests.web.reach.conftest import nurse, patient  # noqa: F401
from tests.web.reach.samples import reached


def opened(patient: Any, by: Any) -> Any:  # noqa: F811
    link = actions.link(patient, by=by, at=datetime.now(UTC), key=ids.new())
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    assert "year" in client.get("/diary/", secure=True).content.decode()
    client.post("/diary/", {"year": "1971"}, secure=True)
    return client


def write(client: Any, text: str, to: str, **more: Any) -> Any:
    return client.post("/diary/", {"text": text, "to": to, "key": ids.new(), **more}, secure=True)


def seen(reader: Any, patient: Any) -> str:  # noqa: F811
    return signed_in(reader).get(f"/patients/{patient.id}/diary/", secure=True).content.decode()


def test_each_page_is_read_by_whom_the_patient_chose_and_by_nobody_else(patient, nurse, person) -> None:  # noqa: F811
    client, doctor = opened(patient, nurse), person("okafor", Role.PRESCRIBER)
    page = client.get("/diary/", secure=True).content.decode()
    assert "Nobody reads this at once" in page
    assert page.index("Nobody reads this at once") < page.index("<textarea")
    for text, to, more in (
        ("for me", NOBODY, {}),
        ("for all of you", CLINICIANS, {}),
        ("for the doctor", NAMED, {"person": doctor.id}),
    ):
        assert write(client, text, to, **more).status_code == 302
    assert {text in seen(nurse, patient) for text in ("for me", "for the doctor")} == {False}
    assert "for all of you" in seen(nurse, patient)
    assert "for the doctor" in seen(doctor, patient)
    assert "for me" not in seen(doctor, patient)
    own = client.get("/diary/", secure=True).content.decode()
    for text in ("for me", "for all of you", "for the doctor", "One person: Okafor"):
        assert text in own
    tasks = list(Task.objects.order_by("created", "id"))
    assert [(one.what, one.owner_id) for one in tasks] == [("diary.task", None), ("diary.task", doctor.pk)]
    assert tasks[0].due - tasks[0].created == timedelta(days=3)
    assert "for" not in tasks[0].values
    assert not Message.objects.filter(patient=patient).exists()


def test_the_patient_changes_who_reads_a_page_and_what_was_written_stays(patient, nurse) -> None:  # noqa: F811
    client = opened(patient, nurse)
    write(client, "a bad night", CLINICIANS)
    page = Page.objects.get()
    told = {"do": "show", "page": page.id, "to": NOBODY, "key": ids.new()}
    assert [client.post("/diary/", told, secure=True).status_code for _ in range(2)] == [302, 302]
    assert Shown.objects.count() == 2, "sent twice it is done once"
    assert "a bad night" not in seen(nurse, patient)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE diary_page SET text = 'x'")
    lines = list(Entry.objects.filter(subject=patient.id, action__startswith="diary").values_list("action", "via"))
    assert lines == [("diary_written", "link"), ("diary_shown", "link"), ("diary_kept", "link")]


@pytest.mark.parametrize(
    "told",
    [
        {"text": "", "to": NOBODY},
        {"text": "x" * 4001, "to": NOBODY},
        {"text": "x", "to": ""},
        {"text": "x", "to": NAMED},
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(patient, nurse, person, told) -> None:  # noqa: F811
    client, desk = opened(patient, nurse), person("dot", Role.FRONT_DESK)
    answer = write(client, **told, person=desk.id)
    assert answer.status_code == 422
    assert told["text"] in answer.content.decode()
    assert not Page.objects.exists()


def test_another_patients_page_is_nobodys_and_after_the_word_that_stops_all_nothing_opens(patient, nurse, site) -> None:  # noqa: F811
    client = opened(patient, nurse)
    write(client, "mine", NOBODY)
    told = {"do": "show", "page": ids.new(), "to": CLINICIANS, "key": ids.new()}
    assert client.post("/diary/", told, secure=True).status_code == 422
    standings.say(patient, STOPPED, since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    assert client.get("/diary/", secure=True).status_code == 404
    with pytest.raises(Refused, match="Nothing goes"):
        actions.link(patient, by=nurse, at=NOW, key=ids.new())
    with pytest.raises(Refused, match="Call us"):
        actions.write(patient, "more", to=NOBODY, person=None, at=NOW, key=ids.new())


def test_the_link_goes_by_a_way_they_agreed_to_and_leaving_shows_nothing(patient, nurse) -> None:  # noqa: F811
    reached(patient, nurse)
    here, told = f"/patients/{patient.id}/diary/", {"do": "mail", "key": ids.new()}
    for _ in range(2):
        assert "The link is on its way" in signed_in(nurse).post(here, told, secure=True).content.decode()
    assert Message.objects.count() == 1
    assert "/l/" in signed_in(nurse).post(here, {"do": "link", "key": ids.new()}, secure=True).content.decode()
    client = opened(patient, nurse)
    left = client.post("/diary/", {"do": "leave"}, secure=True)
    assert "Keller" not in left.content.decode()
    assert client.get("/diary/", secure=True).status_code == 404
