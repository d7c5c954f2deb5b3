"""Does a mailed offer say nothing on its way, hold for its time, and count when the patient answers?"""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.knowledge.schedules import notice_hours
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.courses.models import Booking, Why
from daybreak.web.courses.models import What as Happened
from daybreak.web.courses.state import standing
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.models import Message
from daybreak.web.people import grants
from daybreak.web.reach import standings
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.waitlist import actions
from daybreak.web.waitlist.models import MAIL, Event, What
from daybreak.web.waitlist.state import state
from tests.web.conftest import browser, signed_in
from tests.web.courses.test_courses import booked, happens
from tests.web.courses.test_today import other
from tests.web.reach.samples import reached
from tests.web.waitlist.test_waitlist import answers, offers, waits


@pytest.fixture
def wish(site, noon, patient, doctor, desk, chair, course):
    """The patient waits, and three days from now a time was given back."""
    row = booked(other(site, doctor, 5), chair, desk, starts=noon + timedelta(days=3), minutes=60, at=noon)
    happens(row, Happened.BY_CLINIC, desk, why=Why.CLINIC, at=noon)
    return waits(patient, site, desk)


@pytest.fixture
def offered(wish, noon, patient, desk, chair):
    """And it was offered by mail."""
    reached(patient, desk)
    return offers(wish, chair, desk, at=noon, starts=noon + timedelta(days=3), how=MAIL)


def opened(offer: Event):
    """A browser in which the patient pressed the button behind the link."""
    client = browser()
    link = Link.objects.get(subject=offer.id)
    assert client.post(f"/l/{token(link)}/", secure=True)["Location"] == "/offer/"
    return client


def page(client) -> str:
    return html.unescape(client.get("/offer/", secure=True).content.decode())


def says(client, do: str):
    return client.post("/offer/", {"do": do, "key": str(ids.new())}, secure=True)


def test_the_mail_says_nothing_and_the_link_ends_with_the_offer(offered, patient) -> None:
    message, link = Message.objects.get(patient=patient), Link.objects.get(subject=offered.id)
    assert message.link == link
    assert link.expires == offered.expires
    assert "Keller" not in page(opened(offered))


def test_who_takes_it_has_the_visit_and_nobody_else_is_asked(offered, wish, patient) -> None:
    client = opened(offered)
    assert "You could come on" in page(client)
    assert says(client, "accepted")["Location"] == "/offer/"
    row = Booking.objects.get(patient=patient)
    last = state(wish).events[-1]
    assert (last.what, last.booking, last.by) == (What.ACCEPTED, row, None)
    assert "It is yours" in page(client)
    assert says(client, "accepted").status_code == 409
    assert Booking.objects.filter(patient=patient).count() == 1


def test_who_does_not_keeps_the_place(offered, wish, patient) -> None:
    client = opened(offered)
    says(client, "declined")
    assert "Nothing changes for you" in page(client)
    assert state(wish).ended is None
    assert not Booking.objects.filter(patient=patient).exists()


@pytest.mark.parametrize("do", ["no_answer", "withdrawn", "offered", ""])
def test_nothing_else_can_be_said(offered, do) -> None:
    assert says(opened(offered), do).status_code == 422
    assert Event.objects.count() == 1


def test_what_the_desk_wrote_down_meanwhile_counts(offered, wish, desk, noon) -> None:
    client = opened(offered)
    actions.answer(wish, What.NO_ANSWER, seen=2, by=desk, at=noon, key=ids.new())
    assert "no longer" in page(client)
    assert says(client, "accepted").status_code == 409


def test_it_is_the_patients_own_act_also_when_whoever_offered_it_works_here_no_longer(
    offered, wish, desk, patient, doctor
) -> None:
    client = opened(offered)
    grants.disable(desk, by=None, at=datetime.now(UTC))
    assert says(client, "accepted").status_code == 302
    row = Booking.objects.get(patient=patient)
    assert (row.by, [one.by for one in row.events.all()]) == (None, [None])
    assert {one.by for one in Task.objects.filter(source__startswith=f"booking {row.id}")} == {None}
    lines = Line.objects.filter(subject=patient.id, action__in=("booked", "visit_booked", "wish_accepted"))
    assert {(one.who, one.via) for one in lines} == {(None, "link")}
    assert lines.count() == 3
    for language, said in (("zh-hans", "患者本人，通过链接"), ("en", "The patient, by a link")):
        seen = signed_in(doctor)
        seen.post("/language/", {"language": language, "next": "/"}, secure=True)
        assert said in seen.get(f"/patients/{patient.id}/bookings/{row.id}/", secure=True).content.decode()


