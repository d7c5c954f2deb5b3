"""Does the heartbeat tell that nobody looks after treatments, and is a sound heard only where a browser let it out?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.knowledge.watch import silence
from daybreak.web import clock, ids, instant
from daybreak.web.audit.models import Entry
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.treatment import alarms
from daybreak.web.watching import beats, sounds
from daybreak.web.watching.listening import Ear
from daybreak.web.watching.models import DESK, OWN, TABLET, Beat, SoundTest
from tests.web.conftest import NOW, browser, signed_in

MOST, _ = silence()
SECOND = timedelta(seconds=1)


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.mark.parametrize(("beaten", "told"), [(None, [None]), (-31, [-31]), (31, [31]), (-25, []), (25, [])])
def test_a_clock_that_stood_still_or_was_set_tells_every_treatment(db, monkeypatch, beaten, told) -> None:
    found = []
    monkeypatch.setattr(alarms, "unwatched", lambda since, at: found.append((since, at)))
    monkeypatch.setattr(alarms, "look_after", lambda at, **_: None)
    if beaten is not None:
        beats.beat(at=datetime.now(UTC) + beaten * SECOND)
    clock.watch(Ear())
    assert [since and round((since - at).total_seconds()) for since, at in found] == told
    found.clear()
    monkeypatch.setattr(instant, "played", lambda: True)
    clock.watch(Ear())
    assert found == [], "the clock of a demo stands still while nobody runs it"


def heard(site, by, **other):
    told = {
        "place": DESK,
        "heard": True,
        "state": "running",
        "device": None,
        "by": by,
        "at": NOW,
        "key": ids.new(),
    } | other
    return sounds.tested(site, **told)


def test_the_heart_beats_while_the_clock_looks_after_treatments(db) -> None:
    assert not beats.beating(at=NOW)
    beats.beat(at=NOW)
    assert [beats.beating(at=NOW + one) for one in (MOST, MOST + SECOND, -MOST - SECOND)] == [True, False, False]
    beats.beat(at=NOW + 2 * MOST)
    assert beats.beating(at=NOW + 2 * MOST)
    assert Beat.objects.count() == 1


def test_anybody_hears_it_and_it_says_one_word(db) -> None:
    assert browser().get("/beat/", secure=True).content == b"silent\n"
    beats.beat(at=datetime.now(UTC))
    answer = browser().get("/beat/", secure=True)
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"monitoring\n", "no-store")


def test_the_clock_beats_only_when_it_looked_after_them(db, monkeypatch) -> None:
    stop = threading.Event()
    stop.set()
    monkeypatch.setattr(clock, "close_old_connections", lambda: None)
    with monkeypatch.context() as broken:
        broken.setattr(alarms, "look_after", lambda at, **_: 1 / 0)
        clock.mind(stop)
        assert not Beat.objects.exists()
    clock.mind(stop)
    assert beats.beating(at=datetime.now(UTC))


def test_a_sound_is_heard_where_the_browser_let_it_out(site, nurse, person) -> None:
    row = heard(site, nurse)
    assert sounds.since(site.id, NOW) == [row]
    assert sounds.since(site.id, NOW + SECOND) == []
    assert Entry.objects.get(action="sound_tested").who == nurse.id
    for state in ("suspended", ""):
        with pytest.raises(Refused, match="let no sound out"):
            heard(site, nurse, state=state)
    assert heard(site, nurse, heard=False, state="suspended").heard is False
    with pytest.raises(Refused, match="where this device is"):
        heard(site, nurse, place="cellar")
    with pytest.raises(Forbidden):
        heard(site, person("rae", Role.RESEARCHER))
    key = ids.new()
    assert heard(site, nurse, key=key) == heard(site, nurse, key=key)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SoundTest.objects.update(heard=True)


@pytest.mark.parametrize(
    ("tests", "is_"),
    [
        ([], False),
        ([(TABLET, True, 1)], False),
        ([(DESK, True, 1)], True),
        ([(OWN, True, 1)], True),
        ([(DESK, True, 2), (DESK, False, 1)], False),
        ([(DESK, False, 2), (DESK, True, 1)], True),
        ([(DESK, False, 1), (OWN, True, 2)], True),
        ([(DESK, True, 24)], False),
    ],
)
def test_a_site_is_heard_by_the_newest_test_of_a_loud_place_of_its_day(site, person, tests, is_) -> None:
    kim = person("kim", Role.NURSE, at=NOW - timedelta(days=9))
    for place, heard, hours in tests:
        told = {
            "heard": heard,
            "state": "running",
            "device": None,
            "by": kim,
            "at": NOW - timedelta(hours=hours),
            "key": ids.new(),
        }
        sounds.tested(site, place, **told)
    assert sounds.heard(site, at=NOW) is is_


def test_the_page_keeps_what_was_heard(site, nurse, django_assert_max_num_queries) -> None:
    client = signed_in(nurse)
    with django_assert_max_num_queries(15):
        page = client.get("/sound/", secure=True).content.decode()
    assert "Nobody has tested the sound here today" in page
    assert 'data-within="5"' in page
    sent = {"site": str(site.id), "place": DESK, "heard": "yes", "state": "suspended", "key": str(ids.new())}
    assert client.post("/sound/", sent, secure=True).status_code == 422
    assert client.post("/sound/", sent | {"state": "running"}, secure=True).status_code == 302
    assert "verdict-met" in client.get("/sound/", secure=True).content.decode()
    assert client.post("/sound/", sent | {"heard": "no", "key": str(ids.new())}, secure=True).status_code == 302
    assert "verdict-not-met" in client.get("/sound/", secure=True).content.decode()
