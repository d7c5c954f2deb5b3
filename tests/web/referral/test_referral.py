"""Is a referral kept, looked at in time, and never more told of it than the patient agreed to?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from daybreak.knowledge.reach import risk_level, within
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.forms.models import Sitting
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import LookAlike
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import queries as reached
from daybreak.web.reach.models import Outsider
from daybreak.web.referral import actions, queries
from daybreak.web.referral.models import ENDS, Door, Event, Referral, What
from daybreak.web.referral.state import state
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening.actions import waits
from daybreak.web.tasks import queries as task_queries
from daybreak.web.tasks import suicide
from daybreak.web.tasks.actions import assess, close
from daybreak.web.tasks.models import Call, Kind, Level, Task
from daybreak.web.tasks.state import state as task_state
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.referral.conftest import does, receive
from tests.web.referral.samples import TOLD


def accepted(referral, nurse) -> Patient:
    patient = actions.make_patient(
        referral, number="77", not_these=[], seen=len(state(referral).events), by=nurse, at=NOW, key=ids.new()
    )
    does(referral, What.ACCEPTED, nurse)
    return patient


def test_a_referral_is_kept_with_the_task_to_look_at_it(site, nurse, desk) -> None:
    key = ids.new()
    row = receive(site, key=key)
    assert receive(site, key=key) == row
    assert Referral.objects.count() == Outsider.objects.count() == 1
    task = Task.objects.get()
    assert (task.kind, task.level, task.due - NOW) == (Kind.REFERRAL, Level.BY, within("referral"))
    for someone in (nurse, desk):
        assert task in task_queries.visible(someone, at=NOW)
    line = Entry.objects.get(action="referral_received")
    assert (line.who, line.site) == (None, site.id)
    with pytest.raises(Conflict):
        receive(site, key=key, why="something else")


def test_an_urgent_one_is_for_today(site) -> None:
    receive(site, urgent="yes")
    task = Task.objects.get()
    assert (task.level, task.due - NOW, task.what) == (Level.TODAY, within("referral-urgent"), "referral.task_urgent")


@pytest.mark.parametrize("said", ["yes", "not_known", "no"])
def test_a_stated_risk_calls_as_every_suicide_answer_does(site, person, said) -> None:
    row = receive(site, risk=said)
    found = Task.objects.filter(kind=Kind.SUICIDE).first()
    if (level := risk_level(said)) is None:
        assert found is None
        return
    assert (found.level, found.role, found.where) == (level, Role.PRESCRIBER, f"/referrals/{row.id}/")
    assert bool(Call.objects.filter(task=found)) is (level == "now"), "what is now pages"
    doctor = person("okafor", Role.PRESCRIBER)
    with pytest.raises(Refused, match="assessment"):
        close(found, result="done", text="", by=doctor, at=NOW, key=ids.new())
    does(row, What.NO_RESPONSE, doctor)
    assert task_state(found).open, "the end of the referral does not end it"


def test_a_stated_risk_stands_with_the_patient_and_no_treatment_is_decided_before_it(site, nurse, person) -> None:
    doctor, row = person("okafor", Role.PRESCRIBER), receive(site, risk="yes")
    task = Task.objects.get(kind=Kind.SUICIDE)
    patient = actions.make_patient(row, number="77", not_these=[], seen=0, by=nurse, at=NOW, key=ids.new())
    assert suicide.open_for(patient.id) == task
    assert waits(patient, language="en").id == "screening.suicide_open"
    for where in (f"/patients/{patient.id}/", f"/patients/{patient.id}/screening/"):
        assert f"/tasks/{task.id}/" in signed_in(doctor).get(where, secure=True).content.decode(), where
    assert "Keller, Anna" in signed_in(doctor).get(f"/tasks/{task.id}/", secure=True).content.decode()
    assess(task, assessment="Seen today.", plan="Calls tomorrow.", by=doctor, at=NOW, key=ids.new())
    assert waits(patient, language="en") is None


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"from_name": ""}, "referral.needs_referrer"),
        ({"from_role": "priest"}, "referral.needs_referrer"),
        ({"from_phone": "", "from_email": ""}, "referral.needs_their_way"),
        ({"from_email": "nobody"}, "outbox.no_address"),
        ({"from_language": "fr"}, "error.bad_request"),
        ({"family_name": ""}, "referral.needs_name"),
        ({"birth": ""}, "referral.needs_birth"),
        ({"birth": "1971-02-30"}, "referral.needs_birth"),
        ({"birth": "2031-01-01"}, "patients.birth_in_future"),
        ({"phone": "", "email": ""}, "referral.needs_way"),
        ({"why": ""}, "referral.needs_why"),
        ({"risk": ""}, "referral.needs_risk"),
        ({"agreed": ""}, "referral.needs_agreed"),
        ({"tried": "x" * 4001}, "patients.too_long"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(site, told, says) -> None:
    with pytest.raises(Wrong) as wrong:
        receive(site, **told)
    assert says in [one.id for one in wrong.value.problems]
    assert Referral.objects.count() == Outsider.objects.count() == Task.objects.count() == 0


def test_a_closed_site_takes_none(site) -> None:
    Site.objects.filter(pk=site.pk).update(closed=NOW)
    with pytest.raises(Refused, match="closed"):
        receive(site)


def test_staff_type_in_what_came_by_fax(site, desk) -> None:
    client = signed_in(desk)
    told = {**TOLD, "site": site.id, "key": ids.new()}
    refused = client.post("/referrals/new/", {**told, "door": "web"}, secure=True)
    assert refused.status_code == 422
    assert "Choose how it came" in refused.content.decode()
    assert 'value="Keller"' in refused.content.decode()
    answer = client.post("/referrals/new/", {**told, "door": "fax"}, secure=True)
    row = Referral.objects.get()
    assert (answer["Location"], row.by, row.door) == (f"/referrals/{row.id}/", desk, Door.FAX)
    page = client.get(f"/referrals/{row.id}/", secure=True).content.decode()
    assert "By fax" in page
    assert "Two medicines" not in page, "the front desk does not read what somebody has"


def test_who_may_not_register_patients_types_in_none(site, person) -> None:
    with pytest.raises(Forbidden):
        receive(site, by=person("phil", Role.PHARMACIST), door=Door.PHONE)


def test_of_another_site_there_is_none(referral, site, person) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    stranger = person("sam", Role.NURSE, at_site=other)
    client = signed_in(stranger)
    assert client.get(f"/referrals/{referral.id}/", secure=True).status_code == 404
    assert client.post(f"/referrals/{referral.id}/", {"key": ids.new()}, secure=True).status_code == 404
    assert "Keller" not in client.get("/referrals/", secure=True).content.decode()
    with pytest.raises(Forbidden):
        does(referral, What.LOOKED, stranger)


def test_who_looks_after_it_has_the_task(referral, nurse, person) -> None:
    does(referral, What.LOOKED, nurse)
    task = Task.objects.get()
    assert task_state(task).owner == nurse
    does(referral, What.LOOKED, person("kim", Role.NURSE))
    assert task_state(task).owner == nurse, "nobody takes it away by looking"
    assert "Lee" in signed_in(nurse).get("/referrals/", secure=True).content.decode()


def test_it_becomes_a_patient_with_the_referrer_and_the_way_to_reach_them(referral, nurse) -> None:
    key = ids.new()
    told = {"number": "77", "not_these": [], "seen": 0, "by": nurse, "at": NOW, "key": key}
    patient = actions.make_patient(referral, **told)
    assert actions.make_patient(referral, **told) == patient
    assert state(referral).patient == patient
    (outsider,) = reached.outsiders(patient.id)
    assert (outsider.name, outsider.may_tell, outsider.root) == ("Dr. Rivera", "yes", referral.outsider.root)
    reach = reached.reach(patient.id)
    assert (reach.phone, reach.may_write) == ("555-0101", ""), "what a referrer says is no consent"
    assert Event.objects.count() == 1


def test_a_look_alike_is_told_apart_first(referral, site, nurse) -> None:
    alike = registered(site, nurse)
    with pytest.raises(LookAlike):
        accepted(referral, nurse)
    client = signed_in(nurse)
    here = f"/referrals/{referral.id}/"
    assert str(alike.id) in client.get(here, secure=True).content.decode()
    told = {"do": "register", "number": "77", "seen": "0", "key": ids.new()}
    page = client.post(here, told, secure=True)
    assert page.status_code == 409
    assert f'name="not" value="{alike.id}"' in page.content.decode()
    assert client.post(here, {**told, "not": alike.id}, secure=True).status_code == 302
    assert state(referral).patient.id != alike.id


def test_it_is_about_somebody_who_is_known(referral, site, nurse, person) -> None:
    known = registered(site, nurse)
    client = signed_in(nurse)
    told = {"do": "belongs", "patient": known.id, "seen": "0"}
    for _ in range(2):
        assert client.post(f"/referrals/{referral.id}/", told, secure=True).status_code == 302
    assert state(referral).patient == known
    another = registered(site, nurse, number="49", family_name="Berg")
    with pytest.raises(Conflict, match="another patient"):
        actions.belongs_to(referral, another, seen=1, by=nurse, at=NOW)
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    elsewhere = registered(other, nurse, number="1", family_name="Fern")
    with pytest.raises(Refused, match="no patient of the site"):
        actions.belongs_to(receive(site), elsewhere, seen=0, by=nurse, at=NOW)
    gone = {"do": "belongs", "patient": elsewhere.id, "seen": "0"}
    assert client.post(f"/referrals/{receive(site).id}/", gone, secure=True).status_code == 422


def test_the_intake_is_asked_for_and_leads_to_the_form(referral, nurse) -> None:
    client = signed_in(nurse)
    here = f"/referrals/{referral.id}/"
    with pytest.raises(Refused, match="Register the patient"):
        does(referral, What.INTAKE, nurse)
    actions.make_patient(referral, number="77", not_these=[], seen=0, by=nurse, at=NOW, key=ids.new())
    told = {"do": "intake", "seen": "1", "key": ids.new()}
    first, again = (client.post(here, told, secure=True) for _ in range(2))
    sitting = Sitting.objects.get()
    assert first["Location"] == again["Location"] == f"/patients/{sitting.patient_id}/forms/{sitting.id}/"
    assert client.get(first["Location"], secure=True).status_code == 200
    assert state(referral).step is What.INTAKE


def test_how_far_it_came_does_not_go_back(referral, nurse) -> None:
    does(referral, What.CONTACTED, nurse)
    does(referral, What.TRIED, nurse)
    assert state(referral).step is What.CONTACTED


@pytest.mark.parametrize("what", ENDS)
def test_it_ends_once_and_its_task_with_it(referral, nurse, what) -> None:
    if what is What.ACCEPTED:
        accepted(referral, nurse)
    else:
        does(referral, what, nurse, text="why")
    assert not task_state(Task.objects.get(kind=Kind.REFERRAL)).open
    with pytest.raises(Conflict, match="has ended"):
        does(referral, What.NOTE, nurse, text="late")
    last = Event.objects.filter(referral=referral).order_by("seq").last()
    last.pk, last.seq, last.what = ids.new(), 99, What.DUPLICATE
    with pytest.raises(IntegrityError), transaction.atomic():
        last.save(force_insert=True)
    assert referral not in queries.waiting(nurse, at=NOW)
    assert referral in queries.over(nurse, at=NOW)


def test_its_task_is_not_called_done_without_it(referral, nurse) -> None:
    with pytest.raises(Refused, match="referral has ended"):
        close(Task.objects.get(), result="done", text="", by=nurse, at=NOW, key=ids.new())


def test_the_front_desk_judges_nothing(referral, desk, nurse) -> None:
    actions.make_patient(referral, number="77", not_these=[], seen=0, by=nurse, at=NOW, key=ids.new())
    for what in actions.JUDGES:
        with pytest.raises(Forbidden):
            does(referral, what, desk, text="no")
    does(referral, What.CONTACTED, desk)
    page = signed_in(desk).get(f"/referrals/{referral.id}/", secure=True).content.decode()
    assert 'value="declined"' not in page
    assert 'value="contacted"' in page


def test_what_somebody_else_did_meanwhile_is_noticed(referral, nurse, desk) -> None:
    key = ids.new()
    first = does(referral, What.CONTACTED, desk, seen=0, key=key)
    assert does(referral, What.CONTACTED, desk, seen=0, key=key) == first
    with pytest.raises(Conflict, match="Dot did something"):
        does(referral, What.NO_RESPONSE, nurse, seen=0)
    told = {"do": "no_response", "text": "three calls", "seen": "0", "key": ids.new()}
    answer = signed_in(nurse).post(f"/referrals/{referral.id}/", told, secure=True)
    assert answer.status_code == 409
    assert "three calls" in answer.content.decode(), "what was typed is not lost"


@pytest.mark.parametrize(("do", "status"), [("nothing", 422), ("patient", 422), ("note", 422), ("looked", 302)])
def test_what_is_no_act_is_refused(referral, nurse, do, status) -> None:
    told = {"do": do, "seen": "0", "key": ids.new()}
    assert signed_in(nurse).post(f"/referrals/{referral.id}/", told, secure=True).status_code == status
    assert signed_in(nurse).post(f"/referrals/{referral.id}/", {**told, "seen": "x"}, secure=True).status_code == 400


def test_a_second_referral_of_the_same_person_is_noticed(referral, site, nurse) -> None:
    again = receive(site, given_names="Annie", from_name="Dr. Moss")
    other = receive(site, family_name="Berg", given_names="Bo")
    assert queries.same_person(again) == [referral]
    assert queries.same_person(other) == []
    page = signed_in(nurse).get(f"/referrals/{again.id}/", secure=True).content.decode()
    assert "Perhaps the same person was referred before" in page


def test_a_note_is_for_those_who_treat(referral, nurse, desk) -> None:
    does(referral, What.NOTE, nurse, text="sounds very unwell")
    assert "very unwell" in signed_in(nurse).get(f"/referrals/{referral.id}/", secure=True).content.decode()
    assert "very unwell" not in signed_in(desk).get(f"/referrals/{referral.id}/", secure=True).content.decode()


def test_the_list_costs_the_same_for_many(site, nurse, django_assert_max_num_queries) -> None:
    client = signed_in(nurse)
    for n in range(30):
        receive(site, family_name=f"Person{n}", from_email="")
    with django_assert_max_num_queries(18):  # with those of the savepoints of the tests
        page = client.get("/referrals/", secure=True).content.decode()
    assert page.count("/referrals/0") == 30


def test_what_came_in_stays(referral) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE referral_referral SET why = 'x'")
    assert Referral.objects.get().why == TOLD["why"]


def test_urgent_ones_come_first(site, nurse) -> None:
    receive(site)
    urgent = receive(site, urgent="yes", family_name="Berg")
    assert queries.waiting(nurse, at=NOW + timedelta(days=1))[0] == urgent


def test_it_is_told_in_both_languages(referral, nurse) -> None:
    client = signed_in(nurse)
    client.cookies["__Host-language"] = "zh-hans"
    assert "已收到" in client.get(f"/referrals/{referral.id}/", secure=True).content.decode()