def test_a_visit_is_moved_by_the_patient_as_well(offered, wish, noon, patient, doctor, desk, chair) -> None:
    mine = booked(patient, chair, desk, starts=noon + timedelta(days=6), minutes=60, at=noon)
    about = {"text": "", "by": desk, "at": noon, "key": ids.new()}
    actions.answer(wish, What.NO_ANSWER, seen=2, by=desk, at=noon, key=ids.new())
    actions.withdraw(wish, seen=3, **about)
    again = waits(patient, wish.site, desk, booking=mine, at=noon)
    made = offers(again, chair, desk, at=noon, starts=noon + timedelta(days=3), how=MAIL)
    client = opened(made)
    row = booked(other(wish.site, doctor, 8), chair, desk, starts=noon + timedelta(days=3), minutes=30, at=noon)
    refused = says(client, "accepted")
    assert (refused.status_code, "Call the clinic" in refused.content.decode()) == (409, True)
    happens(row, Happened.BY_CLINIC, desk, why=Why.CLINIC, at=noon)
    assert says(client, "accepted").status_code == 302
    assert standing(mine).starts == noon + timedelta(days=3)
    assert mine.events.last().by is None


def test_who_cannot_be_written_to_is_called(wish, noon, patient, desk, chair) -> None:
    with pytest.raises(Refused, match="Call and offer"):
        offers(wish, chair, desk, at=noon, starts=noon + timedelta(days=3), how=MAIL)
    assert not Event.objects.exists()
    assert not Link.objects.filter(purpose="offer").exists()
    assert "By mail" not in signed_in(desk).get("/waitlist/", secure=True).content.decode()
    reached(patient, desk)
    assert "By mail" in signed_in(desk).get("/waitlist/", secure=True).content.decode()


def test_the_word_that_stops_everything_closes_the_link(offered, patient, doctor) -> None:
    client = opened(offered)
    standings.say(patient, "stopped", since=None, note="", seen=0, by=doctor, at=datetime.now(UTC), key=ids.new())
    assert client.get("/offer/", secure=True).status_code == 404


def test_it_is_read_in_chinese(offered) -> None:
    client = opened(offered)
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    assert "我接受" in page(client)


def test_a_time_that_begins_soon_is_offered_by_phone_and_is_a_task(
    site, noon, patient, doctor, desk, chair, course
) -> None:
    reached(patient, desk)
    near, far = noon + timedelta(hours=3, minutes=59), noon + timedelta(hours=5)
    for n, starts in ((5, near), (6, far)):
        row = booked(other(site, doctor, n), chair, desk, starts=starts, minutes=60, at=noon)
        happens(row, Happened.BY_CLINIC, desk, why=Why.CLINIC, at=noon)
    wish, client = waits(patient, site, desk), signed_in(desk)
    shown = client.get("/waitlist/", secure=True).content.decode()
    assert (shown.count("offer_by_mail"), shown.count("Call and offer it, no mail")) == (1, 1)
    with pytest.raises(Refused, match="no mail is quick enough") as refused:
        offers(wish, chair, desk, at=noon, starts=near, how=MAIL)
    assert "请致电提供" in refused.value.sentence("zh-Hans")
    by_phone = offers(wish, chair, desk, at=noon, starts=near)
    assert by_phone.expires == near
    (task,) = still_open(Task.objects.filter(source=f"offer {by_phone.id}"))
    assert (task.owner, task.due) == (desk, near)
    answers(wish, What.NO_ANSWER, desk, at=noon)
    assert not still_open(Task.objects.filter(pk=task.pk))
    by_mail = offers(wish, chair, desk, at=noon, starts=far, how=MAIL)
    assert by_mail.expires == far - timedelta(hours=notice_hours()), "it leaves them the shortest notice"
    assert not Task.objects.filter(source=f"offer {by_mail.id}").exists()
