"""Does the page of a session lead from coming to the first dose, one step at a time, without saying what it asks for?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest

from daybreak.clinical.treatment.events import Phase, What
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.checkins.models import CheckIn
from daybreak.web.courses import plans
from daybreak.web.forms import actions as forms
from daybreak.web.forms.form import NOT_KNOWN
from daybreak.web.forms.models import Mode
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details
from daybreak.web.presence import pins
from daybreak.web.tasks.models import Task
from daybreak.web.treatment import actions, stock
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.courses.test_courses import booked
from tests.web.courses.test_today import other
from tests.web.treatment.steps import MINUTE, checked_in, cleared, does, stands, taken


def shown(client, session, step: str = "") -> str:
    page = client.get(f"/sessions/{session.id}/{step and f'?step={step}'}", secure=True)
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def sends(client, session, **told):
    return client.post(f"/sessions/{session.id}/", {"key": str(ids.new()), **told}, secure=True)


def test_it_begins_from_the_booking_and_is_found_again(booking, nurse, desk) -> None:
    page = f"/patients/{booking.patient_id}/bookings/{booking.id}/"
    begins = f"/bookings/{booking.id}/session/"
    client = signed_in(nurse)
    assert begins in client.get(page, secure=True).content.decode()
    assert begins not in signed_in(desk).get(page, secure=True).content.decode()
    answer = client.post(begins, {"key": str(ids.new())}, secure=True)
    session = Session.objects.get(booking=booking)
    assert answer["Location"] == f"/sessions/{session.id}/"
    assert client.post(begins, {"key": str(ids.new())}, secure=True)["Location"] == f"/sessions/{session.id}/"
    assert f"/sessions/{session.id}/" in client.get(page, secure=True).content.decode()
    assert signed_in(desk).post(begins, {"key": str(ids.new())}, secure=True).status_code == 403
    assert browser().get(f"/sessions/{session.id}/", secure=True).status_code == 302


def test_what_cannot_begin_says_why(booking, nurse, noon) -> None:
    plans.end(booking.course, "wish", text="", by=booking.course.by, at=noon, key=ids.new())
    answer = signed_in(nurse).post(f"/bookings/{booking.id}/session/", {"key": str(ids.new())}, secure=True)
    assert answer.status_code == 409
    assert "no treatment that could begin" in answer.content.decode()


def test_identity_is_typed_and_never_shown(session, nurse) -> None:
    client = signed_in(nurse)
    page = shown(client, session)
    assert "full date of birth" in page
    assert "1971" not in page
    assert "04-02" not in page
    wrong = sends(client, session, do="identity", day="3", month="4")
    assert wrong["Location"] == f"/sessions/{session.id}/"
    assert "does not fit the record" in shown(client, session)
    assert "two figures" in sends(client, session, do="identity", day="x", month="4").content.decode()
    sends(client, session, do="identity", day="2", month="4", how="wristband")
    told = stands(session).identified.told
    assert (told["matched"], told["how"]) == (True, "wristband")
    assert "4" not in str(told)


def test_who_is_easily_mixed_up_is_named(session, site, doctor, desk, chair, noon) -> None:
    assert "Today here too" not in shown(signed_in(doctor), session)
    twin = other(site, doctor, 7)
    booked(twin, chair, desk, visit="talk", minutes=30, starts=noon + 5 * 60 * MINUTE, at=noon)
    own = patients.details(twin)
    Details.objects.create(
        id=ids.new(), organisation_id=own.organisation_id, created=noon, patient=twin, by=doctor, replaces=own,
        family_name="Kellermann", given_names="Anna", birth="1980-01-01", sex="female",
    )  # fmt: skip
    page = shown(signed_in(doctor), session)
    assert "Kellermann" in page


def test_what_was_said_at_home_stands_beside_what_is_asked_aloud(session, nurse, noon) -> None:
    does(session, What.IDENTIFIED, nurse, noon, matched=True)
    client, title = signed_in(nurse), word("checkins.before", "en")
    assert title not in shown(client, session, "card")
    now = datetime.now(UTC)
    sitting = forms.ask(
        session.patient, "checkin:today", mode=Mode.PHONE, language="en", by=nurse, at=now, key=ids.new()
    )
    CheckIn.objects.create(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=now,
        patient=session.patient,
        course=session.course,
        occasion="today",
        key="1",
        opens=now,
        closes=now + 60 * MINUTE,
        sitting=sitting,
    )
    page = shown(client, session, "card")
    assert title in page
    assert word("checkins.not_answered", "en") in page
    forms.answer(sitting, "eaten", NOT_KNOWN, by=nurse, at=now)
    assert word("forms.not_known", "en") in shown(client, session, "card")


def test_what_is_asked_aloud_is_one_page_and_what_is_private_comes_by_itself(session, nurse, noon) -> None:
    client = signed_in(nurse)
    does(session, What.IDENTIFIED, nurse, noon, matched=True)
    every = [one for one in sessions.questions(session.protocol, "before") if not one.get("after")]
    aloud, private = ([one for one in every if one["private"] is kept] for kept in (False, True))
    page = html.unescape(shown(client, session))
    assert [one["ask"]["en"] in page for one in (*aloud, *private)] == [True] * len(aloud) + [False] * len(private)
    assert "checked" not in page
    marked = html.unescape(
        sends(client, session, do="mark", alcohol="yes", **{"since-alcohol": "two beers"}).content.decode()
    )
    assert not stands(session).answers, "nothing is kept by marking"
    assert marked.count("checked") == len(aloud) - 2, "where two answers are good, somebody says which"
    assert 'name="alcohol" value="yes" checked' in marked
    assert "two beers" in marked
    said = {one["id"]: next(each["id"] for each in one["answers"] if each["does"] == "go") for one in aloud}
    assert sends(client, session, do="card").status_code == 422
    assert sends(client, session, do="card", **{**said, "drink": "perhaps"}).status_code == 422
    assert not stands(session).answers, "all or none"
    beside = {**said, "since-alcohol": "two beers", private[0]["id"]: "cannot"}
    assert (
        sends(client, session, do="card", **{name: told for name, told in beside.items() if name != "food"}).status_code
        == 302
    )
    assert set(stands(session).answers) == set(said) - {"food"}
    assert SessionEvent.objects.filter(told__contains="two beers").count() == 1
    page = shown(client, session)
    assert (every[0]["ask"]["en"] in page, every[1]["ask"]["en"] in page) == (True, False), "what is left"
    sends(client, session, do="card", food="no")
    for one in private:
        assert one["ask"]["en"] in shown(client, session)
        good = next(each["id"] for each in one["answers"] if each["does"] == "go")
        assert sends(client, session, do="answer", question=one["id"], answer=good).status_code == 302
    page = shown(client, session)
    assert "Vital signs before the dose" in page
    assert 'name="systolic"' in page
    again = shown(client, session, "question-food")
    assert "Has anything been eaten" in again
    typed = {"systolic": "120", "diastolic": "80", "heart_rate": "70", "spo2": "97", "breaths": "14"}
    wrong = sends(client, session, do="vitals", **{**typed, "spo2": "970"})
    assert wrong.status_code == 422
    assert "“970” is no figure" in html.unescape(wrong.content.decode())
    assert not stands(session).checks, "all or none"
    assert sends(client, session, do="vitals").status_code == 422
    assert sends(client, session, do="vitals", **typed).status_code == 302
    assert "disabled" not in shown(client, session)
    sends(client, session, do="clear")
    assert stands(session).phase is Phase.CLEARED


def test_a_prescriber_decides_under_their_own_name(session, nurse, doctor, noon) -> None:
    checked_in(session, nurse, noon)
    sends(signed_in(nurse), session, do="answer", question="ill", answer="yes", text="a cold since Monday")
    page = shown(signed_in(nurse), session)
    assert "under their own name" in page
    assert sends(signed_in(nurse), session, do="decide", question="ill", decided="go", why="x").status_code == 403
    assert "a cold since Monday" in shown(signed_in(doctor), session)
    sends(signed_in(doctor), session, do="decide", question="ill", decided="stop", why="fever")
    assert "No dose today, by: illness" in shown(signed_in(nurse), session)
    assert 'disabled aria-describedby="why-not"' in shown(signed_in(nurse), session, "clear")


def test_what_bears_a_label_is_read_only_by_who_may(session, nurse, doctor, noon) -> None:
    does(session, What.ANSWERED, nurse, noon, question="pregnancy", answer="breast_feeding")
    assert "breast-feeding" not in shown(signed_in(nurse), session, "identity")
    assert "I am breast-feeding" in shown(signed_in(doctor), session, "identity")


def test_a_no_about_suicide_is_done_and_not_green(session, nurse, noon) -> None:
    checked_in(session, nurse, noon)
    page = shown(signed_in(nurse), session)
    shapes = re.findall(r'verdict (verdict-[a-z-]+)">[^<]*</span> <a href="\?step=question-(suicide|ill)"', page)
    assert set(shapes) == {("verdict-asked", "suicide"), ("verdict-met", "ill")}


def test_the_pressure_gate_says_when_to_measure_again(session, nurse, doctor, noon) -> None:
    checked_in(session, nurse, noon)
    does(session, What.CHECK, nurse, noon + MINUTE / 60, row="pressure", value={"systolic": "165", "diastolic": "85"})
    page = shown(signed_in(nurse), session)
    assert "Measured: 165/85" in page
    assert "Measure again after rest" in page
    assert 'value="pressure"' not in page
    sends(signed_in(doctor), session, do="pressure", decided="delay", why="rest first")
    assert stands(session).pressure.told["go"] is False
    sends(signed_in(doctor), session, do="pressure", decided="go", why="usual for her")
    assert "Clear for the dose" in shown(signed_in(nurse), session)


def test_the_second_person_types_their_own_pin(session, nurse, doctor, noon, monkeypatch) -> None:
    checked_in(session, nurse, noon)
    does(session, What.CLEARED, nurse, noon)
    monkeypatch.setattr("daybreak.knowledge.sessions.second_person", lambda protocol: True)
    client = signed_in(nurse)
    assert "Okafor" in shown(client, session)
    pins.choose(doctor, pin="482913", again="482913", at=NOW)
    wrong = sends(client, session, do="time_out", second=str(doctor.id), pin="111111")
    assert wrong.status_code == 422
    assert sends(client, session, do="time_out", second=str(nurse.id), pin="x").status_code == 422
    assert stands(session).time_out is None
    own = {"second": str(doctor.id), "pin": "482913"}
    assert sends(client, session, do="time_out", **own, seen="another order").status_code == 409
    (seen,) = re.findall(r'name="seen" value="(\w+)"', shown(client, session))
    sends(client, session, do="time_out", **own, seen=seen)
    told = stands(session).time_out.told
    assert (told["second"], told["order"]["mg"]) == (str(doctor.id), "28")


def test_what_is_given_is_taken_with_the_time_out(session, nurse, noon) -> None:
    client = signed_in(nurse)
    checked_in(session, nurse, noon)
    does(session, What.CLEARED, nurse, noon)
    page = shown(client, session)
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    (lot,) = re.findall(r'<option value="([\w-]{36})" selected>', page)
    told = {"do": "time_out", "lot": lot, "mg": "56"}
    assert sends(client, session, **told, seen="another order").status_code == 409
    assert stock.usable(session.pk) == [], "both or neither"
    sends(client, session, **told, seen=seen)
    assert [one.left.mg for one in stock.usable(session.pk)] == [56]
    assert sends(client, session, do="dose")["Location"] == f"/sessions/{session.id}/", "another one follows"


def test_the_dose_has_its_button_and_its_reason(session, nurse, noon) -> None:
    client = signed_in(nurse)
    cleared(session, nurse, noon)
    assert "Dose 1 of 2: esketamine, 28 mg" in shown(client, session)
    sends(client, session, do="dose", lot="a17")
    assert stands(session).exposures[0].mg_low == 28
    page = shown(client, session)
    assert "The next device may follow in" in page
    assert sends(client, session, do="dose").status_code == 409
    partial = {"do": "dose", "amount": "other", "mg_low": "0", "mg_high": "28"}
    assert "Say why" in sends(client, session, **partial).content.decode()
    sends(client, session, do="pause")
    assert "Go on" in shown(client, session)
    sends(client, session, do="resume")
    sends(client, session, do="stop", why="dizzy")
    assert stands(session).phase is Phase.OBSERVING
    assert "To be watched until" in shown(client, session)


def test_rescue_cards_and_emergency_are_one_form_each(session, nurse, noon) -> None:
    client = signed_in(nurse)
    sends(client, session, do="rescue", kind="sedative", drug="midazolam", mg="1", route="iv", ordered_by="Dr Okafor")
    assert stands(session).rescues[0].told["watch_again"] is True
    sends(client, session, do="event", card="seizure")
    sends(client, session, do="event", text="asked for a blanket")
    assert client.post(f"/sessions/{session.id}/help/", {"key": str(ids.new())}, secure=True).status_code == 302
    page = shown(client, session)
    assert "An emergency is open" in page
    assert "Seizure" in page
    assert "asked for a blanket" in page
    sends(client, session, do="emergency_over")
    assert stands(session).emergency is None
    assert sends(client, session, do="nothing").status_code == 422


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_phase_has_its_page_in_both_languages(session, nurse, noon, language) -> None:
    client = signed_in(nurse)
    client.post("/language/", {"language": language, "next": "/"}, secure=True)
    checked_in(session, nurse, noon)
    for what, told in ((What.CLEARED, {}), (What.ENDED, {"outcome": "died"})):
        does(session, what, nurse, noon, **told)
        assert shown(client, session)


def test_the_page_asks_the_database_as_often_late_as_early(session, nurse, noon, django_assert_max_num_queries) -> None:
    client = signed_in(nurse)
    with django_assert_max_num_queries(15):
        shown(client, session)


def test_a_suicide_answer_leads_to_its_questions_and_to_the_safety_plan(session, nurse, doctor, noon) -> None:
    checked_in(session, nurse, noon)
    client = signed_in(nurse)
    assert "how, when or where" not in shown(client, session, "question-suicide_plan")
    sends(client, session, do="answer", question="suicide", answer="yes")
    assert "Do you intend to act" in shown(client, session, "question-suicide_intent")
    sends(client, session, do="answer", question="safety_plan", answer="no")
    assert "A prescriber decides: safety plan" in shown(client, session)
    assert 'disabled aria-describedby="why-not"' in shown(client, session, "clear")


def test_of_what_was_taken_somebody_says_what_and_since_when(session, nurse, noon) -> None:
    client = signed_in(nurse)
    told = {"do": "answer", "question": "cannabis", "answer": "yes"}
    assert "since when" in sends(client, session, **told).content.decode()
    assert "cannabis" not in stands(session).answers
    assert sends(client, session, **told, text="smoked, last night").status_code == 302


def test_whether_they_feel_safe_is_asked_once_in_a_series_and_kept_close(
    session, nurse, doctor, desk, chair, noon
) -> None:
    asked = "Do you feel safe with the person"
    assert asked in shown(signed_in(nurse), session, "question-feels_safe")
    told = {"question": "feels_safe", "answer": "no", "text": "my brother reads along"}
    does(session, What.ANSWERED, nurse, noon, **told)
    assert Task.objects.filter(what="treatment.task_feels_safe").count() == 1
    assert "my brother" not in shown(signed_in(nurse), session)
    assert "my brother" in shown(signed_in(doctor), session)
    does(session, What.ENDED, nurse, noon, outcome="cancelled", who="patient", why="x")
    second = booked(session.patient, chair, desk, starts=noon + 7 * 60 * MINUTE, step=2, at=noon)
    next_one = actions.begin(second, by=nurse, at=noon + MINUTE, key=ids.new())
    assert asked not in shown(signed_in(nurse), next_one, "question-feels_safe")
    assert asked in shown(signed_in(nurse), session, "question-feels_safe"), "that one stays as it was"


def test_what_was_taken_and_not_given_goes_back_only_unopened(session, nurse, noon) -> None:
    first = taken(session, nurse, noon)
    page = signed_in(nurse).get(f"/sessions/{session.id}/leave/", secure=True).content.decode()
    assert f"/cupboard/takes/{first.id}/" in page
    assert "only if it is unopened" in page
    told = {"outcome": "not_today", "why": "fever", "home": "ride", "safe": "no", "suicide_asked": "yes", "do": "end"}
    answer = signed_in(nurse).post(f"/sessions/{session.id}/leave/", {"key": str(ids.new()), **told}, secure=True)
    assert "a prescriber sees them now" in answer.content.decode()


def test_who_took_them_home_last_stands_there_marked_and_no_answer_is_copied(
    session, nurse, desk, chair, noon, patient
) -> None:
    does(session, What.ENDED, nurse, noon, outcome="cancelled", who="patient", why="x")
    second = booked(patient, chair, desk, starts=noon + 7 * 60 * MINUTE, step=2, at=noon)
    again = actions.begin(second, by=nurse, at=noon + MINUTE, key=ids.new())
    page = shown(signed_in(nurse), again, "home")
    assert 'value="Sam Keller"' in page
    assert "Name and phone are those of" in page
    assert "checked" not in page
    assert not stands(again).answers
    assert not stands(again).checks
