"""Does a display show chairs and phases and nothing about anybody, stay on, and end when it is ended?"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import signing

from daybreak.web import ids, instant
from daybreak.web.cockpit import walls
from daybreak.web.links.models import WALL, Link
from daybreak.web.people.models import Room, Site
from daybreak.web.people.roles import Role
from daybreak.web.watching import sounds
from daybreak.web.watching.models import DESK, Listening
from tests.web.conftest import NOW, signed_in
from tests.web.treatment.steps import dosed


@pytest.fixture
def dosing(session, nurse, noon):
    dosed(session, nurse, noon)
    return session


def opened(person, **form):
    """A browser that is a display from now on."""
    client = signed_in(person)
    answer = client.post("/walls/", {"key": str(ids.new()), "do": "open", **form}, secure=True)
    assert answer.status_code == 302, answer.content
    return client


def test_a_display_shows_phases_and_nothing_about_anybody(dosing, desk, site) -> None:
    client = opened(desk)
    said = client.get("/wall/", secure=True).content.decode()
    assert "observing" in said
    for hidden in ("AK · ", "Keller", "Anna", "120/80", "/sessions/", "SpO", "suicid"):
        assert hidden not in said
    assert client.get("/today/", secure=True).status_code == 302, "whoever opened it is signed out"
    assert client.get("/wall/stream/", secure=True)["Content-Type"] == "text/event-stream"


def test_it_says_that_there_is_an_alarm_and_not_which(dosing, nurse, desk, noon) -> None:
    from daybreak.clinical.treatment.events import What
    from tests.web.cockpit.samples import happened

    client = opened(desk)
    happened(dosing, What.ALARM_RAISED, nurse, noon, alarm="systolic.above", level="alarm", value="190")
    said = client.get("/wall/", secure=True).content.decode()
    assert "tile-alarm" in said
    assert "190" not in said


def test_it_listens_for_its_site_from_a_device_that_was_heard(session, desk, site) -> None:
    sounded = {"state": "running", "heard": True, "by": desk, "at": instant.now(), "key": ids.new()}
    for room, status in (("", 204), (str(session.chair.room_id), 404)):
        client = opened(desk, room=room)
        assert client.post("/wall/hears/", {"state": "running"}, secure=True).status_code in (404, 409)
        known = {"id": "at the desk", "names": [], "last": None}
        client.cookies[settings.DEVICE_COOKIE_NAME] = signing.dumps(known, salt="device")
        sounds.tested(site, DESK, **sounded, device=hashlib.sha256(b"at the desk").hexdigest()[:16])
        said = client.get("/wall/", secure=True).content.decode()
        assert ('data-hears="/wall/hears/"' in said) is (status == 204), "of one room it sounds for that room"
        assert client.post("/wall/hears/", {"state": "running"}, secure=True).status_code == status
        assert client.get("/wall/hears/", secure=True).status_code == 404
    assert Listening.objects.get().site_id == site.pk


def test_it_does_not_lock_and_is_no_way_in(dosing, desk) -> None:
    client = opened(desk)
    said = client.get("/wall/", secure=True).content.decode()
    assert "veil" not in said
    for address in (f"/sessions/{dosing.id}/cockpit/", "/today/", "/walls/", "/me/"):
        assert client.get(address, secure=True).status_code == 302


def test_whoever_ends_it_makes_it_dark(dosing, desk, nurse) -> None:
    client = opened(desk)
    link = Link.objects.get(purpose=WALL)
    page = signed_in(nurse).get("/walls/", secure=True).content.decode()
    assert str(link.id) in page
    assert signed_in(nurse).post("/walls/", {"do": "end", "wall": str(link.id)}, secure=True).status_code == 302
    assert client.get("/wall/", secure=True).status_code == 404
    assert client.get("/wall/stream/", secure=True).status_code == 404
    assert "No display is open" in signed_in(nurse).get("/walls/", secure=True).content.decode()


def test_one_of_a_room_shows_that_room(dosing, desk, site) -> None:
    common = {"organisation_id": site.organisation_id, "created": NOW, "site": site}
    other = Room.objects.create(id=ids.new(), name="Attic", **common)
    said = opened(desk, room=str(other.id)).get("/wall/", secure=True).content.decode()
    assert "Attic" in said
    assert "observing" not in said
    assert "observing" in opened(desk, room=str(dosing.chair.room_id)).get("/wall/", secure=True).content.decode()


def test_no_display_of_another_site(desk, site, person) -> None:
    there = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    room = Room.objects.create(id=ids.new(), name="Deck", site=there, organisation_id=site.organisation_id, created=NOW)
    wrong = signed_in(desk).post("/walls/", {"key": str(ids.new()), "room": str(room.id)}, secure=True)
    assert wrong.status_code == 422
    lou = person("lou", Role.FRONT_DESK, at_site=there)
    opened(lou)
    link = Link.objects.get(purpose=WALL)
    assert signed_in(desk).post("/walls/", {"do": "end", "wall": str(link.id)}, secure=True).status_code == 422
    assert [one for one, _ in walls.open_at(there, at=link.created)] == [link]


def test_the_form_sent_twice_opens_one(desk) -> None:
    key = str(ids.new())
    client = signed_in(desk)
    assert client.post("/walls/", {"key": key, "do": "open"}, secure=True).status_code == 302
    assert Link.objects.filter(purpose=WALL).count() == 1


def test_it_stays_on_for_a_long_time(desk) -> None:
    opened(desk)
    link = Link.objects.get(purpose=WALL)
    assert link.expires - link.created > timedelta(days=300)
    assert isinstance(link.created, datetime)
