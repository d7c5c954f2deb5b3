"""Does the page of leaving hold nobody but for safety, know every end, and print what the patient takes home?"""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from daybreak.clinical.treatment.events import Outcome, Phase, What
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.courses import actions as courses
from daybreak.web.courses.state import standing
from daybreak.web.presence import pins
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.treatment import actions, alarms, queries
from daybreak.web.treatment.models import Session
from tests.web.conftest import signed_in
from tests.web.onsite.test_onsite import leaves
from tests.web.treatment.steps import DEVICE, FIGURES, stands

PIN = "280461"
LONG_AGO = timedelta(hours=3)


def shown(client, session, page: str = "leave") -> str:
    answer = client.get(f"/sessions/{session.id}/{page}/".replace("//", "/"), secure=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def sends(client, session, **told):
    return client.post(f"/sessions/{session.id}/leave/", {"key": str(ids.new()), **told}, secure=True)


def given(session, by, at) -> None:
    """Reported: it was given three hours ago, so that its watch is over."""
    for row, value in FIGURES.items():
        actions.report(
            session, What.CHECK, {"row": row, "value": value}, happened=at - LONG_AGO, by=by, at=at, key=ids.new()
        )
    told = {"n": 1, **DEVICE, "of": 1}
    actions.report(session, What.DOSE, told, happened=at - LONG_AGO + timedelta(minutes=1), by=by, at=at, key=ids.new())


def test_who_was_given_nothing_ends_safely(session, nurse) -> None:
    client = signed_in(nurse)
    page = shown(client, session)
    assert "No dose today" in page
    assert "Went home" not in page
    told = {
        "do": "end",
        "outcome": "not_today",
        "why": "a fever",
        "home": "accompanied",
        "safe": "yes",
        "suicide_asked": "no",
    }
    assert sends(client, session, **{**told, "home": ""}).status_code == 409
    assert sends(client, session, **{**told, "home": "not_known"}).status_code == 422
    assert sends(client, session, **told).status_code == 302
    assert stands(session).outcome is Outcome.NOT_TODAY
    assert "The session is over" in shown(client, session)


def test_home_in_few_taps_once_all_is_seen(session, nurse, noon) -> None:
    client = signed_in(nurse)
    pins.choose(nurse, pin=PIN, again=PIN, at=noon)
    given(session, nurse, noon)
    page = shown(client, session)
    assert "data-watch" in page
    assert "No driving before" in page
    assert "Not asked after the dose yet" in page
    assert 'disabled aria-describedby="why-not"' in page
    assert sends(client, session, do="ready").status_code == 409
    figures = {"systolic": "122", "diastolic": "80", "heart_rate": "70", "spo2": "98", "breaths": "14"}
    seen = {**figures, "moaa-s": "5", "dissociation": "0", "day": "2", "month": "4"}
    marked = sends(client, session, do="mark", **seen)
    assert not stands(session).latest("moaa-s"), "nothing is kept by marking"
    page = marked.content.decode()
    assert marked.status_code == 200
    assert page.count(" checked>") == len(sessions.questions(session.protocol, "leaving")) - 1 + 2
    assert not re.search(r'name="suicide_leaving"[^>]* checked', page), "that is asked by itself"
    assert 'value="122"' in page
    said = {one["id"]: one["answers"][0]["id"] for one in sessions.questions(session.protocol, "leaving")}
    assert sends(client, session, do="seen", **{**seen, "spo2": "970"}, **said).status_code == 422
    assert not stands(session).answers, "all of it or nothing"
    sends(client, session, do="seen", **seen, **said)
    assert "checked" not in shown(client, session), "what was answered before is not answered by saving once more"
    asked = shown(client, session).partition("<strong>Asked about suicide again")[0].rpartition("<li>")[2]
    assert "verdict-asked" in asked, "a no about suicide is not green"
    for alarm in stands(session).alarms:
        assert "Open alarms" in shown(client, session)
        seen = {"do": "acknowledge", "alarm": alarm, "did": "looked, all is well"}
        assert sends(client, session, **seen).status_code == 422, "who it is, by their PIN"
        assert sends(client, session, **seen, pin=PIN).status_code == 302
    assert "disabled" not in shown(client, session)
    sends(client, session, do="ready")
    assert stands(session).phase is Phase.READY
    sends(client, session, do="watch_on")
    assert stands(session).phase is Phase.OBSERVING
    assert sends(client, session, do="home").status_code == 302
    assert stands(session).outcome is Outcome.DISCHARGED
    assert "Went home" in shown(client, session)


def test_an_answer_about_suicide_before_leaving_waits_for_a_prescriber(session, nurse, doctor, noon) -> None:
    given(session, nurse, noon)
    sends(signed_in(nurse), session, do="seen", suicide_leaving="yes")
    page = shown(signed_in(nurse), session)
    assert "under their own name" in page
    assert sends(signed_in(nurse), session, do="decide", why="x").status_code == 403
    sends(signed_in(doctor), session, do="decide", why="talked, plan is current")
    assert stands(session).answers["suicide_leaving"].decided == "go"
    assert sends(signed_in(nurse), session, do="seen").status_code == 422


def test_whoever_leaves_against_advice_says_why_and_it_is_escalated(session, nurse, noon) -> None:
    client = signed_in(nurse)
    given(session, nurse, noon)
    assert sends(client, session, do="end", outcome="against_advice").status_code == 409
    assert sends(client, session, do="end", outcome="cancelled", why="x").status_code == 409
    sends(client, session, do="end", outcome="against_advice", why="took the car")
    assert stands(session).outcome is Outcome.AGAINST_ADVICE
    assert sends(client, session, do="nothing").status_code == 422


def test_the_hand_out_is_in_the_patients_language_and_names_no_medicine(session, nurse, noon) -> None:
    given(session, nurse, noon)
    page = shown(signed_in(nurse), session, "hand-out")
    assert "No driving before" in page
    assert "restful sleep" in page
    article = page[page.index("<article") : page.index("</article>")].casefold()
    assert not [one for one in ("ketamine", "psychiat", "depress", "keller") if one in article]


def test_when_the_way_home_does_not_come_the_patient_stays_until_a_prescriber_decides(
    session, nurse, doctor, noon
) -> None:
    given(session, nurse, noon)
    client = signed_in(nurse)
    assert sends(client, session, do="escort_missing").status_code == 302
    assert Task.objects.filter(what="treatment.task_escort").count() == 1
    page = shown(client, session)
    assert all(one in page for one in ("Sam Keller", "555 0101", "Staff are here until"))
    assert "minutes left" in signed_in(nurse).get("/today/", secure=True).content.decode()
    assert sends(client, session, do="escort_tried", whom="escort").status_code == 422
    sends(client, session, do="escort_tried", whom="escort", reached="no")
    assert "who was to come · not reached" in shown(client, session)
    told = {"do": "escort_decided", "home": "transport", "why": "her insurance sends a car"}
    assert sends(client, session, **told).status_code == 403
    assert sends(signed_in(doctor), session, **told | {"home": "not_known"}).status_code == 422
    assert sends(signed_in(doctor), session, **told | {"why": ""}).status_code == 422
    assert sends(signed_in(doctor), session, **told).status_code == 302
    assert stands(session).escort_missing is None
    sends(client, session, do="escort_missing")
    sends(client, session, do="escort_came")
    assert stands(session).escort_missing is None


def test_nobody_known_to_stay_is_said(session, nurse, doctor, noon) -> None:
    given(session, nurse, noon)
    sends(signed_in(nurse), session, do="escort_missing")
    leaves(doctor, at=noon)
    assert "Nobody is known to stay here" in shown(signed_in(nurse), session)


def test_who_stays_in_a_ward_needs_no_way_home_and_says_so_through_staff(booking, nurse, noon) -> None:
    about = {"name": "", "phone": "", "at": noon, "key": ids.new()}
    with pytest.raises(Refused):
        courses.way_home(booking, "stays", seen=standing(booking).next, by=None, **about)
    courses.way_home(booking, "stays", seen=standing(booking).next, by=nurse, **about)
    assert standing(booking).way_home.home == "stays"


def test_who_died_or_is_taken_away_is_asked_once_more_and_it_says_what_follows(session, nurse, noon) -> None:
    client = signed_in(nurse)
    given(session, nurse, noon)
    told = {"do": "end", "outcome": "died", "why": "in the chair"}
    asked = html.unescape(sends(client, session, **told).content.decode())
    assert stands(session).outcome is None
    assert all(one in asked for one in ("Keller", session.chair.name, "Yes: Died", "so that nothing goes out any more"))
    assert 'value="in the chair"' in asked
    assert sends(client, session, **told, sure="yes").status_code == 302
    assert stands(session).outcome is Outcome.DIED


def test_an_end_that_was_a_mistake_is_taken_back_by_a_prescriber_and_the_patient_is_watched_on(
    session, nurse, doctor, noon
) -> None:
    client = signed_in(nurse)
    given(session, nurse, noon)
    sends(client, session, do="end", outcome="transferred", why="x", sure="yes")
    asked = {one.what for one in Task.objects.filter(source__contains="session ") if state(one).open}
    assert {"treatment.task_hospital", "treatment.task_serious"} <= asked
    assert "under their own name" in shown(client, session)
    assert sends(client, session, do="reopen", why="the other chair").status_code == 403
    page = signed_in(doctor)
    assert sends(page, session, do="reopen", why="").status_code == 422
    assert 'value="reopen"' in shown(page, session)
    assert sends(page, session, do="reopen", why="the other chair").status_code == 302
    assert stands(session).phase is Phase.OBSERVING
    left = {one.what for one in Task.objects.filter(source__contains="session ") if state(one).open}
    assert not left & {"treatment.task_hospital", "treatment.task_serious"}
    assert "treatment.task_deviation" in asked & left or "treatment.task_deviation" not in asked
    assert standing(session.booking).last == "arrived"
    assert session.pk in [one.session.pk for one in queries.open_at(session.site_id)]
    assert alarms.follow(session, at=noon + 12 * LONG_AGO) or stands(session).alarms, "what is overdue sounds again"
    timeline = shown(client, session, "")
    assert "Ended: Taken to a hospital" in timeline, "the first word stays"
    assert "The end was taken back: the other chair" in timeline
    assert sends(page, session, do="reopen", why="x").status_code == 409


def test_an_end_of_another_day_or_before_any_dose_stands(session, nurse, doctor, noon) -> None:
    given(session, nurse, noon)
    actions.act(session, What.ENDED, {"outcome": "unseen"}, by=nurse, at=noon, key=ids.new())
    about = {"by": doctor, "key": ids.new()}
    with pytest.raises(Refused):
        actions.act(session, What.REOPENED, {"why": "x"}, at=noon + 8 * LONG_AGO, **about)


def test_what_one_touch_marked_as_calm_says_so_in_the_record_and_what_was_tapped_does_not(
    session, nurse, doctor, noon
) -> None:
    client = signed_in(nurse)
    given(session, nurse, noon)
    page = html.unescape(sends(client, session, do="mark", oriented="no").content.decode())
    marked = dict(re.findall(r'name="together-([a-z_]+)" value="([a-z_]+)"', page))
    assert {"walks", "no_driving", "way_home_here"} <= set(marked)
    assert not set(marked) & {"oriented", "suicide_leaving"}, "what was tapped, and what is asked alone"
    assert page.count("Marked together") == len(marked)
    kept = {**marked, "oriented": "no", **{f"together-{one}": value for one, value in marked.items()}, "walks": "no"}
    wrong = html.unescape(sends(client, session, do="seen", spo2="970", **kept).content.decode())
    assert wrong.count("Marked together") == len(marked) - 1, "also on the page that comes back"
    assert sends(client, session, do="seen", **kept).status_code == 302
    told = {one.told["question"]: one for one in queries.now(session).events if one.what == What.ANSWERED}
    assert {one for one in told if told[one].told.get("together")} == set(marked) - {"walks"}
    timeline = shown(client, session, "")
    assert "way home · Yes · marked together with others" in timeline
    assert "walking · No" in timeline
    assert "walking · No · marked" not in timeline
    wrong = {"answer": "way_home_here/no", "reason": "it had not come"}
    page = f"/sessions/{session.id}/events/{told['way_home_here'].seq}/"
    assert client.post(page, {"key": str(ids.new()), **wrong}, secure=True).status_code == 302
    last = queries.now(Session.objects.get(pk=session.pk)).events[-1]
    assert last.told["told"]["answer"] == "no"
    assert "together" not in last.told["told"]
