"""Does the screen beside the patient show what is known, take what is tapped, and stay when the browser is locked?"""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from daybreak.clinical.treatment.events import What
from daybreak.knowledge.sessions import looks_again
from daybreak.knowledge.watch import watch
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.cockpit import made, of_session
from daybreak.web.people import sessions as browsers
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.treatment import context, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.conftest import signed_in
from tests.web.treatment.steps import MINUTE, does, dosed, stands, well

PIN = "582914"


@pytest.fixture
def dosing(session, nurse, noon):
    """Two devices were given, and it was looked at the patient half an hour later."""
    last = dosed(session, nurse, noon)
    pressure = {"systolic": "171", "diastolic": "98"}
    does(session, What.CHECK, nurse, last + 30 * MINUTE, row="pressure", value=pressure)
    does(session, What.CHECK, nurse, last + 31 * MINUTE, row="dissociation", value=2)
    does(session, What.CHECK, nurse, last + 31 * MINUTE, row="nausea", value=1)
    return session


def whole(session, at):
    now = queries.now(Session.objects.get(pk=session.pk))
    return made.cockpit(now, at=at, language="en", typed={})


def page(session) -> str:
    return f"/sessions/{session.id}/cockpit/"


def tapped(client, session, *, quietly=False, **form):
    headers = {"Daybreak-Quietly": "1"} if quietly else {}
    return client.post(f"/sessions/{session.id}/checks/", {"key": str(ids.new()), **form}, headers=headers, secure=True)


def checks(session) -> list[tuple[str, object]]:
    return [(one.row, one.value) for one in stands(session).checks]


# ---------- what it shows ----------
def test_a_number_says_how_old_it_is_where_it_is_from_and_how_far_from_the_own_value(dosing, noon) -> None:
    shown = {one.id: one for one in whole(dosing, noon + 40 * MINUTE).vitals}
    pressure = shown["pressure"]
    assert (pressure.value, pressure.age, pressure.state, pressure.trend) == ("171/98", "5 min", "alarm", "up")
    assert "by hand · +51 / +18" in pressure.more
    assert shown["spo2"].state == "stale"
    assert shown["dissociation"].more.endswith("moderate")


def test_what_nobody_measured_is_no_number(session, noon) -> None:
    for one in whole(session, noon).vitals:
        assert (one.value, one.state) == ("–", "none")


def test_a_check_that_is_late_stands_out(dosing, noon) -> None:
    shown = whole(dosing, noon + 60 * MINUTE)
    assert shown.due[0].state == "late"
    assert "min late" in shown.due[0].what
    assert {one.id: one.state for one in shown.sheets}["moaa-s"] == "late"


def test_the_chart_draws_what_the_session_holds(dosing, noon) -> None:
    now = queries.now(Session.objects.get(pk=dosing.pk))
    at = noon + 40 * MINUTE
    near = made.around(now, context.rules(now.session, at=at), at=at)
    found = of_session.trace(now, near, at=at, language="en")
    assert [(one.systolic, one.level) for one in found.pressures] == [(Decimal(120), ""), (Decimal(171), "alarm")]
    assert found.baseline == (Decimal(120), Decimal(80))
    assert [one.said for one in found.doses] == ["28 mg", "28 mg"]
    assert found.zero == noon
    assert found.until == noon + timedelta(hours=2)
    assert {(one.value, one.nearest) for one in found.limits if one.sign == "pressure"} == {
        (Decimal(180), False),
        (Decimal(160), True),
    }
    assert [one.said for one in found.marks] == ["nausea 1"]
    assert {one.what for one in found.planned} >= {"pressure"}


def test_a_dose_that_is_not_known_exactly_is_drawn_as_its_bounds(dosing, nurse, noon) -> None:
    state = stands(dosing)
    assert of_session.said_dose(state.exposures[0]) == "28 mg"
    from dataclasses import replace

    assert of_session.said_dose(replace(state.exposures[0], mg_low=Decimal(0))) == "0–28 mg"
    assert of_session.said_dose(replace(state.exposures[0], mg_high=None)) == "28–? mg"


def test_leaving_waits_for_the_clock_and_for_an_alarm_and_says_so(dosing, nurse, noon) -> None:
    early = whole(dosing, noon + 40 * MINUTE).step
    assert early.why
    assert whole(dosing, noon + 121 * MINUTE).step.why == ("an alarm is open",)
    well(dosing, nurse, noon + 119 * MINUTE)
    assert whole(dosing, noon + 121 * MINUTE).step.address == f"/sessions/{dosing.id}/leave/"
    assert whole(dosing, noon + 121 * MINUTE).step.why == ()


