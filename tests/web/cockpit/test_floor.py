"""Does the floor show every chair as it stands, and to each only what they may know?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web.cockpit import floor
from daybreak.web.people.roles import Role
from tests.web.cockpit.samples import happened
from tests.web.conftest import signed_in
from tests.web.treatment.steps import MINUTE, does, dosed


@pytest.fixture
def dosing(session, nurse, noon):
    dosed(session, nurse, noon)
    return session


def tile(session, at):
    (found,) = [one for one in floor.tiles(session.site_id, [], at=at, language="en") if one.session == session.id]
    return found


def test_a_chair_without_a_session_is_free_and_keeps_its_place(site, chair) -> None:
    (found,) = floor.tiles(site.id, [chair], at=chair.created, language="en")
    assert (found.state, found.session, found.big, found.arcs) == ("free", None, "", ())


def test_a_tile_says_phase_time_and_what_is_due(dosing, noon) -> None:
    found = tile(dosing, noon + 60 * MINUTE)
    assert (found.phase, found.big, found.sub) == ("observing", "1:00", "after dose")
    assert found.pressure == "120/80"
    assert tile(dosing, noon + 20 * MINUTE).minor.count("20 min") == 2, "no number without its age"
    assert found.late
    assert "late" in found.next
    assert found.who.startswith("AK · ")


def test_the_ring_goes_round_with_the_watch(dosing, noon) -> None:
    lengths = [tile(dosing, noon + minutes * MINUTE).arcs[-1].length for minutes in (30, 60, 120, 180)]
    assert lengths == [48.0, 96.0, 192.0, 192.0]
    assert [one.kind for one in tile(dosing, noon + 30 * MINUTE).arcs] == ["past", "past", "live"]


def test_an_alarm_stands_out_until_it_ends_and_an_emergency_most(dosing, nurse, noon) -> None:
    at = noon + 20 * MINUTE
    assert tile(dosing, at).state == "calm"
    happened(dosing, What.ALARM_RAISED, nurse, at, alarm="systolic.above", level="caution", value="165")
    assert (tile(dosing, at).state, tile(dosing, at).unseen) == ("caution", False)
    assert "165" in tile(dosing, at).next
    happened(dosing, What.ALARM_RAISED, nurse, at, alarm="spo2.below", level="alarm", value="88")
    assert tile(dosing, at).state == "alarm"
    assert "88" in tile(dosing, at).next, "the loudest first"
    assert tile(dosing, at).unseen
    happened(dosing, What.ALARM_ACKNOWLEDGED, nurse, at, alarm="spo2.below", did="the probe had slipped")
    assert (tile(dosing, at).state, tile(dosing, at).unseen) == ("alarm", False), "seen to: open, and heard no more"
    for one in ("spo2.below", "systolic.above"):
        happened(dosing, What.ALARM_RESOLVED, nurse, at, alarm=one)
    assert tile(dosing, at).state == "calm"
    does(dosing, What.EMERGENCY_OPENED, nurse, at)
    assert (tile(dosing, at).state, tile(dosing, at).phase) == ("alarm", "Emergency")


def test_without_a_known_end_the_ring_promises_nothing(dosing, noon, monkeypatch) -> None:
    monkeypatch.setattr(floor, "watch_until", lambda *_: None)
    assert tile(dosing, noon + 30 * MINUTE).arcs[-1].length == 96.0
    assert tile(dosing, noon + 90 * MINUTE).arcs[-1].length == 96.0


def test_the_front_desk_sees_the_phase_and_nothing_that_was_measured(dosing, nurse, desk, noon) -> None:
    address = "/today/"
    own = signed_in(nurse).get(address, secure=True).content.decode()
    assert "120/80" in own
    assert f"/sessions/{dosing.id}/cockpit/" in own
    theirs = signed_in(desk).get(address, secure=True).content.decode()
    assert "observing" in theirs
    assert "120/80" not in theirs
    assert "/sessions/" not in theirs


def test_behind_the_lock_the_rooms_stay_and_nothing_else(dosing, nurse, patient, noon) -> None:
    client = signed_in(nurse, locked=True)
    said = client.get("/today/", secure=True).content.decode()
    for shown in (f'id="tile-{dosing.id}"', "120/80", "data-watch ", "/today/help/", "/unlock/?next=/today/"):
        assert shown in said
    for hidden in ("Keller", "Lou", "veil", "/calendar/"):
        assert hidden not in said
    assert client.get("/today/stream/", secure=True)["Content-Type"] == "text/event-stream"
    assert client.get("/calendar/", secure=True).status_code == 302, "everything else is shut"
    open_ = signed_in(nurse)
    said = open_.get("/today/", secure=True).content.decode()
    assert "Keller" in said
    for page, onward in (("/today/", "/today/"), ("/tasks/", "/unlock/?next=/tasks/"), ("//x/today/", "/unlock/")):
        assert signed_in(nurse).post("/lock/", {"next": page}, secure=True)["Location"].startswith(onward)


def test_the_floor_asks_as_much_for_many_chairs_as_for_one(dosing, nurse, django_assert_max_num_queries) -> None:
    client = signed_in(nurse)
    client.get("/today/", secure=True)
    with django_assert_max_num_queries(25):
        client.get("/today/", secure=True)


def test_who_may_listen_to_the_floor(site, person, desk) -> None:
    assert signed_in(desk).get(f"/today/stream/?site={site.id}", secure=True).status_code == 200
    assert signed_in(person("ray", Role.RESEARCHER)).get("/today/stream/", secure=True).status_code == 403


def test_ages_are_said_in_minutes_and_hours() -> None:
    from daybreak.web.cockpit.vitals import age

    assert [age(timedelta(minutes=n), "en") for n in (-3, 0.5, 59, 60, 135)] == [
        "0 min",
        "0 min",
        "59 min",
        "1:00 h",
        "2:15 h",
    ]
