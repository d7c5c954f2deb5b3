"""Are people called again about an urgent answer when nobody could be called, or when whoever has it does nothing?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from daybreak.knowledge.suicide import calling as rule
from daybreak.web import ids, zones
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Message
from daybreak.web.people import grants
from daybreak.web.tasks import actions, paging, queries
from daybreak.web.tasks.models import Call, Called, Kind, Level, Task
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.calls import answer, order, reached
from tests.web.tasks.samples import made

MINUTE = timedelta(minutes=1)
AGAIN = rule().again


def notified() -> list[str]:
    return [one.person.login for one in Message.objects.order_by("created", "id")]


def turns(until, since=timedelta(0)) -> None:
    """The clock, every five minutes."""
    at = since
    while at <= until:
        paging.call_due(at=NOW + at)
        at += 5 * MINUTE


def take(by, at=NOW + MINUTE) -> Task:
    task = Task.objects.get()
    actions.take(task, by=by, at=at, key=ids.new())
    return task


def test_an_answer_of_the_night_calls_whoever_begins_in_the_morning(site, lee, ines, patient, mailing) -> None:
    answer(patient, lee)
    turns(20 * MINUTE)
    assert [one.result for one in Called.objects.all()] == ["nobody"] * 3
    reached(lee)
    order(site, lee, by=ines, starts=NOW + 60 * MINUTE, at=NOW + 30 * MINUTE)
    turns(59 * MINUTE, since=25 * MINUTE)
    assert (notified(), Call.objects.count()) == ([], 3), "a gap makes no calls that nobody gets"
    turns(80 * MINUTE, since=60 * MINUTE)
    assert notified() == ["lee"] * 3


def test_a_second_clock_does_not_call_again_what_the_first_one_did(site, lee, ines, patient, mailing) -> None:
    answer(patient, lee)
    turns(20 * MINUTE)
    reached(lee)
    order(site, lee, by=ines, at=NOW + 20 * MINUTE)
    for _ in range(2):
        paging.again(Task.objects.get().id, at=NOW + 25 * MINUTE)
    assert notified() == ["lee"]


def test_who_took_it_and_does_nothing_does_not_keep_the_others_from_being_called(lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    take(ines)
    turns(AGAIN + 10 * MINUTE)
    assert notified() == ["ines"], "whoever took it has time to do something"
    turns(AGAIN + 35 * MINUTE, since=AGAIN + 15 * MINUTE)
    assert notified() == ["ines", "ines", "lee", "ines"]
    turns(3 * AGAIN, since=AGAIN + 40 * MINUTE)
    assert len(notified()) == 7


def test_what_nobody_took_calls_again_and_again(lee, patient, on_call) -> None:
    answer(patient, lee)
    turns(AGAIN + 10 * MINUTE)
    assert len(notified()) == 3
    turns(AGAIN + 35 * MINUTE, since=AGAIN + 15 * MINUTE)
    assert len(notified()) == 6


@pytest.mark.parametrize("what", ["attempt", "assess", "take"])
def test_whoever_does_something_is_left_to_it(what, lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    task = take(ines)
    did = {"by": ines, "at": NOW + AGAIN, "key": ids.new()}
    if what == "attempt":
        actions.attempt(task, result="not_reached", text="rang twice", happened=NOW + AGAIN, **did)
    elif what == "assess":
        actions.assess(task, assessment="no intent", plan="seen tomorrow", **did)
    else:
        actions.take(task, **{**did, "by": lee})
    turns(2 * AGAIN - 5 * MINUTE)
    assert notified() == ["ines"]
    turns(4 * AGAIN, since=2 * AGAIN)
    assert (len(notified()) > 1) is (what == "take")


def test_an_attempt_before_it_was_given_back_counts_no_more(lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    task = take(ines)
    did = {"by": ines, "at": NOW + 2 * MINUTE}
    actions.attempt(task, result="not_reached", text="rang", happened=NOW, key=ids.new(), **did)
    actions.give_back(task, text="I have to go", key=ids.new(), **did)
    turns(AGAIN)
    so_far = len(notified())
    turns(2 * AGAIN, since=AGAIN + 5 * MINUTE)
    assert len(notified()) > so_far


def test_who_left_has_it_no_more_and_the_next_ones_are_called(lee, ines, patient, on_call) -> None:
    answer(patient, lee)
    task = take(ines)
    turns(20 * MINUTE)
    grants.disable(ines, by=None, at=NOW + 21 * MINUTE)
    paging.call_due(at=NOW + 22 * MINUTE)
    assert notified() == ["ines", "lee"]
    [(_, now)] = queries.with_states([task], at=NOW + 22 * MINUTE)
    assert now.owner is None
    page = signed_in(lee).get("/tasks/", secure=True).content.decode()
    assert "Ines has it" not in page
    answer(patient, lee, 3, at=NOW + 23 * MINUTE)
    assert Task.objects.count() == 1, "it joins what nobody has"


def test_another_urgent_task_is_not_called_again_while_somebody_has_it(site, lee, ines, on_call) -> None:
    made(site, level=Level.NOW, kind=Kind.OTHER, due=NOW + 15 * MINUTE)
    take(ines)
    turns(3 * AGAIN)
    assert notified() == ["ines"]


def test_the_patient_reads_only_of_a_notice_that_went_out(site, lee, ines, patient, on_call) -> None:
    def said(at) -> str:
        request = RequestFactory().get("/")
        request.received_at = at
        shown = {"request": request, "site": site.id, "patient": patient.id}
        return Template("{% who_reads site patient %}").render(Context(shown))

    assert "Nobody at the clinic reads this now" in said(NOW), "a blank calls only when the form ends"
    answer(patient, lee)
    told = f"A notice went to Ines of the clinic at {zones.minute(NOW)}."
    assert said(NOW).startswith(
        f"{told} Unless somebody takes it sooner, further notices go out until 2026-11-24 09:15"
    )
    answer(patient, lee, 3, at=NOW + 4 * MINUTE)
    assert "Nobody at the clinic reads this now" in said(NOW + 4 * MINUTE), "the notice has not left"
    for message in Message.objects.all():
        attempt, _ = delivery.begin(message, at=NOW + 4 * MINUTE)
        delivery.finish(attempt, "sent", error="", at=NOW + 4 * MINUTE)
    assert said(NOW + 4 * MINUTE).startswith(told), "it joined: no notice now"
    assert said(NOW + 16 * MINUTE) == f"{told} Nobody has said yet that they have it. Call one of these numbers now."
    take(ines, at=NOW + 17 * MINUTE)
    assert said(NOW + 18 * MINUTE).startswith("Ines of the clinic has your answer.")