def test_an_answer_about_suicide_is_never_green(dosing, nurse, noon) -> None:
    does(dosing, What.ANSWERED, nurse, noon + 100 * MINUTE, question="suicide_leaving", answer="no")
    lines = {one.what: one.state for one in whole(dosing, noon + 101 * MINUTE).checklist}
    assert lines["Asked about suicide again"] == "done"
    assert lines["Walks as before"] == "unknown"


# ---------- what it takes ----------
def test_a_check_is_one_tap_of_a_sheet(dosing, nurse) -> None:
    client = signed_in(nurse)
    answer = tapped(client, dosing, sheet="moaa-s", value="moaa-s/4")
    assert answer.url == page(dosing)
    assert ("moaa-s", 4) in checks(dosing)
    row = SessionEvent.objects.get(session=dosing, what="check", told__contains="moaa-s")
    assert (row.by_id, row.late) == (nurse.id, False)
    assert row.happened == row.received


def test_figures_are_taken_together_or_not_at_all(dosing, nurse) -> None:
    client = signed_in(nurse)
    before = checks(dosing)
    wrong = tapped(client, dosing, sheet="vitals", systolic="1420", diastolic="90", spo2="96")
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "1420" in said
    assert 'value="96"' in said, "nothing that was typed is lost"
    assert re.search(r'id="tap-vitals" open', said)
    assert checks(dosing) == before
    assert tapped(client, dosing, sheet="vitals", systolic="142", diastolic="90", spo2="96").status_code == 302
    assert checks(dosing)[-2:] == [("pressure", {"systolic": "142", "diastolic": "90"}), ("spo2", "96")]


def test_half_a_pressure_is_none(dosing, nurse) -> None:
    assert tapped(signed_in(nurse), dosing, sheet="vitals", systolic="142").status_code == 422


def test_an_event_is_written_down_in_words(dosing, nurse) -> None:
    client = signed_in(nurse)
    tapped(client, dosing, sheet="event", value="event/changed position")
    tapped(client, dosing, sheet="event", text="cold hands")
    told = [one.told["text"] for one in queries.now(Session.objects.get(pk=dosing.pk)).events if one.what == What.EVENT]
    assert told == ["changed position", "cold hands"]


@pytest.mark.parametrize(
    "form", [{}, {"sheet": "moaa-s", "value": "moaa-s/9"}, {"sheet": "vitals"}, {"sheet": "event"}]
)
def test_nothing_is_recorded_of_nothing(dosing, nurse, form) -> None:
    before = SessionEvent.objects.count()
    answer = tapped(signed_in(nurse), dosing, quietly=True, **form)
    assert answer.status_code == 422
    assert answer.json()["says"].startswith("Nothing was chosen or typed")
    assert SessionEvent.objects.count() == before


# ---------- alarms ----------
def acknowledged(client, session, **form):
    told = {"key": str(ids.new()), "alarm": "systolic.above", **form}
    return client.post(f"/sessions/{session.id}/alarms/", told, secure=True)


def test_an_alarm_says_what_it_is_since_when_and_who_is_called_next(dosing, noon) -> None:
    (loudest, *_) = whole(dosing, noon + 36 * MINUTE).alarms
    assert loudest.id in ("systolic.above", "diastolic.above")
    assert loudest.level == "alarm"
    assert "too high" in loudest.said
    assert loudest.acknowledged == ""
    assert "Next called in" in loudest.called or "Everybody" in loudest.called


def test_acknowledging_asks_who_and_what_is_done(dosing, nurse) -> None:
    pins.choose(nurse, pin=PIN, again=PIN, at=datetime.now(UTC))
    client = signed_in(nurse)
    assert acknowledged(client, dosing, did="sat up").status_code == 422
    assert acknowledged(client, dosing, did="sat up", pin="000999").status_code == 422
    assert acknowledged(client, dosing, pin=PIN).status_code == 409, (
        "neither what is done nor when it is looked at again"
    )
    wrong = acknowledged(client, dosing, pin=PIN, within="soon")
    assert wrong.status_code == 422
    assert "soon" in wrong.content.decode()
    assert not SessionEvent.objects.filter(what="alarm_acknowledged").exists()
    assert acknowledged(client, dosing, pin=PIN, did="sat up").url == page(dosing)
    row = SessionEvent.objects.get(what="alarm_acknowledged")
    assert (row.by_id, '"did": "sat up"' in row.told) == (nurse.id, True)
    said = client.get(page(dosing), secure=True).content.decode()
    assert "Lee has seen to it" in said


