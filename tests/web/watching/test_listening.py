"""Does somebody get called when no loud place listens to a treatment, and nobody when one does, or the clinic itself was gone?"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import signing

from daybreak.clinical.treatment.events import What
from daybreak.knowledge.watch import jump, silence
from daybreak.web import clock, ids, instant
from daybreak.web.cockpit import alarms as told
from daybreak.web.people.roles import Role
from daybreak.web.presence.models import Session as Browser
from daybreak.web.tasks.models import Call, Task
from daybreak.web.tasks.state import state
from daybreak.web.treatment import alarms, queries
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.watching import listening, sounds
from daybreak.web.watching.listening import Ear
from daybreak.web.watching.models import DESK, OWN, TABLET, Listening
from tests.web.conftest import NOW, browser, signed_in
from tests.web.treatment.steps import MINUTE, does, dosed

SECOND = timedelta(seconds=1)
_, LONGEST = silence()


def test_silence_counts_from_when_the_clock_listens(site) -> None:
    assert listening.unheard(at=NOW, since=NOW - LONGEST) == frozenset()
    assert listening.unheard(at=NOW, since=NOW - LONGEST - SECOND) == {site.pk}
    ear = Ear()
    looks = [(0, set()), (10, set()), (12, {site.pk}), (12 + jump().seconds + 1, set()), (30, set()), (42, {site.pk})]
    found = [(after, set(ear.unheard(at=NOW + after * SECOND))) for after, _ in looks]
    assert found == looks, "not from before it looked, nor across a time in which it stood still or was set back"


@pytest.mark.parametrize(("ago", "is_"), [(0, False), (10, False), (11, True), (-10, False), (-11, True)])
def test_a_site_is_heard_by_what_was_said_lately(site, ago, is_) -> None:
    listening.heard(site, at=NOW - ago * SECOND)
    assert (site.pk in listening.unheard(at=NOW, since=NOW - MINUTE)) is is_


def test_many_devices_write_one_row(site, django_assert_num_queries) -> None:
    listening.heard(site, at=NOW)
    with django_assert_num_queries(1):
        listening.heard(site, at=NOW + SECOND)
    listening.heard(site, at=NOW + 2 * SECOND)
    assert [one.at for one in Listening.objects.all()] == [NOW + 2 * SECOND]


def look(session, at, *, unheard=True):
    alarms.look_after(at=at, unheard={session.site_id} if unheard else set())
    return queries.now(Session.objects.get(pk=session.pk))


def called(session):
    return [
        (one.role, one.what, state(one).open) for one in Task.objects.filter(patient=session.patient).order_by("id")
    ]


def test_a_treatment_that_nobody_hears_calls_somebody_at_once(session, nurse, noon) -> None:
    look(session, noon)
    assert called(session) == [], "before the first dose nobody has to listen"
    at = dosed(session, nurse, noon)
    for _ in range(2):
        now = look(session, at)
    (one,) = told.standing(now)
    assert (one.id, one.level) == (alarms.UNHEARD, "caution")
    assert told.said(one.id, one.told, "en").startswith("No loud place listens")
    assert called(session) == [("nurse", "treatment.task_unheard", True)]
    assert Call.objects.filter(task__what="treatment.task_unheard").exists()
    assert told.standing(look(session, at + MINUTE, unheard=False)) == [], (
        "somebody listens again: nobody has to see to it"
    )
    assert called(session) == [("nurse", "treatment.task_unheard", False)]
    look(session, at + 2 * MINUTE, unheard=False)
    assert SessionEvent.objects.filter(session=session, told__contains=alarms.UNHEARD).count() == 2
    assert [one.id for one in told.standing(look(session, at + 3 * MINUTE))] == [alarms.UNHEARD]


def test_whoever_has_seen_to_it_is_left_alone_for_a_while(session, nurse, noon) -> None:
    at = dosed(session, nurse, noon)
    look(session, at)
    alarms.acknowledge(session, alarms.UNHEARD, within=5, by=nurse, at=at, key=ids.new())
    assert called(session) == [("nurse", "treatment.task_unheard", False)]
    (one,) = told.standing(look(session, at + 4 * MINUTE))
    assert one.seen
    (one,) = told.standing(look(session, at + 6 * MINUTE))
    assert one.seen is None
    assert told.standing(look(session, at + 7 * MINUTE, unheard=False)) == []


def test_an_alarm_that_nobody_hears_does_not_wait_for_the_next_role(session, nurse, noon) -> None:
    at = dosed(session, nurse, noon)
    low = {"row": "pressure", "value": {"systolic": "119", "diastolic": "80"}}
    high = {"row": "pressure", "value": {"systolic": "190", "diastolic": "80"}}
    does(session, What.CHECK, nurse, at, **low)
    look(session, at)
    assert len(called(session)) == 1
    does(session, What.CHECK, nurse, at + MINUTE, **high)
    assert called(session)[1:] == [("nurse", "treatment.task_alarm", True)]
    alarms.unwatched(at - 60 * MINUTE, at=at + MINUTE)
    assert len(called(session)) == 3


def device(client) -> str:
    """A browser in which somebody signed in before."""
    known = {"id": str(ids.new()), "names": [], "last": None}
    client.cookies[settings.DEVICE_COOKIE_NAME] = signing.dumps(known, salt="device")
    return known["id"]


def says(client, site, **other):
    return client.post("/today/hears/", {"site": str(site.id), "state": "running"} | other, secure=True)


def test_the_page_of_today_listens_from_a_device_that_was_heard(site, chair, person) -> None:
    lee = person("lee", Role.NURSE)
    client, at = signed_in(lee), {"site": str(site.id), "state": "running"}
    assert says(client, site).status_code == 409, "whoever is in a browser that nobody knows"
    device(client)
    assert says(client, site).status_code == 409
    for place, heard, status in [(TABLET, "yes", 409), (DESK, "yes", 204), (DESK, "no", 409), (OWN, "yes", 204)]:
        sent = at | {"place": place, "heard": heard, "key": str(ids.new())}
        assert client.post("/sound/", sent, secure=True).status_code == 302
        shown = client.get("/today/", secure=True).content.decode()
        assert (says(client, site).status_code, "data-hears=" in shown) == (status, status == 204)
        if status == 409:
            assert not Listening.objects.exists()
        Listening.objects.all().delete()
    assert says(client, site, state="suspended").status_code == 409
    assert not Listening.objects.exists()
    other = signed_in(lee)
    device(other)
    assert says(other, site).status_code == 409, "another device was not heard"
    assert says(client, site).status_code == 204
    (row,) = Listening.objects.all()
    assert abs(datetime.now(UTC) - row.at) < MINUTE, "by the clock of the machine, as the heartbeat"
    assert says(signed_in(person("ray", Role.RESEARCHER)), site).status_code == 403
    assert says(browser(), site).status_code == 302


def test_it_listens_behind_the_lock_without_a_pin(site, person) -> None:
    lee = person("lee", Role.NURSE)
    client = signed_in(lee, locked=True)
    sign = device(client)
    test = {"heard": True, "state": "running", "by": lee, "at": instant.now(), "key": ids.new()}
    sounds.tested(site, DESK, **test, device=hashlib.sha256(sign.encode()).hexdigest()[:16])
    assert says(client, site).status_code == 204
    assert Browser.objects.get(person=lee).get_decoded()["locked"] is True


def test_the_clock_asks_who_listens_and_a_demo_does_not(session, nurse, noon, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(alarms, "look_after", lambda at, unheard=(): asked.append(set(unheard)))
    ear = Ear()
    monkeypatch.setattr(ear, "unheard", lambda at: frozenset({session.site_id}))
    clock.watch(ear)
    monkeypatch.setattr(instant, "played", lambda: True)
    clock.watch(ear)
    assert asked == [{session.site_id}, set()]
