"""Does an answer about suicide reach a named person at once, the next ones in time, and nobody twice?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.records import Observation, on
from daybreak.web import clock, ids
from daybreak.web.courses import asks
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox import queries
from daybreak.web.outbox.models import Message
from daybreak.web.patients import actions as patients
from daybreak.web.patients.models import Entry
from daybreak.web.people.roles import Role
from daybreak.web.place import Mail
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.tasks import actions, calling, paging
from daybreak.web.tasks.models import Call, Called, Event, Kind, Level, Task
from daybreak.web.tasks.state import state
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.calls import TODAY, UNCLEAR, answer, order, reached

MINUTE = timedelta(minutes=1)


def notified() -> list[str]:
    return [one.person.login for one in Message.objects.order_by("created", "id")]


OF_SCALES = ("ham-d17.item-3", "madrs.item-10", "qids-sr16.item-12")


def results() -> list[str]:
    return [one.result for one in Called.objects.order_by("call__due", "call__step")]


def test_a_positive_answer_makes_a_task_and_calls_the_first_one_in_the_same_transaction(lee, patient, on_call) -> None:
    entry = answer(patient, lee)
    task = Task.objects.get()
    assert (task.source, task.kind, task.level) == (f"suicide:{entry.id}", Kind.SUICIDE, Level.NOW)
    assert notified() == ["ines"]
    assert [call.due - NOW for call in task.calls.order_by("step")] == [0 * MINUTE, 5 * MINUTE, 15 * MINUTE]


def test_what_is_undone_calls_nobody(lee, patient, on_call) -> None:
    with transaction.atomic():
        answer(patient, lee)
        transaction.set_rollback(True)
    assert (Entry.objects.count(), Task.objects.count(), notified()) == (0, 0, [])


@pytest.mark.parametrize(
    ("kind", "value", "calls"),
    [
        ("phq-9.item-9", 0, False),
        ("phq-9.item-9", 1, True),
        ("phq-9.item-9", UNCLEAR, True),
        *((kind, value, value != 0) for kind in OF_SCALES for value in (0, 1, UNCLEAR)),
        ("c-ssrs-screen.risk", "none", False),
        ("c-ssrs-screen.risk", "low", True),
        ("c-ssrs-screen.risk", "high", True),
        ("c-ssrs-screen.q4", "no", False),
        ("c-ssrs-screen.q4", "yes", True),
        ("phq-9.item-1", 3, False),
    ],
)
def test_only_what_is_clearly_no_calls_nobody(lee, patient, kind, value, calls) -> None:
    answer(patient, lee, value, kind=kind)
    assert Task.objects.filter(kind=Kind.SUICIDE, level=Level.NOW).exists() is calls


def test_the_next_ones_are_called_in_time_until_somebody_has_it(lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    paging.call_due(at=NOW + 4 * MINUTE)
    assert notified() == ["ines"]
    paging.call_due(at=NOW + 5 * MINUTE)
    assert notified() == ["ines", "lee"]
    actions.take(Task.objects.get(), by=lee, at=NOW + 6 * MINUTE, key=ids.new())
    paging.call_due(at=NOW + 16 * MINUTE)
    assert (notified(), results()) == (["ines", "lee"], ["notified", "notified", "has_owner"])


def test_a_clock_that_stood_still_calls_late_and_a_second_one_calls_nobody_twice(lee, patient, on_call) -> None:
    answer(patient, lee)
    for _ in range(2):
        paging.call_due(at=NOW + 60 * MINUTE)
    assert (notified(), Called.objects.count()) == (["ines", "lee", "ines"], 3)
    first = Call.objects.get(step=0)
    assert paging.make(first.id, at=NOW + 61 * MINUTE).created == NOW


def test_without_anybody_named_the_task_and_the_list_say_so(site, lee, ines, patient) -> None:
    answer(patient, lee)
    assert results() == ["nobody"]
    page = signed_in(lee).get("/tasks/", secure=True).content.decode()
    assert "Nobody is named who could be called: Main Street" in page
    page = signed_in(lee).get(f"/tasks/{Task.objects.get().id}/", secure=True).content.decode()
    assert "nobody was named" in page
    assert "Nobody is named here for this minute" in page


def test_who_left_or_lost_the_address_is_not_called(lee, ines, patient, on_call) -> None:
    from daybreak.web.people import grants

    grants.disable(ines, by=None, at=NOW + MINUTE)
    answer(patient, lee, at=NOW + 2 * MINUTE)
    assert notified() == ["lee"]
    outbox.set_address(lee, "", at=NOW + 3 * MINUTE, key=ids.new())
    paging.call_due(at=NOW + 8 * MINUTE)
    assert results() == ["notified", "no_address"]


def test_given_back_it_calls_people_again(lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    task = Task.objects.get()
    actions.take(task, by=ines, at=NOW + MINUTE, key=ids.new())
    actions.give_back(task, text="I have to go", by=ines, at=NOW + 2 * MINUTE, key=ids.new())
    assert notified() == ["ines", "ines"]
    paging.call_due(at=NOW + 7 * MINUTE)
    assert notified() == ["ines", "ines", "lee", "lee"], "the first round was not over either: nobody had it"


def test_a_further_answer_joins_what_nobody_has_and_calls_anew_once_somebody_has(lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    answer(patient, lee, "high", kind="c-ssrs-screen.risk", at=NOW + MINUTE)
    assert Task.objects.count() == 1
    assert "high" in Event.objects.get(what="answer").text
    actions.take(Task.objects.get(), by=ines, at=NOW + 2 * MINUTE, key=ids.new())
    answer(patient, lee, 3, at=NOW + 3 * MINUTE)
    assert Task.objects.count() == 2


def test_a_further_answer_calls_people_again_when_all_calls_were_made_and_nobody_has_it(lee, patient, on_call) -> None:
    answer(patient, lee)
    paging.call_due(at=NOW + 16 * MINUTE)
    assert notified() == ["ines", "lee", "ines"]
    answer(patient, lee, 3, at=NOW + 60 * MINUTE)
    assert Task.objects.count() == 1
    assert notified() == ["ines", "lee", "ines", "ines"]
    answer(patient, lee, 2, at=NOW + 61 * MINUTE)
    paging.call_due(at=NOW + 65 * MINUTE)
    assert notified() == ["ines", "lee", "ines", "ines", "lee"], "while calls go out, an answer adds none"


def test_a_call_that_cannot_be_made_holds_back_no_other_and_is_tried_again(
    lee, patient, on_call, monkeypatch, caplog
) -> None:
    answer(patient, lee)
    bad, good = Call.objects.filter(called__isnull=True).order_by("due")
    make = paging.make

    def fails(id, *, at):
        if id == bad.id:
            raise ValueError("Keller")
        return make(id, at=at)

    monkeypatch.setattr(paging, "make", fails)
    paging.call_due(at=NOW + 15 * MINUTE)
    assert Called.objects.filter(call=good).exists()
    assert f"call {bad.id} could not be made: ValueError" in caplog.text
    assert "Keller" not in caplog.text
    monkeypatch.undo()
    paging.call_due(at=NOW + 16 * MINUTE)
    assert Called.objects.filter(call=bad).exists()


@pytest.mark.parametrize(
    ("turns", "of", "each"),
    [(clock.call, paging, "call_due"), (clock.send, queries, "waiting"), (clock.look, asks, "anew")],
)
def test_what_goes_wrong_in_one_turn_ends_no_thread(db, turns, of, each, monkeypatch, caplog) -> None:
    answers = iter([True, ValueError("Keller"), DatabaseError("locked"), True])
    seen = []

    def turn(**_):
        seen.append(one := next(answers))
        if isinstance(one, Exception):
            raise one
        return []

    monkeypatch.setattr(of, each, turn)

    class Stop:
        def wait(self, _):
            return len(seen) == 4

    turns(Stop())
    assert len(seen) == 4
    assert "Keller" not in caplog.text
    assert "ValueError" in caplog.text


def test_changing_or_withdrawing_the_answer_never_withdraws_the_task(lee, patient) -> None:
    entry = answer(patient, lee)
    second = patients.correct(
        entry,
        lambda old: Observation(old.ref, old.kind, type(old.value)(0), old.when),
        by=lee,
        at=NOW + MINUTE,
        key=ids.new(),
    )
    patients.withdraw(second, reason="wrong person", by=lee, at=NOW + 2 * MINUTE, key=ids.new())
    assert state(Task.objects.get()).open


def test_a_correction_to_worse_calls_and_a_confirmation_does_not(lee, patient) -> None:
    entry = answer(patient, lee, 0)
    worse = patients.correct(
        entry,
        lambda old: Observation(old.ref, old.kind, type(old.value)(2), old.when),
        by=lee,
        at=NOW + MINUTE,
        key=ids.new(),
    )
    assert Task.objects.get().source == f"suicide:{worse.id}"
    patients.correct(worse, lambda old: old, by=lee, at=NOW + 2 * MINUTE, key=ids.new())
    assert Task.objects.count() == 1
    assert not Event.objects.exists()


def test_an_old_answer_is_looked_at_today_and_one_without_a_day_is_new(lee, patient, on_call) -> None:
    answer(patient, lee, when=on((NOW - timedelta(days=15)).date()))
    task = Task.objects.get()
    assert (task.level, notified()) == (Level.TODAY, [])
    assert task.due == NOW + timedelta(hours=8)
    answer(patient, lee, when=None)
    assert Task.objects.filter(level=Level.NOW).count() == 1


def test_the_order_that_covers_the_minute_counts(site, lee, ines) -> None:
    reached(lee, ines)
    order(site, ines, by=ines)
    order(site, lee, by=ines, starts=NOW + 10 * MINUTE, ends=NOW + 20 * MINUTE, at=NOW + MINUTE)
    who = [calling.named(calling.covering(site.id, at=NOW + n * MINUTE))[0] for n in (0, 9, 10, 19, 20)]
    assert who == [ines, ines, lee, lee, ines]
    order(site, by=ines, starts=NOW + 30 * MINUTE, at=NOW + 2 * MINUTE)
    assert calling.named(calling.covering(site.id, at=NOW + 31 * MINUTE)) == [], "nobody is an answer too"


def test_who_cannot_be_called_does_not_stand_in_the_order(site, lee, ines, person, mailing) -> None:
    with pytest.raises(Refused, match="Ines is not reached"):
        order(site, ines, by=ines)
    reached(lee, ines)
    desk = person("fay", Role.FRONT_DESK)
    reached(desk)
    for people, says in (((desk,), "no role"), ((ines, ines), "twice")):
        with pytest.raises(Refused, match=says):
            order(site, *people, by=ines)
    with pytest.raises(Refused, match="ends before"):
        order(site, ines, by=ines, ends=NOW)
    with pytest.raises(Forbidden):
        order(site, ines, by=lee)


def test_the_order_is_laid_down_on_a_page(site, lee, ines, mailing) -> None:
    client = signed_in(ines)
    page = client.get("/clinic/calling/", secure=True).content.decode()
    assert "Nobody is named who could be called" in page
    told = {"key": str(ids.new()), "site": str(site.id), "person": [str(lee.pk)], "starts": "", "ends": ""}
    refused = client.post("/clinic/calling/", told, secure=True)
    assert refused.status_code == 422
    assert f'value="{lee.pk}" selected' in refused.content.decode()
    reached(lee)
    assert client.post("/clinic/calling/", told, secure=True).status_code == 302
    page = client.get("/clinic/calling/", secure=True).content.decode()
    assert "<strong>Lee</strong>" in page
    assert "by Ines" in page
    wrong = client.post("/clinic/calling/", {**told, "key": str(ids.new()), "starts": "at nine"}, secure=True)
    assert (wrong.status_code, "is no moment" in wrong.content.decode()) == (422, True)


def test_nothing_about_calls_is_ever_changed(lee, patient, on_call) -> None:
    answer(patient, lee)
    for model in (Call, Called, type(on_call)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(created=NOW)


def test_who_is_called_stands_where_a_suicide_item_is_asked_and_answered(lee, patient) -> None:
    client = signed_in(lee)
    asked = client.get(f"/patients/{patient.id}/add/observation/", secure=True).content.decode()
    assert "Nobody is named here for this minute" in asked
    assert (
        "Nobody is named here" not in client.get(f"/patients/{patient.id}/add/condition/", secure=True).content.decode()
    )
    told = {"key": str(ids.new()), "kind": "phq-9.item-9", "value": "2", "when": str(TODAY)}
    answered = client.post(f"/patients/{patient.id}/add/observation/", told, secure=True)
    assert answered.url == f"/tasks/{Task.objects.get().id}/"
    assert "waits for somebody" in client.get(f"/patients/{patient.id}/", secure=True).content.decode()


def test_a_page_promises_only_what_holds_at_this_minute(site, lee, ines, patient, settings) -> None:
    now = datetime.now(UTC)
    client = signed_in(lee)
    there = f"/patients/{patient.id}/add/observation/"
    reached(lee, ines)
    order(site, ines, lee, by=ines, at=now - MINUTE, starts=now - MINUTE)
    assert "Nobody is named here" in client.get(there, secure=True).content.decode(), "no notice leaves the house"
    server = Mail(host="mail.example.org", port=587, tls="starttls", sender="daybreak@example.org")
    settings.PLACE = replace(settings.PLACE, mail=server)
    page = client.get(there, secure=True).content.decode()
    assert "Ines gets a notice at once" in page
    assert "after 5 minutes: Lee" in page
    order(site, by=ines, at=now, starts=now)
    assert "Nobody is named here" in client.get(there, secure=True).content.decode()


def test_the_list_asks_as_much_for_many_who_are_called_as_for_one(site, lee, ines, mailing, person) -> None:
    client = signed_in(ines)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/tasks/", secure=True).status_code == 200
        return sum(not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"]) for one in queries)

    others = [person(f"nurse{n}", Role.NURSE) for n in range(5)]
    reached(lee, ines, *others)
    order(site, ines, by=ines)
    asked()
    few = asked()
    order(site, ines, lee, *others, by=ines)
    assert asked() == few <= 15
