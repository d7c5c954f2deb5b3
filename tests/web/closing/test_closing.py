"""Does a day end with every visit told of and every open task in somebody's hands, once, and only where one works?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.web import ids, zones
from daybreak.web.audit.models import Entry
from daybreak.web.closing import actions, queries
from daybreak.web.closing.models import Closing
from daybreak.web.courses import actions as courses
from daybreak.web.courses import chairs
from daybreak.web.courses.models import Visit, What
from daybreak.web.courses.state import standing
from daybreak.web.forms import actions as forms
from daybreak.web.forms import coverage, makers
from daybreak.web.forms.models import Ended, Mode
from daybreak.web.outbox.models import Message
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import paging
from daybreak.web.tasks.calling import lay_down
from daybreak.web.tasks.models import NOTIFIED, Call, Kind, Level, Task
from daybreak.web.tasks.state import state
from daybreak.web.words import known, word
from tests.web.conftest import NOW, signed_in
from tests.web.courses import samples
from tests.web.forms.samples import PHQ
from tests.web.patients.samples import registered
from tests.web.tasks.calls import reached

TODAY = NOW.date()
EVENING = NOW + timedelta(hours=9)


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def okafor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def patient(site, okafor):
    return registered(site, okafor)


@pytest.fixture
def visit(site, person, patient, lee):
    chair = chairs.add(site.rooms.get(), "Chair 1", by=person("ada", Role.ADMINISTRATOR), at=NOW)
    told = {"visit": Visit.TALK, "step": None, "interpreter": "", "by": lee, "at": NOW, "key": ids.new()}
    return courses.book(patient, chair=chair, starts=NOW + timedelta(hours=1), minutes=60, **told)


def task(site, **other) -> Task:
    told = {
        "source": f"test {ids.new()}",
        "kind": Kind.OTHER,
        "what": "courses.call_today",
        "site": site,
        "level": Level.TODAY,
        "due": EVENING,
        "permission": Permission.READ_PATIENTS,
        "role": Role.NURSE,
        "by": None,
        "at": NOW,
    } | other
    return tasks.make(**told)


def closed(site, by, on_call, **other) -> Closing:
    at = other.get("at", EVENING)
    told = {"seen": queries.evening(site, other.get("day", TODAY), reader=by, at=at).digest, "at": at, "key": ids.new()}
    return actions.close(site, **{"day": TODAY, "on_call": on_call, "by": by} | told | other)


def unclosed(site, today):
    return queries.unclosed(site, today, queries.closings(site, today))


def ended(visit, by) -> None:
    for what, hours in ((What.ARRIVED, 1), (What.LEFT, 2)):
        told = {"why": "", "text": "", "seen": standing(visit).next, "key": ids.new()}
        courses.happened(visit, what, by=by, at=NOW + timedelta(hours=hours), **told)


def test_a_visit_without_an_end_becomes_a_task_of_whoever_is_on_call(site, lee, okafor, visit) -> None:
    row = closed(site, lee, okafor)
    made = Task.objects.get(what="closing.how_did_it_end")
    assert (made.owner, made.patient, row.visits) == (okafor, visit.patient, 1)
    assert str(visit.id) in made.where
    assert made.due > EVENING


def test_a_visit_that_ended_asks_for_nothing(site, lee, okafor, visit) -> None:
    ended(visit, lee)
    assert closed(site, lee, okafor).visits == 0
    assert not Task.objects.filter(what="closing.how_did_it_end").exists()


def test_what_cannot_wait_is_offered_by_name_and_stays_in_hand_until_it_is_taken(site, lee, okafor) -> None:
    now, later = task(site), task(site, level=Level.BY, due=EVENING + timedelta(days=3))
    owned = task(site, owner=okafor)
    tasks.take(now, by=lee, at=NOW, key=ids.new())
    row = closed(site, lee, okafor)
    assert (row.handed, row.stayed) == (2, 0)
    assert (state(now).owner, state(now).asked) == (lee, okafor)
    assert (state(later).asked, state(owned).asked) == (None, None)


def test_what_nobody_has_belongs_to_whoever_is_on_call_until_they_give_it_back(site, lee, okafor) -> None:
    one, asked = task(site), task(site)
    tasks.offer(asked, to=okafor, by=lee, at=NOW, key=ids.new())
    assert closed(site, lee, okafor).handed == 2
    assert (state(one).owner, state(asked).owner, state(one).given) == (okafor, okafor, True)
    with pytest.raises(Conflict, match="Somebody has it"):
        tasks.give(one, to=okafor, by=lee, at=EVENING, key=ids.new())
    client = signed_in(okafor)
    for language in ("en", "zh-hans"):
        client.cookies["__Host-language"] = language
        page = html.unescape(client.get(f"/tasks/{one.id}/", secure=True).content.decode())
        assert word("tasks.given_to_you", known(language)) in page
        assert 'value="take"' in page
    others = html.unescape(signed_in(lee).get("/tasks/", secure=True).content.decode())
    said = word("tasks.given_to", "en", name=okafor.display_name)
    assert (said in others, word("tasks.with", "en", name=okafor.display_name) in others) == (True, False)
    tasks.take(one, by=okafor, at=EVENING, key=ids.new())
    tasks.give_back(asked, text="not mine", by=okafor, at=EVENING, key=ids.new())
    assert (state(one).given, state(one).owner, state(asked).owner) == (False, okafor, None)


def test_people_are_called_about_what_was_given_until_it_is_taken(site, lee, okafor) -> None:
    theirs, nurse = task(site, kind=Kind.SUICIDE, level=Level.NOW), task(site, kind=Kind.SUICIDE, level=Level.NOW)
    closed(site, lee, okafor)
    assert state(theirs).owner == okafor
    reached(okafor)
    lay_down(site, [okafor], starts=EVENING, ends=None, by=okafor, at=EVENING, key=ids.new())
    paging.call_due(at=EVENING + timedelta(minutes=1))
    assert Call.objects.filter(task=theirs, called__result=NOTIFIED).exists()
    tasks.give_back(nurse, text="x", by=okafor, at=EVENING, key=ids.new())
    closed(site, okafor, lee, day=TODAY - timedelta(days=1))
    assert state(nurse).owner is None, "a nurse cannot close it"


def test_who_closes_and_is_on_call_has_the_tasks_themselves(site, lee) -> None:
    one = task(site)
    assert closed(site, lee, lee).handed == 1
    assert state(one).owner == lee


def test_who_closes_and_is_on_call_takes_nothing_out_of_the_hands_of_others(site, lee, okafor) -> None:
    theirs, suicide = task(site), task(site, kind=Kind.SUICIDE, level=Level.NOW, role=Role.PRESCRIBER)
    tasks.take(theirs, by=okafor, at=NOW, key=ids.new())
    row = closed(site, lee, lee)
    assert (row.handed, row.stayed) == (0, 2)
    assert (state(theirs).owner, state(suicide).owner) == (okafor, None), (
        "a nurse cannot close it: others are called on"
    )
    assert closed(site, okafor, okafor, day=TODAY - timedelta(days=1)).day < TODAY


def test_a_prescriber_who_closes_takes_an_answer_about_suicide(site, okafor) -> None:
    suicide = task(site, kind=Kind.SUICIDE, level=Level.NOW, role=Role.PRESCRIBER)
    assert closed(site, okafor, okafor).handed == 1
    assert state(suicide).owner == okafor


def test_a_task_that_the_one_on_call_may_not_see_stays_where_it_is(site, lee, okafor) -> None:
    one = task(site, permission=Permission.ASSESS_RISK, role=Role.PRESCRIBER)
    row = closed(site, okafor, lee)
    assert (row.handed, row.stayed, state(one).asked) == (0, 1, None)


def test_a_day_is_closed_once_and_a_double_click_does_nothing_twice(site, lee, okafor) -> None:
    task(site)
    key = ids.new()
    row = closed(site, lee, okafor, key=key)
    assert closed(site, lee, okafor, key=key) == row
    assert Entry.objects.filter(action="day_closed").count() == 1
    assert Entry.objects.filter(action="task_given").count() == 1
    with pytest.raises(Conflict, match="closed already"):
        closed(site, lee, okafor)


def test_what_changed_since_the_page_was_shown_is_noticed(site, lee, okafor) -> None:
    seen = queries.evening(site, TODAY, reader=lee, at=EVENING).digest
    task(site)
    with pytest.raises(Conflict, match="has changed"):
        closed(site, lee, okafor, seen=seen)
    assert not Closing.objects.exists()


@pytest.mark.parametrize("days", [-2, 1])
def test_only_today_and_yesterday_can_be_closed(site, lee, okafor, days) -> None:
    with pytest.raises(Refused, match="days just before"):
        closed(site, lee, okafor, day=TODAY + timedelta(days=days))
    assert closed(site, lee, okafor, day=TODAY - timedelta(days=1)).day == TODAY - timedelta(days=1)


def test_the_day_is_that_of_the_site(site, lee, okafor, visit) -> None:
    site.zone = "Pacific/Kiritimati"  # where it is the next day already
    assert queries.evening(site, TODAY, reader=lee, at=EVENING).visits == []
    assert len(queries.evening(site, TODAY + timedelta(days=1), reader=lee, at=EVENING).visits) == 1


def test_who_is_on_call_and_who_closes_treat_patients_there(site, lee, okafor, person) -> None:
    fay = person("fay", Role.FRONT_DESK)
    with pytest.raises(Refused, match="cannot be on call"):
        closed(site, lee, fay)
    with pytest.raises(Forbidden):
        closed(site, fay, lee)
    there = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    with pytest.raises(Forbidden):
        closed(there, lee, okafor)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_the_day_and_closes_it(site, person, okafor, visit, language) -> None:
    client = signed_in(person("mei", Role.NURSE))
    client.cookies["__Host-language"] = language
    task(site)
    page = client.get("/closing/", secure=True)
    day = page.context["today"].isoformat()
    said = html.unescape(page.content.decode())
    assert word("closing.title", known(language)) in said
    assert word("closing.called_by_rota", known(language)) in said
    assert "Okafor" in said
    told = {"site": site.id, "day": day, "seen": page.context["seen"], "key": ids.new()}
    wrong = client.post("/closing/", {**told, "on_call": "x"}, secure=True)
    assert wrong.status_code == 422
    assert not Closing.objects.exists()
    assert client.post("/closing/", {**told, "on_call": okafor.id}, secure=True).status_code == 302
    after = client.get(f"/closing/?day={day}", secure=True)
    assert after.context["closed"].on_call == okafor
    assert '<form method="post" class="stack">' not in after.content.decode()


def test_a_day_that_has_gone_by_since_the_page_was_shown_is_not_another(site, lee, okafor) -> None:
    client = signed_in(lee)
    told = {"site": site.id, "day": "2020-01-01", "seen": "", "key": ids.new(), "on_call": okafor.id}
    answer = client.post("/closing/", told, secure=True)
    assert answer.status_code == 422
    assert "days just before" in html.unescape(answer.content.decode())


def test_one_mail_goes_out_for_all_that_was_handed_over(site, lee, okafor, visit) -> None:
    reached(okafor)
    for _ in range(3):
        task(site)
    assert closed(site, lee, okafor).handed == 4, "with the one for the patient's language"
    assert [one.person for one in Message.objects.all()] == [okafor]


def test_nobody_is_written_to_about_nothing_or_about_what_they_took_themselves(site, lee, okafor) -> None:
    reached(lee, okafor)
    closed(site, lee, okafor, day=TODAY - timedelta(days=1))
    task(site)
    closed(site, lee, lee)
    assert not Message.objects.exists()


def test_forms_that_patients_of_the_day_have_not_answered_become_one_task(site, lee, okafor, visit, patient) -> None:
    told = {"mode": Mode.PHONE, "language": "en", "by": lee, "at": NOW}
    forms.ask(patient, PHQ, **told, key=ids.new())
    forms.ask(registered(site, okafor, number="B2", family_name="Other"), PHQ, **told, key=ids.new())
    page = html.unescape(signed_in(lee).get("/closing/", secure=True).content.decode())
    assert "No form waits" in page, "the visit is on another day"
    assert [one.patient for one in queries.evening(site, TODAY, reader=lee, at=EVENING).forms] == [patient]
    closed(site, lee, okafor)
    made = Task.objects.get(what="closing.forms_wait")
    assert (made.role, made.patient, made.due) == (Role.NURSE, None, datetime(2026, 11, 26, tzinfo=UTC))
    assert '"n": "1"' in made.values


def test_days_before_that_nobody_closed_are_shown_and_can_be_closed(site, lee, okafor, visit) -> None:
    now = datetime.now(UTC)
    while zones.day(now, site.zone) - TODAY < timedelta(days=3):
        now += timedelta(days=1)
    later = zones.day(now, site.zone)
    assert unclosed(site, later) == {TODAY: 1}
    with pytest.raises(Refused, match="earlier days"):
        closed(site, lee, okafor, day=TODAY - timedelta(days=1), at=now)
    closed(site, lee, okafor, at=now)
    assert unclosed(site, later) == {}
    assert unclosed(site, TODAY) == {}, "a day that is not over is not late"


def test_a_visit_that_was_moved_away_leaves_no_day_open(site, lee, visit) -> None:
    told = {"minutes": 60, "seen": 2, "by": lee, "at": NOW, "key": ids.new()}
    courses.move(visit, chair=standing(visit).chair, starts=NOW + timedelta(days=2), **told)
    assert unclosed(site, TODAY + timedelta(days=9)) == {TODAY + timedelta(days=2): 1}


def test_the_page_leads_to_the_day_that_nobody_closed_and_asks_little(
    site, lee, okafor, patient, django_assert_max_num_queries
) -> None:
    before = datetime.now(UTC) - timedelta(days=3)
    row = samples.make(patient, site, lee, starts=before)
    task(site, patient=patient)
    forms.ask(patient, PHQ, mode=Mode.PHONE, language="en", by=lee, at=NOW, key=ids.new())
    client, day = signed_in(lee), zones.day(before, site.zone)
    client.get("/closing/", secure=True)
    with django_assert_max_num_queries(15):
        page = client.get(f"/closing/?day={day}", secure=True)
    said = html.unescape(page.content.decode())
    assert f"?day={day}" in said
    assert f"/bookings/{row.id}/" in said
    assert "PHQ-9" in said
    told = {"site": site.id, "day": day, "seen": page.context["seen"], "key": ids.new(), "on_call": okafor.id}
    assert client.post("/closing/", told, secure=True).status_code == 302
    assert "Days with visits that nobody closed" not in client.get("/closing/", secure=True).content.decode()


def test_who_answers_is_seen_by_door_and_language_of_this_site_alone(site, lee, okafor, patient, person) -> None:
    for mode, language in ((Mode.LINK, "en"), (Mode.LINK, "en"), (Mode.PHONE, "zh-Hans")):
        row = forms.ask(patient, PHQ, mode=mode, language=language, by=okafor, at=NOW, key=ids.new())
    first = makers.form(PHQ, "zh-Hans").questions[0]
    forms.answer(row, first.id, first.options[0].value, by=okafor, at=NOW)
    forms.end(row, how=Ended.AS_FAR, by=okafor, at=NOW)
    gone = forms.ask(patient, PHQ, mode=Mode.PAPER, language="en", by=okafor, at=NOW, key=ids.new())
    forms.end(gone, how=Ended.WITHDRAWN, by=okafor, at=NOW)
    link, phone = coverage.of(site, TODAY, language="en")
    assert (link.language, link.asked, link.finished, link.as_far, link.waits) == ("English", 2, 0, 0, 2)
    assert (phone.asked, phone.as_far, phone.waits) == (1, 1, 0)
    assert coverage.of(site, TODAY - timedelta(days=40), language="en") == []
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    assert coverage.of(other, TODAY, language="en") == []
    every = {title: (doors, languages) for title, doors, languages in coverage.doors("en")}
    assert every[makers.form(PHQ, "en").title][0] == ["link", "tablet", "phone", "face to face", "paper"]
    assert any("link" not in doors for doors, _ in every.values())
    with_page = signed_in(lee).get("/closing/", secure=True, HTTP_ACCEPT_LANGUAGE="zh-Hans").content.decode()
    assert word("forms.coverage", "zh-Hans") in with_page
    assert signed_in(person("rae", Role.RESEARCHER)).get("/closing/", secure=True).status_code == 403
