"""Is the screen beside the patient live, two taps from a check, and does it lose nothing while the clinic is out of reach?"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from playwright.sync_api import Page, expect

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.bedside import actions as devices
from daybreak.web.bedside.models import Binding, Device
from daybreak.web.courses.models import BookingEvent
from daybreak.web.people import sessions as browsers
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.switches.models import Function
from daybreak.web.tasks.models import Task
from daybreak.web.treatment.alarms import UNHEARD
from daybreak.web.treatment.models import Session, SessionEvent
from tests.browser.clinic import URL
from tests.browser.conftest import PATIENCE
from tests.browser.test_presence import aged
from tests.web.bedside.monitor import SECOND, Monitor
from tests.web.cockpit.samples import happened
from tests.web.patients import samples as patients
from tests.web.screening import samples as signed
from tests.web.switches.samples import switch
from tests.web.treatment import samples as treated

PIN = "582914"


@pytest.fixture(scope="module")
def lee(clinic):
    member = clinic.member("lee", Role.NURSE)
    pins.choose(member.person, pin=PIN, again=PIN, at=datetime.now(UTC))
    return member


@pytest.fixture(scope="module")
def session(clinic, lee) -> Session:
    """One that began a moment ago."""
    ines = clinic.member("ines", Role.PRESCRIBER).person
    patient = patients.make(clinic.sites[0], ines)
    signed.make(patient, clinic.sites[0], ines)
    row = treated.make(patient, clinic.sites[0], ines)
    visit, now = row.booking, datetime.now(UTC)
    events = list(BookingEvent.objects.filter(booking=visit))
    visit.pk = ids.new()
    visit.save(force_insert=True)
    for one in events:
        one.pk, one.booking = ids.new(), visit
        one.save(force_insert=True)
    row.pk, row.booking, row.created = ids.new(), visit, now
    row.save(force_insert=True)
    happened(row, What.ARRIVED, lee.person, now)
    device = {"drug": "esketamine", "route": "nasal", "of": 1, "n": 1, "mg_low": "28", "mg_high": "28"}
    happened(row, What.DOSE, lee.person, now, **device)
    return row


@pytest.fixture
def page(lee, session, opened) -> Page:
    found = opened(lee)
    found.goto(f"/sessions/{session.id}/cockpit/")
    return found


def told(session: Session, what: What) -> list[Any]:
    return list(SessionEvent.objects.filter(session=session, what=what).order_by("seq"))


def test_what_a_monitor_sends_stands_in_its_tile_without_the_page_being_asked_for(page, session, lee, clinic) -> None:
    switch(session.site, Function.VALUES, clinic.member("okafor", Role.PRESCRIBER).person)
    monitor = Monitor(datetime.now(UTC) - 3 * SECOND)
    monitor.sends()
    devices.bind(session, Device.objects.get(), by=lee.person, at=datetime.now(UTC), key=ids.new())
    page.reload()
    page.evaluate("() => { window.fetch = () => new Promise(() => {}) }")  # no look at the page is ever answered
    tile = page.locator("[data-vital=spo2] .vital-value")
    page.wait_for_timeout(2000)  # it listens by now
    monitor.at = datetime.now(UTC) - SECOND
    monitor.sends(spo2=95)
    expect(tile).to_have_text("95", timeout=PATIENCE)
    monitor.at = datetime.now(UTC) - SECOND
    monitor.sends(spo2=94)
    expect(tile).to_have_text("94", timeout=PATIENCE)
    devices.unbind(Binding.objects.get(), by=lee.person, at=datetime.now(UTC))


def test_a_check_is_two_taps_and_stands_on_the_screen_at_once(page, session) -> None:
    before = len(told(session, What.CHECK))
    page.locator("#tap-dissociation > summary").click()
    page.locator("#tap-dissociation button[value='dissociation/2']").click()
    expect(page.locator("#live-vitals .vital", has_text="Dissociation").locator(".vital-value")).to_contain_text("2")
    rows = told(session, What.CHECK)
    assert len(rows) == before + 1
    assert not rows[-1].late


def test_what_happens_elsewhere_comes_by_itself(page, session, lee) -> None:
    expect(page.locator("#live-trace")).not_to_contain_text("held a hand")
    page.wait_for_timeout(2000)  # it listens by now; what came before it is told it as well
    happened(session, What.EVENT, lee.person, datetime.now(UTC), text="held a hand")
    expect(page.locator("#live-trace svg text", has_text="held a hand")).to_have_count(1)


def test_one_screen_without_scrolling_on_a_tablet(page) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    box = page.locator("#live-next").bounding_box()
    assert box["y"] + box["height"] <= 768
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_what_is_tapped_while_the_clinic_is_out_of_reach_is_kept_and_sent_later(page, session, opened) -> None:
    before = len(told(session, What.CHECK))
    context = page.context
    context.set_offline(True)
    tapped = datetime.now(UTC)
    page.locator("#tap-moaa-s > summary").click()
    page.locator("#tap-moaa-s button[value='moaa-s/4']").click()
    expect(page.locator("#queued")).to_contain_text("1 kept")
    page.locator("#tap-moaa-s > summary").click()
    page.locator("#tap-moaa-s button[value='moaa-s/5']").click()
    expect(page.locator("#queued")).to_contain_text("2 kept")
    assert len(told(session, What.CHECK)) == before
    page.close()  # the tab is killed, with what it kept
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/sessions/{session.id}/cockpit/")
    expect(again.locator("#queued")).to_be_hidden()
    rows = told(session, What.CHECK)[before:]
    assert ['"value": 4' in one.told for one in rows] == [True, False]
    assert all(one.late for one in rows)
    for one in rows:
        assert abs(one.happened - tapped) <= timedelta(seconds=one.uncertain_s + 30)
        assert one.happened < one.received
    assert again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('later'))") == []
    again.close()


def test_a_page_that_is_opened_while_the_clinic_is_gone_is_ours_and_loses_nothing(clinic, session, lee, opened) -> None:
    page = opened(lee)
    cockpit = f"/sessions/{session.id}/cockpit/"
    page.goto(cockpit)
    page.wait_for_function("async () => (await (await caches.open('away')).keys()).length > 7")
    expect(page.locator("#tap-vitals")).to_have_count(1)
    page.reload()  # from here on the worker stands between this page and the clinic
    clinic.stop()
    try:
        tapped = datetime.now(UTC)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("NOT MONITORING")
        expect(page.get_by_role("main")).to_contain_text("911")
        assert "Keller" not in page.content()
        expect(page.locator("#chair")).to_have_text(f"{session.chair.room.name} · {session.chair.name}")
        page.locator("#tap-distress > summary").click()
        page.locator("#tap-distress button[value='distress/2']").click()
        page.locator("#tap-vitals > summary").click()
        page.locator("#vitals-systolic").fill("9999")
        page.locator("#vitals-diastolic").fill("80")
        page.locator("#tap-vitals .button-main").click()
        expect(page.locator("#queued")).to_contain_text("2 kept")
        page.goto(f"/sessions/{session.id}/leave/")
        expect(page.locator("#queued")).to_contain_text("2 kept")
        page.goto(cockpit)
    finally:
        clinic.start()
    expect(page.locator("#live-vitals")).to_be_visible()
    refused = page.locator("#refused li")
    expect(refused).to_contain_text("9999")
    rows = [one for one in told(session, What.CHECK) if '"distress"' in one.told]
    assert [('"value": 2' in one.told, one.late) for one in rows] == [(True, True)]
    assert abs(rows[0].happened - tapped) <= timedelta(seconds=rows[0].uncertain_s + 30)
    refused.get_by_role("button", name="Send once more").click()
    expect(refused.locator("[data-why]")).to_contain_text("9999")
    refused.locator("summary").click()
    refused.locator("[name=why]").fill("a finger too wide")
    refused.locator("[name=pin]").fill(PIN)
    refused.locator("form button").click()
    expect(page.locator("#refused")).to_be_hidden()
    assert [one for one in told(session, What.EVENT) if "a finger too wide" in one.told]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('later'))") == []
    page.close()


def test_the_floor_behind_another_tab_shows_what_has_to_sound(page, session, lee) -> None:
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => true })")
    with page.expect_response("**/today/stream/**"):
        page.goto("/today/")
    expect(page.locator(f"#tile-{session.id}")).to_have_count(1)
    page.wait_for_timeout(1000)
    happened(session, What.EMERGENCY_OPENED, lee.person, datetime.now(UTC))
    expect(page.locator(f"#tile-{session.id}.tile-unseen")).to_have_count(1)
    happened(session, What.EMERGENCY_CLOSED, lee.person, datetime.now(UTC))
    expect(page.locator(f"#tile-{session.id}.tile-unseen")).to_have_count(0)


def test_a_floor_that_is_locked_goes_on_listening_and_one_that_is_gone_calls_somebody(session, lee, opened) -> None:
    page = opened(lee)
    known = {"id": "a device", "names": [], "last": None}
    cookie = {"name": settings.DEVICE_COOKIE_NAME, "value": signing.dumps(known, salt="device"), "url": URL}
    page.context.add_cookies([cookie])
    page.clock.install()
    page.goto("/today/")
    expect(page.locator("#soft")).to_be_visible()
    page.goto("/sound/")
    page.locator("[data-sound-play]").click()
    page.locator("[name=heard][value=yes]").click()
    expect(page.locator(".verdict-met")).to_be_visible()
    with page.expect_response("**/today/hears/") as answer:
        page.goto("/today/")
        page.locator("h1").first.click()
    assert answer.value.status == 204
    expect(page.locator("[data-watch-blocked]")).to_be_hidden()
    expect(page.locator("#there")).to_be_visible()
    page.clock.fast_forward((browsers.IDLE + 30) * 1000)
    expect(page.locator("#there")).to_have_count(0)
    expect(page.get_by_role("link", name="Unlock")).to_be_visible()
    expect(page.locator(f"#tile-{session.id}")).to_be_visible()
    with page.expect_response("**/today/hears/") as answer:
        page.clock.fast_forward(5000)
    assert answer.value.status == 204
    page.close()
    until = time.monotonic() + 2 * PATIENCE / 1000
    while not unheard(session, What.ALARM_RAISED) and time.monotonic() < until:
        time.sleep(0.5)
    assert unheard(session, What.ALARM_RAISED)
    assert Task.objects.filter(what="treatment.task_unheard", patient=session.patient).exists()


def unheard(session: Session, what: What) -> list[Any]:
    return [one for one in told(session, what) if UNHEARD in one.told]


def test_the_idle_lock_never_hides_it_and_writing_takes_a_pin(page, session, lee) -> None:
    aged(lee.person, browsers.IDLE + 60)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keller")
    expect(page.locator("#live-vitals")).to_be_visible()
    before = len(told(session, What.CHECK))
    page.locator("#tap-distress > summary").click()
    page.locator("#tap-distress input[name=pin]").fill("111999")
    page.locator("#tap-distress button[value='distress/1']").click()
    expect(page.locator("#says")).to_be_visible()
    assert len(told(session, What.CHECK)) == before
    page.locator("#tap-distress input[name=pin]").fill(PIN)
    page.locator("#tap-distress button[value='distress/1']").click()
    expect(page.locator("#tap-distress input[name=pin]")).to_have_count(0)
    until = time.monotonic() + PATIENCE / 1000
    while len(told(session, What.CHECK)) == before and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert len(told(session, What.CHECK)) == before + 1


def test_a_slip_is_undone_at_once_and_a_sound_that_is_off_counts_down_by_itself(page, session) -> None:
    def taps(level: int) -> None:
        page.locator("#tap-moaa-s > summary").click()
        page.locator(f"#tap-moaa-s button[value='moaa-s/{level}']").click()

    undo = page.locator("[data-undo]", has_text="MOAA")
    taps(5)
    expect(undo).to_have_count(1)
    undo.get_by_role("button").click()
    expect(undo).to_have_count(0)
    row = told(session, What.CORRECTED)[-1]
    assert '"taken_back": true' in row.told
    taps(1)
    expect(undo).to_have_count(1)
    expect(undo).to_have_count(0)  # it goes by itself
    assert told(session, What.CORRECTED)[-1] == row, "and nothing was undone"
    page.get_by_text("Switch the sound off", exact=True).first.click()
    page.locator("#whose-sound").fill(PIN)
    page.evaluate("document.querySelector('#live-vitals').replaceChildren()")
    expect(page.locator("#live-vitals .vital").first).to_be_attached()  # it looked again, and the form stayed as it was
    expect(page.locator("#live-alarms [id^=alarm-][role=alert] form[action$='/alarms/']").first).to_be_attached()
    expect(page.locator("#whose-sound")).to_have_value(PIN)
    page.locator("form[action$='/sound/'] button").click()
    left = page.locator(".sound-off [data-left]")
    expect(left).to_have_text(re.compile(r"^1:\d\d$"))
    first = left.inner_text()
    expect(left).not_to_have_text(first)
    assert left.inner_text() < first, "it counts down, and nobody asked the clinic"
