"""Does a text that comes reach the record, or a human, and is nothing told to whoever brings it?"""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as configured

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.forms import queries as forms
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Message
from daybreak.web.place import Texts
from daybreak.web.reach import posting, queries, standings
from daybreak.web.reach.models import DIED, HOSPITAL
from daybreak.web.tasks.models import Call, Task
from daybreak.web.texting import actions
from daybreak.web.texting.models import Text
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.conftest import nurse, patient  # noqa: F401
from tests.web.reach.samples import reached
from tests.web.reach.test_posting import TELLING

PHONE, SECRET = "+15550100123", "of-the-gateway"
CRY = "I can't any more"


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    shutil.rmtree(configured.PLACE.outbox, ignore_errors=True)
    settings.PLACE = replace(configured.PLACE, texts=Texts("", SECRET))


def bring(text: str, *, sender: str = "15550100123", id: str = "m1", secret: str = SECRET) -> Any:
    told = {"id": id, "from": sender, "text": text}
    return browser(authorization=f"Bearer {secret}").post("/texts/", told, secure=True)


def left() -> list[str]:
    return [one.read_text("utf-8").replace("=\n", "") for one in sorted(configured.PLACE.outbox.glob("*.text"))]


@pytest.mark.parametrize("typed", ["7", " 7. ", "７"])
def test_a_number_alone_is_the_mood_of_the_day_and_calls_nobody(patient, nurse, typed) -> None:  # noqa: F811
    reached(patient, nurse, mobile=PHONE, may_text="yes")
    answer = bring(typed)
    assert (answer.status_code, answer.content) == (200, b"kept\n")
    sitting = Sitting.objects.get(patient=patient)
    assert (sitting.form, sitting.mode, forms.answers(sitting)) == ("checkin:mood", Mode.LINK, {"mood": "7"})
    assert sitting.ending
    assert not Task.objects.exists()
    assert not Message.objects.exists()
    assert bring(typed).status_code == 200, "brought twice it is counted once"
    assert Sitting.objects.count() == Text.objects.count() == 1
    assert bring("3", id="m1").status_code == 200, "another one under the same id is used too"
    assert Text.objects.count() == Sitting.objects.count() == 2
    page = signed_in(nurse).get(f"/patients/{patient.id}/reach/", secure=True).content.decode()
    assert page.count("The number of the day") == 2


@pytest.mark.parametrize("typed", [CRY, "", "11", "-1", "7 but worse", "7/10", "No", "1️⃣"])
def test_anything_else_gets_the_numbers_of_help_at_once_and_calls_somebody_now(patient, nurse, typed) -> None:  # noqa: F811
    reached(patient, nurse, mobile=PHONE, may_text="yes", zone="America/Chicago", language="en")
    assert bring(typed).status_code == 200
    task = Task.objects.get()
    assert (task.kind, task.level, task.patient_id) == ("suicide", "now", patient.id)
    assert {one.due - task.created for one in Call.objects.filter(task=task)} == {
        timedelta(minutes=n) for n in (0, 5, 15)
    }
    assert delivery.deliver(task.created) == 1, "also at three at night"
    (text,) = left()
    assert "To: 15550100123@" in text
    assert "911" in text and "988" in text  # noqa: PT018
    assert not TELLING.search(text.split("\n\n", 1)[1])
    bring(CRY, id="m2")
    assert Task.objects.count() == 1, "it joins the task that waits"
    assert task.events.get().text == CRY
    assert Message.objects.count() == 1, "and the numbers of help are not sent again at once"
    page = signed_in(nurse).get(f"/tasks/{task.id}/", secure=True).content.decode()
    assert "A text came that is no number" in page
    assert PHONE in page


def test_a_phone_that_nobody_has_gets_help_and_a_human_and_learns_nothing(site, nurse, caplog) -> None:  # noqa: F811
    caplog.set_level(logging.DEBUG)
    known = bring("5", id="m1")
    strange = bring(CRY, id="m2", sender="+44 7700 900123")
    assert (known.status_code, known.content) == (strange.status_code, strange.content) == (200, b"kept\n")
    number, words = Task.objects.order_by("created", "id")
    assert (number.what, number.level, number.role) == ("texting.task_number", "by", "front_desk")
    assert (words.what, words.level, words.kind) == ("texting.task_stranger", "now", "suicide")
    assert not Sitting.objects.exists()
    assert delivery.deliver(words.created) == 1
    assert "447700900123@" in left()[0]
    bring("5", id="m3")
    bring("help", id="m4", sender="+447700900123")
    assert Task.objects.count() == 2, "one that is open is enough"
    assert CRY not in caplog.text
    assert "7700" not in caplog.text