def test_an_alarm_is_acknowledged_in_one_tap_and_read_in_every_language(dosing, nurse) -> None:
    pins.choose(nurse, pin=PIN, again=PIN, at=datetime.now(UTC))
    client = signed_in(nurse)
    said = client.get(page(dosing), secure=True).content.decode()
    for one in ('name="chose" value="oxygen"', 'name="within" value="5"'):
        assert one in said
    wrong = acknowledged(client, dosing, pin=PIN, chose="nothing")
    assert (wrong.status_code, "“nothing” is none of the answers" in wrong.content.decode()) == (422, True)
    assert not SessionEvent.objects.filter(what="alarm_acknowledged").exists()
    assert acknowledged(client, dosing, pin=PIN, chose="oxygen", did="2 l").url == page(dosing)
    told = json.loads(SessionEvent.objects.get(what="alarm_acknowledged").told)
    assert (told["chose"], told["own"], told["did"]) == ("oxygen", "2 l", "Oxygen given · 2 l")
    assert "Oxygen given · 2 l" in client.get(page(dosing), secure=True).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "已给氧 · 2 l" in client.get(page(dosing), secure=True).content.decode()


def test_nobody_looks_again_later_than_an_alarm_comes_back() -> None:
    assert timedelta(minutes=max(looks_again())) <= watch().recheck_most


def test_what_was_typed_about_an_alarm_is_not_lost(dosing, nurse) -> None:
    said = acknowledged(signed_in(nurse), dosing, did="raised the head", pin="1").content.decode()
    assert 'value="raised the head"' in said


def test_at_a_locked_screen_the_pin_of_the_form_is_enough(dosing, nurse, locked) -> None:
    assert acknowledged(locked, dosing, did="sat up", pin="111222").url.startswith("/unlock/")
    assert acknowledged(locked, dosing, did="sat up", pin=PIN).url == page(dosing)


# ---------- what comes later ----------
def test_what_was_kept_comes_late_with_its_own_time_and_once(dosing, nurse) -> None:
    client, key = signed_in(nurse), str(ids.new())
    form = {"key": key, "sheet": "dissociation", "value": "dissociation/1", "later": "1", "age": str(18 * 60 * 1000)}
    for age in (0, 3000):  # its answer was lost, and it is sent once more
        form["age"] = str(18 * 60 * 1000 + age)
        assert tapped(client, dosing, quietly=True, **form).status_code == 204
    (row,) = SessionEvent.objects.filter(session=dosing, late=True)
    assert row.received - row.happened == timedelta(minutes=18)
    other = form | {"value": "dissociation/2"}
    assert tapped(client, dosing, quietly=True, **other).status_code == 409
    assert SessionEvent.objects.filter(session=dosing, late=True).count() == 1


def test_a_tap_whose_answer_was_lost_is_not_taken_again_as_a_late_one(dosing, nurse) -> None:
    client, form = signed_in(nurse), {"key": str(ids.new()), "sheet": "moaa-s", "value": "moaa-s/5"}
    assert tapped(client, dosing, quietly=True, **form).status_code == 204
    assert tapped(client, dosing, quietly=True, **form, later="1", age="900").status_code == 204
    assert [one for one in checks(dosing) if one[0] == "moaa-s"] == [("moaa-s", 5)]


def test_a_clock_that_says_nonsense_is_as_unsure_as_can_be(dosing, nurse) -> None:
    form = {
        "sheet": "moaa-s",
        "value": "moaa-s/5",
        "later": "1",
        "age": "123456789012 soon",
        "heard": "never",
        "since": "-1",
    }
    assert tapped(signed_in(nurse), dosing, quietly=True, **form).status_code == 204
    row = SessionEvent.objects.get(session=dosing, late=True)
    assert (row.happened, row.uncertain_s) == (row.received, 24 * 60 * 60)


