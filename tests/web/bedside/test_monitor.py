"""Is it said on a page whose monitor it is, and does what it sends stand beside the patient with its age and its worth?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.vitals import Condition
from daybreak.knowledge import watch as knowledge
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.bedside import values
from daybreak.web.bedside.models import Binding, Device, Unbound
from daybreak.web.cockpit import floor, made
from daybreak.web.courses.models import Chair
from daybreak.web.treatment import queries
from daybreak.web.treatment.models import Session
from tests.web.bedside.monitor import NAME, SECOND, Monitor
from tests.web.conftest import signed_in
from tests.web.switches.samples import everything_on
from tests.web.treatment.steps import MINUTE, does


def tiles(session, at, language="en"):
    now = queries.now(Session.objects.get(pk=session.pk))
    found = made.cockpit(now, at=at, language=language, typed={})
    return {one.id: one for one in found.vitals}


def named(page: str) -> str:
    """What the page keeps of whom its first device names."""
    (found,) = re.findall(r'name="named" value="([0-9a-f]+)"', page)
    return str(found)


def test_a_device_that_went_to_another_patient_since_the_page_was_made_is_looked_at_again(session, nurse) -> None:
    client, page = signed_in(nurse), f"/sessions/{session.id}/monitor/"
    monitor = Monitor(datetime.now(UTC) - 3 * SECOND)
    monitor.came(monitor.says({"spo2": 97}, patients=("P1",)))
    told = {"device": str(Device.objects.get().id), "key": str(ids.new())}
    told["named"] = named(client.get(page, secure=True).text)
    monitor.came(monitor.says({"spo2": 97}, patients=("P2",)))
    for one in (told, {**told, "named": ""}):
        refused = client.post(page, one, secure=True)
        assert (refused.status_code, "names another patient than when" in refused.text) == (409, True)
    assert not Binding.objects.exists()
    told["named"] = named(client.get(page, secure=True).text)
    assert client.post(page, told, secure=True).status_code == 302


def test_it_is_chosen_on_its_page_and_its_values_stand_beside_the_patient(session, nurse, doctor) -> None:
    everything_on(session.site, doctor)
    client, page = signed_in(nurse), f"/sessions/{session.id}/monitor/"
    assert "No device has sent anything" in client.get(page, secure=True).text
    monitor = Monitor(datetime.now(UTC) - 3 * SECOND)
    monitor.came(monitor.says({"spo2": 97, "pulse": 64}, patients=("secret-7",)))
    shown = client.get(page, secure=True).text
    assert NAME in shown
    assert "97" in shown
    assert "secret-7" not in shown, "whose it is stands on no list"
    assert Line.objects.filter(action="read", object_type="bedside_devices", subject=session.patient_id).count() == 2
    device = Device.objects.get()
    told = {"device": str(device.id), "named": named(shown), "key": str(ids.new())}
    sent = client.post(page, told, secure=True)
    assert (sent.status_code, sent["Location"]) == (302, f"/sessions/{session.id}/cockpit/")
    assert Binding.objects.get().by == nurse
    monitor.at = datetime.now(UTC) - SECOND
    monitor.came(monitor.says({"spo2": 96}, patients=("secret-7",)))
    cockpit = client.get(f"/sessions/{session.id}/cockpit/", secure=True).text
    assert 'data-monitored="1"' in cockpit
    assert "live" in cockpit
    assert "data-monitored" in client.get("/today/", secure=True).text
    shown = client.get(page, secure=True).text
    assert "belongs to this session" in shown
    assert client.post(page, {"device": "x", "key": str(ids.new())}, secure=True).status_code == 422
    told = {"does": "unbind", "binding": str(Binding.objects.get().id), "key": str(ids.new())}
    assert client.post(page, told, secure=True).status_code == 302
    assert Unbound.objects.get().by == nurse
    assert client.post(page, told | {"binding": str(ids.new())}, secure=True).status_code == 404


def test_what_a_line_kept_back_is_shown_as_lost_and_not_as_live(monitor, bound, session) -> None:
    monitor.sends(12)
    kept = [monitor.says({"spo2": 95 + n % 4}) for n in range(120)]
    for sent in kept[:20]:
        monitor.at += SECOND / 20
        monitor.came(sent)
    shown = values.of_session(bound.pk, knowledge.watch(), at=monitor.at)["spo2"]
    assert shown.condition is Condition.LOST
    assert shown.age > 100 * SECOND


def test_every_number_shows_its_age_and_whether_it_is_live_old_or_gone(monitor, bound, session, nurse) -> None:
    does(session, What.CHECK, nurse, monitor.at, row="spo2", value="98")
    monitor.sends(3, spo2=96, pulse=71)
    tile = tiles(session, monitor.at + 2 * SECOND)["spo2"]
    assert (tile.value, tile.age, tile.more, tile.state) == ("96", "2 s", "live · by hand 98, 0 min", "")
    tile = tiles(session, monitor.at + 12 * SECOND)["spo2"]
    assert (tile.value, tile.age, tile.more.partition(" · ")[0], tile.state) == (
        "96",
        "12 s",
        "monitor, old value",
        "stale",
    )
    tile = tiles(session, monitor.at + 3 * MINUTE)["spo2"]
    assert (tile.value, tile.age, tile.more.partition(" · ")[0], tile.state) == (
        "–",
        "3 min",
        "no signal, last 96",
        "stale",
    )
    assert tiles(session, monitor.at, "zh-Hans")["heart_rate"].more.startswith("实时")
    assert tiles(session, monitor.at)["breaths"].value == "–"


@pytest.mark.parametrize(
    ("value", "state", "more"),
    [(94, "caution", "live"), (88, "alarm", "live"), ("---", "stale", "no number"), (970, "stale", "cannot be")],
)
def test_a_value_beyond_its_limit_is_loud_and_what_is_no_value_is_none(
    monitor, bound, session, value, state, more
) -> None:
    monitor.sends(spo2=value)
    tile = tiles(session, monitor.at)["spo2"]
    assert (tile.state, tile.more) == (state, more)
    assert tile.value == (str(value) if more == "live" else "?")


def test_a_pressure_is_as_old_as_its_older_part_and_one_part_is_no_pressure(monitor, bound, session) -> None:
    monitor.came(monitor.says({"systolic": 131, "diastolic": 82, "spo2": 97}))
    monitor.sends(30)
    tile = tiles(session, monitor.at)["pressure"]
    assert (tile.value, tile.age, tile.state) == ("131/82", "30 s", "")
    monitor.came(monitor.says({"systolic": 185}))
    tile = tiles(session, monitor.at)["pressure"]
    assert (tile.value, tile.age, tile.state) == ("185/82", "31 s", "alarm")


def test_without_a_device_the_values_by_hand_stand_as_before(monitor, session, nurse) -> None:
    does(session, What.CHECK, nurse, monitor.at, row="spo2", value="98")
    assert tiles(session, monitor.at)["spo2"].more == "by hand"
    assert values.of_sessions([session.pk], at=monitor.at) == {}


def test_the_floor_shows_what_a_monitor_sends_and_that_it_is_gone(monitor, bound, session) -> None:
    monitor.sends(2, spo2=96)
    chairs = list(Chair.objects.select_related("room"))
    (tile,) = floor.tiles(session.site_id, chairs, at=monitor.at + SECOND, language="en")
    assert tile.monitored
    assert "96 1 s live" in tile.minor
    (tile,) = floor.tiles(session.site_id, chairs, at=monitor.at + timedelta(minutes=2), language="en")
    assert "live" not in tile.minor
    found = values.of_sessions([session.pk], at=monitor.at + 15 * SECOND)[session.pk]
    assert found["spo2"].condition is Condition.STALE