def test_of_a_phone_that_two_share_a_number_is_nobodys_and_words_are_about_both(site, patient, nurse) -> None:  # noqa: F811
    other = registered(site, nurse, number="49", family_name="Berg", given_names="Bo")
    for one in (patient, other):
        reached(one, nurse, mobile=PHONE)
    bring("5")
    assert not Sitting.objects.exists()
    assert Task.objects.get().what == "texting.task_number"
    bring(CRY, id="m2")
    assert {one.patient_id for one in Task.objects.filter(level="now")} == {patient.id, other.id}
    message = Message.objects.get()
    assert (message.patient_id, message.to) == (None, PHONE)


@pytest.mark.parametrize(("kind", "sent"), [(HOSPITAL, 1), (DIED, 0)])
def test_who_writes_though_nothing_goes_to_them_is_called_all_the_same(patient, nurse, kind, sent) -> None:  # noqa: F811
    reached(patient, nurse, mobile=PHONE, may_text="yes")
    standings.say(patient, kind, since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    before = Task.objects.count()
    bring("5")
    assert not Sitting.objects.exists(), "nothing is asked of them, so nothing was answered"
    bring(CRY, id="m2")
    assert Task.objects.filter(level="now", patient=patient).exists()
    assert Task.objects.count() == before + 2
    task = Task.objects.get(level="now")
    assert delivery.deliver(task.created) == sent


def test_without_the_secret_nothing_is_taken_and_who_guesses_waits(patient, nurse, settings) -> None:  # noqa: F811
    reached(patient, nurse, mobile=PHONE, may_text="yes")
    answers = [bring(CRY, secret=f"guess {n}").status_code for n in range(32)]
    assert answers == [403] * 30 + [429] * 2
    assert browser().post("/texts/", {"from": PHONE, "text": "5"}, secure=True).status_code == 429
    assert not Text.objects.exists()
    assert bring(CRY).status_code == 200, "who brings texts is kept out by nobody's guesses"
    assert browser(authorization=f"Bearer {SECRET}").post("/texts/", {"text": "5"}, secure=True).status_code == 400
    settings.PLACE = replace(configured.PLACE, texts=Texts(""))
    assert bring(CRY, secret="").status_code == 404, "nothing is open that nobody set up"


def test_a_text_is_one_transaction_and_one_line_each_in_the_trail(patient, nurse, monkeypatch) -> None:  # noqa: F811
    reached(patient, nurse, mobile=PHONE, may_text="yes")

    def breaks(*_, **__) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(actions.answers, "send", breaks)
        with pytest.raises(RuntimeError):
            actions.arrived(told="m1", sender=PHONE, text=CRY, at=NOW)
    assert not Text.objects.exists()
    assert not Task.objects.exists()
    actions.arrived(told="m1", sender=PHONE, text=CRY, at=NOW)
    lines = Entry.objects.filter(subject=patient.id).values_list("action", flat=True)
    assert {"text_came", "text_came_from", "task_made", "message_posted"} <= set(lines)


@pytest.mark.parametrize("typed", ["STOP", "stop.", "退订"])
def test_who_wants_no_texts_gets_none_from_then_on_and_somebody_hears_of_it(site, patient, nurse, typed) -> None:  # noqa: F811
    reached(patient, nurse, mobile=PHONE, may_text="yes", may_write="no", contact_name="Jo")
    waits = posting.to_patient(patient, about=ids.new(), site=site, at=datetime.now(UTC))
    assert waits.to == PHONE
    bring(typed)
    now = queries.reach(patient.id)
    assert (now.may_text, now.mobile, now.contact_name, now.by) == ("no", PHONE, "Jo", None)
    assert posting.to_patient(patient, about=ids.new(), site=site, at=NOW) is None
    assert Task.objects.filter(kind="suicide", level="now").count() == 1, "who writes so may also need help"
    assert delivery.deliver(Task.objects.latest("created").created) == 1
    assert "911" in left()[0], "what waited does not leave any more, and the numbers of help do"
    bring(typed, id="m2")
    assert queries.reach(patient.id) == now
