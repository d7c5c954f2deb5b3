"""Is a patient reminded once of each time, told what their protocol asks, and never after everything to them has stopped?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from daybreak.knowledge.consents import documents_for
from daybreak.knowledge.protocols import protocol_ids
from daybreak.knowledge.schedules import before, reminders
from daybreak.web import ids, zones
from daybreak.web.consent import actions as withdrawing
from daybreak.web.courses import actions
from daybreak.web.courses.models import Booking, Reminder, What, Why
from daybreak.web.courses.reminders import remind_due
from daybreak.web.courses.state import standing
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.models import Message
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting, standings
from daybreak.web.screening import actions as screening
from daybreak.web.screening.judging import judge
from daybreak.web.words import word
from tests.web.conftest import NOW, browser, signed_in
from tests.web.consent import samples as consent
from tests.web.courses.test_courses import agreed, begun, booked
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached
from tests.web.screening import samples as signed
from tests.web.screening.samples import SOON, US

STARTS = NOW + timedelta(days=6)


@pytest.fixture
def planned(patient, doctor, decided):
    """A course from a signed decision, to which the patient has agreed."""
    begun(patient, doctor)
    agreed(patient, doctor)
    return patient


@pytest.fixture
def written(planned, desk):
    """Who moreover wants to be written to."""
    reached(planned, desk)
    return planned


def planned_too(site, doctor):
    """Another patient of whom all that is known."""
    other = registered(site, doctor, number="B2", family_name="Other", language="English")
    signed.told(other, doctor)
    seen = judge(other, site, at=SOON).seen
    told = {"protocol": US, "outcome": "treat", "review_on": None, "language": "en", "site": site, "seen": seen}
    screening.sign(other, **told, by=doctor, at=SOON, key=ids.new())
    begun(other, doctor)
    agreed(other, doctor)
    return other


def at(hours: float) -> datetime:
    """So many hours before the visit."""
    return STARTS - timedelta(hours=hours)


def test_each_time_is_told_once_and_not_too_early(written, desk, chair) -> None:
    booked(written, chair, desk)
    longest, shortest = reminders()[0], reminders()[-1]
    assert remind_due(at=at(longest + 1)) == 0
    assert remind_due(at=at(longest - 0.1)) == 1
    assert remind_due(at=at(longest - 0.2)) == 0
    assert remind_due(at=at(shortest - 0.1)) == 1
    assert remind_due(at=at(shortest - 1)) == 0
    assert Message.objects.filter(patient=written).count() == 2
    assert Reminder.objects.count() == 2


def test_of_two_that_are_due_at_once_one_goes_out(written, desk, chair) -> None:
    booked(written, chair, desk)
    assert remind_due(at=at(1)) == 1
    assert Message.objects.filter(patient=written).count() == 1
    assert Reminder.objects.count() == len(reminders())


def test_a_visit_that_was_moved_is_told_anew(written, desk, chair) -> None:
    booking = booked(written, chair, desk)
    assert remind_due(at=at(1)) == 1
    told = {"chair": chair, "minutes": 60, "by": desk, "at": at(0.9)}
    actions.move(booking, starts=STARTS + timedelta(days=4), seen=2, key=ids.new(), **told)
    assert remind_due(at=at(0.8)) == 0
    assert remind_due(at=STARTS + timedelta(days=3, hours=23)) == 1


@pytest.mark.parametrize("what", [What.BY_PATIENT, What.BY_CLINIC])
def test_nobody_is_reminded_of_what_was_cancelled(written, desk, chair, what) -> None:
    booking = booked(written, chair, desk)
    actions.happened(booking, what, why=Why.ILL, text="", seen=2, by=desk, at=SOON, key=ids.new())
    assert remind_due(at=at(1)) == 0
    assert not Message.objects.filter(patient=written).exists()


def test_a_visit_that_goes_wrong_holds_back_no_other_and_is_tried_again(
    site, written, doctor, desk, chair, monkeypatch, caplog
) -> None:
    bad = booked(written, chair, desk)
    other = planned_too(site, doctor)
    good = booked(other, chair, desk, starts=STARTS + timedelta(hours=4))
    put = posting.to_patient

    def fails(patient, **told):
        if patient == written:
            raise ValueError("Keller")
        return put(patient, **told)

    monkeypatch.setattr(posting, "to_patient", fails)
    assert remind_due(at=at(1)) == 0
    assert set(Reminder.objects.values_list("booking", flat=True)) == {good.id}
    assert not Link.objects.filter(subject=bad.id).exists()
    assert f"visit {bad.id} could not be made: ValueError" in caplog.text
    assert "Keller" not in caplog.text
    monkeypatch.undo()
    assert remind_due(at=at(0.9)) == 1


def test_nothing_goes_out_after_the_word_that_stops_everything(written, doctor, desk, chair) -> None:
    booked(written, chair, desk)
    standings.say(written, "stopped", since=None, note="", seen=0, by=doctor, at=SOON, key=ids.new())
    assert remind_due(at=at(1)) == 0
    assert not Message.objects.filter(patient=written).exists()


def test_who_cannot_be_written_to_is_somebody_elses_task(planned, desk, chair) -> None:
    booked(planned, chair, desk)
    assert remind_due(at=at(1)) == 0
    assert remind_due(at=at(0.9)) == 0
    assert Reminder.objects.filter(message__isnull=True).count() == len(reminders())


def test_who_says_yes_after_a_reminder_was_due_gets_it_then_and_the_next_in_its_time(planned, desk, chair) -> None:
    booked(planned, chair, desk)
    longest, shortest = reminders()[0], reminders()[-1]
    assert remind_due(at=at(longest - 0.1)) == 0
    reached(planned, desk)
    assert [remind_due(at=at(longest - 1)) for _ in range(2)] == [1, 0]
    assert [remind_due(at=at(shortest - 0.1)) for _ in range(2)] == [1, 0]
    sent = Reminder.objects.filter(message__isnull=False)
    assert sorted(sent.values_list("hours", flat=True)) == sorted((longest, shortest))
    assert Message.objects.filter(patient=planned).count() == 2


def test_who_says_yes_shortly_before_gets_one_and_who_stopped_or_has_begun_none(planned, doctor, desk, chair) -> None:
    booked(planned, chair, desk)
    assert [remind_due(at=at(n)) for n in (reminders()[0] - 1, reminders()[-1] - 1)] == [0, 0]
    reached(planned, desk)
    assert remind_due(at=STARTS) == 0
    assert [remind_due(at=at(0.5)), remind_due(at=at(0.4))] == [1, 0]
    assert Message.objects.filter(patient=planned).count() == 1


def test_the_patient_reads_what_to_do_and_says_how_they_get_home(
    site,
    written,
    doctor,
    desk,
    chair,
) -> None:
    booked(written, chair, desk, step=1, starts=datetime.now(UTC) + timedelta(hours=20), at=datetime.now(UTC))
    remind_due(at=datetime.now(UTC))
    message = Message.objects.get(patient=written)
    client = browser()
    assert client.post(f"/l/{token(Link.objects.get(pk=message.link_id))}/", secure=True)["Location"] == "/visit/"
    page = html.unescape(client.get("/visit/", secure=True).content.decode())
    assert "Eat nothing in the two hours before" in page
    assert "In these first weeks the visits are close together" in page
    assert "call the clinic before you leave" in page
    assert "Whoever prepares your visit reads this, not at once" in page
    assert 'href="tel:988"' in page
    assert "Times on this page are those of" not in page
    assert "Keller" not in page
    told = {"home": "accompanied", "name": "Ben", "phone": "", "key": str(ids.new())}
    assert client.post("/visit/", told, secure=True).status_code == 422
    assert client.post("/visit/", told | {"phone": "555"}, secure=True).status_code == 302
    home = standing(Booking.objects.get()).way_home
    assert (home.home, home.with_name, home.by) == ("accompanied", "Ben", None)


def test_nobody_is_told_to_come_and_fast_without_a_decision_or_after_taking_consent_back(
    patient, doctor, desk, chair, decided
) -> None:
    reached(patient, desk)
    now = datetime.now(UTC)
    booked(patient, chair, desk, starts=now + timedelta(hours=20), at=now)
    assert remind_due(at=now) == 0, "no course, so no decision that it comes from"
    begun(patient, doctor)
    assert remind_due(at=now) == 0, "no consent"
    (document,) = documents_for(US)
    signature = consent.signed(patient, doctor, document)
    assert remind_due(at=now) == 1, "it leaves as soon as all is there, and belongs to the course that began later"
    message = Message.objects.get(patient=patient)
    client = browser()
    client.post(f"/l/{token(Link.objects.get(pk=message.link_id))}/", secure=True)
    assert "Eat nothing" in client.get("/visit/", secure=True).content.decode()
    withdrawing.withdraw(signature, reason="", by=doctor, at=now)
    page = html.unescape(client.get("/visit/", secure=True).content.decode())
    assert "not certain yet" in page
    assert "Eat nothing" not in page
    assert "You are expected" not in page


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_late_reminder_says_clock_times_of_the_patient_and_whom_to_call(site, planned, desk, chair, language) -> None:
    Site.objects.filter(pk=site.pk).update(zone="America/Los_Angeles", phone="+1 555 0100")
    reached(planned, desk, zone="Asia/Shanghai")
    now = datetime.now(UTC)
    starts = now + timedelta(minutes=75)
    booked(planned, chair, desk, step=1, starts=starts, at=now)
    assert remind_due(at=now) == 1
    client = browser()
    client.cookies["language"] = language
    client.post(f"/l/{token(Link.objects.get(purpose='visit'))}/", secure=True)
    page = html.unescape(client.get("/visit/", secure=True, HTTP_ACCEPT_LANGUAGE=language).content.decode())
    food, *_ = before(US, language, phase="induction")
    with timezone.override("Asia/Shanghai"):
        clock, day = zones.clock(starts - timedelta(hours=2)), zones.minute(starts)
    with timezone.override("America/Los_Angeles"):
        there = zones.minute(starts)
    assert day in page
    assert word("courses.from_clock", language, clock=clock) in page
    assert food.since.format(clock=clock, clinic="+1\N{NO-BREAK SPACE}555\N{NO-BREAK SPACE}0100") in page
    assert word("courses.their_clock", language, zone="Asia/Shanghai", there=there) in page
    assert 'href="tel:+1 555 0100"' in page


@pytest.mark.parametrize("protocol", protocol_ids())
def test_nothing_that_is_told_says_to_leave_a_medicine_out(protocol) -> None:
    told = before(protocol, "en", phase=None)
    phases = [before(protocol, "en", phase=phase) for phase in ("induction", "optimisation", "maintenance")]
    assert [len(one) - len(told) for one in phases] == [1, 1, 1]
    assert len({one[-1].words for one in phases}) == 3
    said = [text for one in (*told, *(last for *_, last in phases)) for text in (one.words, one.since)]
    assert len(told) >= 4
    assert before(protocol, "zh-Hans", phase=None)
    forbidden = re.compile(r"\b(stop|skip|omit|leave out|do not take|pause)\b", re.IGNORECASE)
    assert [one for one in said if forbidden.search(one)] == []


def test_an_administrator_sees_no_such_page(person) -> None:
    assert signed_in(person("ada", Role.ADMINISTRATOR)).get("/visit/", secure=True).status_code == 404
