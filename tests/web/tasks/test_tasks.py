"""Does a task go from hand to hand without ever being in nobody's, and end only by somebody's name?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.people import actions as people_actions
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions, queries
from daybreak.web.tasks.models import Event, Kind, Level, Task, What
from daybreak.web.tasks.state import state
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.samples import made

SOON = NOW + timedelta(minutes=3)


def who(by):
    return {"by": by, "at": SOON, "key": ids.new()}


def test_one_event_makes_one_task(site, lee) -> None:
    first = made(site, lee)
    assert made(site, lee) == first
    assert Task.objects.count() == Entry.objects.filter(action="task_made").count() == 1


def test_a_task_without_an_owner_or_role_cannot_be(site) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        made(site, role=None)


def test_it_waits_for_the_role_until_somebody_takes_it_and_then_for_the_one_who_took_it_over(site, lee, ines) -> None:
    task = made(site)
    assert state(task).owner is None
    actions.take(task, **who(lee))
    with pytest.raises(Refused, match="You have it already"):
        actions.take(task, **who(lee))
    assert state(task).owner == lee
    actions.take(task, **who(ines))
    assert state(task).owner == ines


def test_what_is_offered_stays_where_it_is_until_it_is_taken(site, lee, ines, person) -> None:
    task = made(site)
    actions.take(task, **who(lee))
    with pytest.raises(Refused, match="no role at this site"):
        actions.offer(task, to=person("fay", Role.FRONT_DESK), **who(lee))
    actions.offer(task, to=ines, text="she knows you", **who(lee))
    assert (state(task).owner, state(task).asked) == (lee, ines)
    actions.take(task, **who(ines))
    assert (state(task).owner, state(task).asked) == (ines, None)


def test_it_goes_back_to_the_role_with_a_reason_from_its_owner_alone(site, lee, ines) -> None:
    task = made(site)
    actions.take(task, **who(lee))
    with pytest.raises(Conflict):
        actions.give_back(task, text="no time", **who(ines))
    with pytest.raises(Refused, match="few words"):
        actions.give_back(task, text=" ", **who(lee))
    actions.give_back(task, text="end of my shift", **who(lee))
    assert state(task).owner is None
    named = made(site, source="test:named", role=None, owner=lee)
    with pytest.raises(Refused, match="by name"):
        actions.give_back(named, text="no", **who(lee))


def test_attempts_are_kept_with_their_time_and_close_nothing(site, lee) -> None:
    task = made(site)
    told = {"result": actions.NOT_REACHED, "text": "her phone is off"}
    actions.attempt(task, **told, happened=NOW, **who(lee))
    with pytest.raises(Refused, match="future"):
        actions.attempt(task, **told, happened=SOON + timedelta(minutes=1), **who(lee))
    event = Event.objects.get(task=task)
    assert (event.happened, event.created, event.result) == (NOW, SOON, "not_reached")
    assert state(task).open


def test_a_suicide_task_ends_only_with_assessment_and_plan_of_a_prescriber_or_evaluator(site, lee, ines) -> None:
    task = made(site, kind=Kind.SUICIDE, level=Level.NOW)
    with pytest.raises(Refused, match="assessment and the plan"):
        actions.close(task, result=actions.DONE, text="fine", **who(ines))
    with pytest.raises(Forbidden):
        actions.assess(task, assessment="a", plan="p", **who(lee))
    with pytest.raises(Refused, match="both"):
        actions.assess(task, assessment="seen, no intent", plan=" ", **who(ines))
    assert actions.done(source=task.source, by=ines, at=SOON) is None
    closed = actions.assess(task, assessment="seen, no intent", plan="call tomorrow at nine", **who(ines))
    assert (closed.by, closed.text, closed.plan) == (ines, "seen, no intent", "call tomorrow at nine")
    with pytest.raises(Conflict, match="Ines closed it"):
        actions.note(task, text="more", **who(lee))


def test_what_is_not_needed_says_why_and_an_act_closes_what_asked_for_it(site, lee) -> None:
    task = made(site)
    with pytest.raises(Refused, match="few words"):
        actions.close(task, result=actions.NOT_NEEDED, text="", **who(lee))
    assert actions.done(source=task.source, by=lee, at=SOON).result == "done"
    assert actions.done(source=task.source, by=lee, at=SOON) is None
    assert actions.done(source="nothing:made", by=lee, at=SOON) is None


def test_what_an_act_closes_is_not_called_done_without_it(site, lee, ines) -> None:
    signature = made(site, lee, kind=Kind.SIGNATURE)
    with pytest.raises(Refused, match="done by signing"):
        actions.close(signature, result=actions.DONE, text="", **who(ines))
    page = signed_in(ines).get(f"/tasks/{signature.id}/", secure=True).content.decode()
    assert 'value="done"' not in page
    assert 'value="not_needed" checked' in page
    actions.close(signature, result=actions.NOT_NEEDED, text="the exception fell away", **who(lee))
    review = made(site, lee, source="test:2", kind=Kind.ACCESS)
    with pytest.raises(Refused, match="done by the review"):
        actions.close(review, result=actions.DONE, text="", **who(ines))
    with pytest.raises(Refused, match="You opened this record"):
        actions.close(review, result=actions.NOT_NEEDED, text="it was me", **who(lee))
    actions.close(review, result=actions.NOT_NEEDED, text="opened in the training", **who(ines))
    assert not state(review).open


def test_a_form_sent_twice_is_done_once_and_another_under_its_key_not_at_all(site, lee) -> None:
    task, key = made(site), ids.new()
    first = actions.note(task, text="call her mother", by=lee, at=SOON, key=key)
    assert actions.note(task, text="call her mother", by=lee, at=SOON, key=key) == first
    with pytest.raises(Conflict):
        actions.note(task, text="do not", by=lee, at=SOON, key=key)


def test_nothing_about_a_task_is_ever_changed(site, lee) -> None:
    task = made(site)
    actions.take(task, **who(lee))
    for rows in (Task.objects, Event.objects):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(created=SOON)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_each_sees_what_their_role_at_that_site_may_see(site, lee, person, patient_of) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    ada, abroad = person("ada", Role.ADMINISTRATOR), person("olu", Role.NURSE, at_site=other)
    about = made(site, patient=patient_of(site), values={}, what="tasks.one")
    review = made(site, source="test:2", permission=Permission.READ_AUDIT, role=Role.ADMINISTRATOR)
    seen = {one: [task for task, _ in queries.waiting(one, at=SOON)] for one in (lee, ada, abroad)}
    assert seen == {lee: [about], ada: [review], abroad: []}
    assert signed_in(abroad).get(f"/tasks/{about.id}/", secure=True).status_code == 404
    assert signed_in(abroad).post(f"/tasks/{about.id}/", {"do": "take"}, secure=True).status_code == 404
    page = signed_in(lee).get("/tasks/", secure=True).content.decode()
    assert "Keller, Anna" in page


def test_suicide_answers_come_first_and_then_the_deadline(site, lee) -> None:
    late = made(site, source="a", due=NOW)
    early = made(site, source="b", due=NOW - timedelta(hours=1))
    suicide = made(site, source="c", kind=Kind.SUICIDE, level=Level.NOW, due=NOW + timedelta(minutes=15))
    assert [task for task, _ in queries.waiting(lee, at=SOON)] == [suicide, early, late]
    page = signed_in(lee).get("/tasks/", secure=True).content.decode()
    assert page.index("Suicide answers") < page.index("Nobody has taken them yet")
    assert "3 waiting" in page


def test_the_first_page_is_the_list_and_one_tap_takes_a_task(site, lee) -> None:
    task, client = made(site), signed_in(lee)
    assert client.get("/", secure=True).url == "/tasks/"
    page = client.get("/tasks/", secure=True).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    assert client.post(f"/tasks/{task.id}/", {"do": "take", "key": key}, secure=True).url == f"/tasks/{task.id}/"
    assert state(task).owner == lee
    page = client.get(f"/tasks/{task.id}/", secure=True).content.decode()
    assert "You have it" in page
    assert "Lee took it" in page


def test_a_form_that_is_refused_comes_back_filled(site, lee, ines) -> None:
    task = made(site, kind=Kind.SUICIDE, level=Level.NOW)
    told = {"do": "assess", "key": str(ids.new()), "assessment": "seen <b>twice</b>", "plan": ""}
    answer = signed_in(ines).post(f"/tasks/{task.id}/", told, secure=True)
    assert answer.status_code == 422
    assert "seen &lt;b&gt;twice&lt;/b&gt;" in answer.content.decode()
    answer = signed_in(lee).post(f"/tasks/{task.id}/", {**told, "plan": "p"}, secure=True)
    assert answer.status_code == 403
    assert state(task).open


def test_every_event_has_words(site, lee) -> None:
    from daybreak.web.tasks.telling import HAPPENED, LEVELS

    assert set(HAPPENED) == set(What)
    assert set(LEVELS) == set(Level)


def test_reading_a_task_is_in_the_trail(site, lee, patient_of) -> None:
    patient = patient_of(site)
    task = made(site, patient=patient)
    signed_in(lee).get(f"/tasks/{task.id}/", secure=True)
    line = Entry.objects.filter(action="read").latest("id")
    assert (line.object_type, line.object_id, line.subject, line.who) == ("task", task.id, patient.id, lee.id)
