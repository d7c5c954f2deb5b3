"""Is somebody who did not come called, and is the call done only when the answer about suicide is written down?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import asks, events
from daybreak.web.courses.models import Booking, Chair, Visit, What
from daybreak.web.people.roles import Role
from daybreak.web.reach.models import DIED, HOSPITAL
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions, unreached_rule
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.tasks.state import state
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached as reachable
from tests.web.reach.test_standing import say
from tests.web.tasks.calls import answer

SOON = NOW + timedelta(minutes=10)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def task(site, ines) -> Task:
    common = {"organisation_id": site.organisation_id, "created": NOW, "site": site, "by": ines}
    visit = Booking.objects.create(id=ids.new(), **common, patient=registered(site, ines), visit=Visit.TALK)
    chair = Chair.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, room=site.rooms.get(), name="1", by=ines
    )
    times = {"starts": NOW, "ends": NOW + timedelta(hours=1), "chair": chair}
    events.write(visit, 1, What.BOOKED, **times, by=ines, at=NOW)
    events.write(visit, 2, What.NO_SHOW, by=ines, at=NOW)
    asks.call_today(visit, by=ines, at=NOW + timedelta(minutes=5))
    return Task.objects.get(kind=Kind.MISSED)


def close(task, by, result=actions.DONE, text="") -> None:
    actions.close(task, result=result, text=text, by=by, at=SOON, key=ids.new())


def test_the_call_is_not_done_without_the_answer_about_suicide(task, ines) -> None:
    assert task.where == f"/patients/{task.patient_id}/forms/"
    assert signed_in(ines).get(task.where, secure=True).status_code == 200
    with pytest.raises(Refused, match="the answer about suicide is written down") as refused:
        close(task, ines)
    assert "自杀" in refused.value.sentence("zh-Hans")
    answer(task.patient, ines, 0, at=NOW)
    with pytest.raises(Refused, match="the answer about suicide is written down"):
        close(task, ines)
    answer(task.patient, ines, 0, at=SOON)
    close(task, ines)
    assert not state(task).open


def test_its_page_shows_both_numbers_and_the_rule_to_whoever_calls(task, ines) -> None:
    reachable(task.patient, ines, contact_name="Otto", contact_relation="brother", contact_phone="555-0199")
    shown = signed_in(ines).get(f"/tasks/{task.id}/", secure=True).content.decode()
    assert 'id="unreached"' in shown
    assert 'href="tel:555-0101"' in shown
    assert 'href="tel:555-0199"' in shown
    assert shown.count("such tries") == 3


def test_a_worrying_answer_is_a_task_of_its_own(task, ines) -> None:
    answer(task.patient, ines, 2, at=SOON)
    close(task, ines)
    assert state(Task.objects.get(kind=Kind.SUICIDE)).open


def test_the_call_is_needed_until_somebody_was_reached_or_the_rule_has_ended(task, ines) -> None:
    def tried(n: int) -> None:
        told = {"text": "phoned", "happened": SOON - timedelta(minutes=9 - n), "by": ines, "at": SOON}
        actions.attempt(task, result=actions.NOT_REACHED, **told, key=ids.new())

    def refused() -> None:
        with pytest.raises(Refused, match="Nobody was reached yet") as told:
            close(task, ines, result=actions.NOT_NEEDED, text="could not reach")
        assert "尚未联系到" in told.value.sentence("zh-Hans")

    last = max(after for after, _ in unreached_rule.steps(None))
    actions.note(task, text="she moved", by=ines, at=SOON, key=ids.new())
    refused()
    for n in range(last):
        tried(n)
        refused()
    actions.note(task, text="the police looked", by=ines, at=SOON, key=ids.new())
    with pytest.raises(Refused):
        close(task, ines, result=actions.NOT_NEEDED)
    close(task, ines, result=actions.NOT_NEEDED, text="at her sister's, says the police")
    assert not state(task).open


def test_whoever_was_reached_may_say_that_it_is_not_needed(task, ines) -> None:
    told = {"text": "her brother answered", "happened": SOON, "by": ines, "at": SOON}
    actions.attempt(task, result=actions.REACHED, **told, key=ids.new())
    close(task, ines, result=actions.NOT_NEEDED, text="in hospital")
    assert not state(task).open


def test_who_died_is_not_called_and_nobody_has_to_try(task, ines) -> None:
    say(task.patient, DIED, ines)
    assert state(task).closed.result == actions.NOT_NEEDED
    shown = signed_in(ines).get(f"/tasks/{task.id}/", secure=True).content.decode()
    assert "died" in shown[shown.index("<main") : shown.index("What was done")].lower()


def test_in_hospital_a_reason_is_enough(task, ines) -> None:
    with pytest.raises(Refused, match="Nobody was reached yet"):
        close(task, ines, actions.NOT_NEEDED, "They are on ward 4.")
    say(task.patient, HOSPITAL, ines)
    assert state(task).open, "somebody still says what is to be done"
    close(task, ines, actions.NOT_NEEDED, "They are on ward 4.")


def test_of_who_had_died_a_lost_visit_asks_for_no_call(site, ines, task) -> None:
    say(task.patient, DIED, ines)
    asks.call_today(Booking.objects.get(), by=ines, at=NOW)
    assert [state(one).open for one in Task.objects.filter(kind=Kind.MISSED)] == [False]