# ---------- who may, and the lock ----------
def test_who_runs_no_sessions_here_finds_none(dosing, person, site) -> None:
    for login, role, status in (("desk2", Role.FRONT_DESK, 403), ("ray", Role.RESEARCHER, 403)):
        assert signed_in(person(login, role)).get(page(dosing), secure=True).status_code == status
    from daybreak.web.people import actions as people
    from daybreak.web.people.models import Site
    from tests.web.conftest import NOW

    people.found(organisation="Dawn", site="Harbour", rooms=["R"], at=NOW)
    away = person("nel", Role.NURSE, at_site=Site.objects.get(name="Harbour"))
    for path in ("cockpit", "stream"):
        assert signed_in(away).get(f"/sessions/{dosing.id}/{path}/", secure=True).status_code == 404
    assert tapped(signed_in(away), dosing, sheet="moaa-s", value="moaa-s/4").status_code == 404
    assert signed_in(away).post(f"/sessions/{dosing.id}/help/", {"key": str(ids.new())}, secure=True).status_code == 404


@pytest.fixture
def locked(nurse):
    pins.choose(nurse, pin=PIN, again=PIN, at=datetime.now(UTC))
    return signed_in(nurse, seen=time.time() - browsers.IDLE - 60)


def test_an_open_session_stays_on_the_screen_when_the_browser_is_locked(dosing, nurse, locked) -> None:
    answer = locked.get(page(dosing), secure=True)
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "171/98" in said
    assert 'name="pin"' in said
    assert "Keller" in said
    assert locked.get(f"/patients/{dosing.patient_id}/", secure=True).status_code == 302


def test_writing_there_asks_for_the_pin(dosing, nurse, locked) -> None:
    before = checks(dosing)
    assert tapped(locked, dosing, sheet="moaa-s", value="moaa-s/4").url.startswith("/unlock/")
    assert tapped(locked, dosing, sheet="moaa-s", value="moaa-s/4", pin="111222").url.startswith("/unlock/")
    assert checks(dosing) == before
    assert tapped(locked, dosing, sheet="moaa-s", value="moaa-s/4", pin=PIN).url == page(dosing)
    assert checks(dosing)[-1] == ("moaa-s", 4)
    assert locked.get("/me/", secure=True).status_code == 200, "whoever showed who they are has opened the browser"


def test_help_is_called_in_one_tap_without_a_pin(dosing, nurse, locked) -> None:
    answer = locked.post(f"/sessions/{dosing.id}/help/", {"key": str(ids.new())}, secure=True)
    assert answer.url == page(dosing)
    row = SessionEvent.objects.get(session=dosing, what="emergency_opened")
    assert '"locked": true' in row.told
    assert "Emergency open" in locked.get(page(dosing), secure=True).content.decode()
    assert locked.get("/me/", secure=True).status_code == 302, "and opens nothing else"


def test_what_is_over_is_hidden_by_the_lock_like_everything(dosing, nurse, locked, noon) -> None:
    does(dosing, What.ENDED, nurse, noon + 60 * MINUTE, outcome="against_advice", why="wanted to go")
    assert locked.get(page(dosing), secure=True).status_code == 404
    assert signed_in(nurse).get(page(dosing), secure=True).status_code == 200


def test_a_screen_that_stays_on_is_in_the_trail_and_does_not_fill_it(dosing, nurse) -> None:
    def lines() -> int:
        return Entry.objects.filter(action="read", object_type="cockpit").count()

    client = signed_in(nurse)
    client.get(page(dosing), headers={"Daybreak-By-Itself": "1"}, secure=True)
    assert lines() == 1
    client.get(page(dosing), headers={"Daybreak-By-Itself": "1"}, secure=True)
    assert lines() == 1
    client.get(page(dosing), secure=True)
    assert lines() == 2


def test_the_page_names_nobody_in_its_title(dosing, nurse) -> None:
    title = re.search(r"<title>(.*?)</title>", signed_in(nurse).get(page(dosing), secure=True).content.decode(), re.S)[
        1
    ]
    assert "Keller" not in title


def test_it_asks_few_questions(dosing, nurse, django_assert_max_num_queries) -> None:
    client = signed_in(nurse)
    client.get(page(dosing), secure=True)
    with django_assert_max_num_queries(15):
        client.get(page(dosing), secure=True)


def test_a_total_of_the_licensed_scale_is_typed_beside_the_own_row(dosing, nurse) -> None:
    client = signed_in(nurse)
    told = {"sheet": "dissociation", "value": "dissociation/2", "cadss": "93"}
    wrong = tapped(client, dosing, **told)
    assert (wrong.status_code, 'value="93"' in wrong.content.decode()) == (422, True)
    assert tapped(client, dosing, **told | {"cadss": "12"}).status_code == 302
    assert checks(dosing)[-2:] == [("cadss", "12"), ("dissociation", 2)]
    assert "CADSS, 23 items: total 12" in client.get(page(dosing), secure=True).content.decode()
