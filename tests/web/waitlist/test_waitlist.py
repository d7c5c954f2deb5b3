"""Is time that was given back offered to one after another, the longest waiting first, and booked as any visit?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.knowledge.schedules import offer_hours
from daybreak.web import ids
from daybreak.web.courses import actions as courses
from daybreak.web.courses import chairs, gates
from daybreak.web.courses.models import Booking, Course, Visit, Why
from daybreak.web.courses.models import What as Happened
from daybreak.web.courses.state import standing
from daybreak.web.people import actions as people
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.referral.models import Event as Referred
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.waitlist import actions, queries
from daybreak.web.waitlist.models import Event, What, Wish
from daybreak.web.waitlist.state import state
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import booked, happens
from tests.web.courses.test_today import other
from tests.web.referral import samples as referrals
from tests.web.screening.samples import SOON

HOUR = timedelta(hours=1)
MONDAY = NOW + timedelta(days=6)  # 09:00
AT = SOON + HOUR


def with_course(patient, course) -> None:
    """By rows alone: as if a course of that wording had begun for this patient too."""
    row = Course.objects.get(pk=course.pk)
    row.pk, row.patient = ids.new(), patient
    row.save(force_insert=True)


def waits(patient, site, by, **told) -> Wish:
    wanted = {"booking": None, "visit": Visit.TREATMENT, "minutes": 60, "weekdays": "", "half": "any", "bed": False}
    wanted |= {"interpreter": False, "text": "", "at": SOON, "key": ids.new()}
    return actions.wait(patient, site, by=by, **wanted | told)


def gives_back(site, doctor, desk, chair, n: int = 9, *, starts=MONDAY, minutes: int = 120) -> Booking:
    """Somebody cancels."""
    row = booked(other(site, doctor, n), chair, desk, starts=starts, minutes=minutes)
    happens(row, Happened.BY_PATIENT, desk, why=Why.ILL, at=SOON)
    return row


def free(site, at=AT) -> list[tuple]:
    """Each free time: when it begins, hours from Monday nine; to whom it is offered; who is next."""
    return [
        (
            (one.slot.starts - MONDAY) / HOUR,
            one.offered and one.offered[0].patient_id,
            one.next and one.next[0].patient_id,
        )
        for one in queries.waitlist(site, at=at).free
    ]


def offers(wish, chair, by, *, at=AT, starts=MONDAY, **told) -> Event:
    return actions.offer(
        wish, chair=chair, starts=starts, by=by, at=at, **{"seen": seen(wish), "key": ids.new()} | told
    )


def answers(wish, what, by, *, at=AT, **told) -> Event:
    return actions.answer(wish, what, by=by, at=at, **{"seen": seen(wish), "key": ids.new()} | told)


def seen(wish) -> int:
    return state(wish).next


def test_who_waits_has_an_open_course_or_was_accepted(site, patient, desk) -> None:
    with pytest.raises(Refused, match="open course"):
        waits(patient, site, desk)


def test_an_accepted_referral_is_enough(site, patient, desk) -> None:
    row, common = referrals.made(site), {"organisation_id": site.organisation_id, "created": NOW, "by": desk}
    told = {"referral": row, **common}
    Referred.objects.create(id=ids.new(), seq=1, what="patient", patient=patient, **told)
    with pytest.raises(Refused, match="referral to it that was accepted"):
        waits(patient, site, desk)
    Referred.objects.create(id=ids.new(), seq=2, what="accepted", **told)
    assert waits(patient, site, desk, visit=Visit.ASSESSMENT)


def test_one_waits_once_and_no_longer(site, patient, desk, course) -> None:
    key = ids.new()
    wish = waits(patient, site, desk, key=key)
    assert waits(patient, site, desk, key=key) == wish
    with pytest.raises(Conflict, match="waits already"):
        waits(patient, site, desk)
    actions.withdraw(wish, text="found one", seen=1, by=desk, at=AT, key=ids.new())
    with pytest.raises(Conflict, match="no longer"):
        actions.withdraw(wish, text="", seen=2, by=desk, at=AT, key=ids.new())
    assert queries.waitlist(site, at=AT).waiting == []
    assert waits(patient, site, desk, at=AT)


@pytest.mark.parametrize("told", [{"visit": "party"}, {"half": "night"}, {"minutes": 1}, {"text": "x" * 1001}])
def test_what_cannot_be_wished_is_refused(site, patient, desk, course, told) -> None:
    with pytest.raises(Refused):
        waits(patient, site, desk, **told)
    assert not Wish.objects.exists()


# --- which time is free


def test_cancelled_moved_and_not_come_to_are_free_until_somebody_holds_it(
    site, patient, doctor, desk, chair, course
) -> None:
    waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    moved = booked(other(site, doctor, 3), chair, desk, starts=MONDAY + 4 * HOUR, minutes=60)
    about = {"chair": chair, "minutes": 60, "by": desk, "key": ids.new()}
    courses.move(moved, starts=MONDAY + 5 * HOUR, seen=2, at=SOON, **about)
    assert [one[0] for one in free(site)] == [0, 4]
    booked(other(site, doctor, 4), chair, desk, starts=MONDAY + HOUR / 2, minutes=30)
    assert [one[0] for one in free(site)] == [0, 1, 4]
    gone = booked(other(site, doctor, 5), chair, desk, starts=MONDAY + 8 * HOUR, minutes=120)
    happens(gone, Happened.NO_SHOW, desk, why=Why.NOT_SAID, at=MONDAY + 8.1 * HOUR)
    assert [one[0] for one in free(site, MONDAY + 8.1 * HOUR)] == [8.25]
    assert free(site, MONDAY + 10 * HOUR) == []


def test_a_chair_that_is_gone_is_offered_to_nobody(site, patient, doctor, desk, chair, course, person) -> None:
    gives_back(site, doctor, desk, chair)
    chairs.close(chair, by=person("ida", Role.ADMINISTRATOR), at=SOON)
    assert free(site) == []


@pytest.mark.parametrize(
    ("told", "suits"),
    [
        ({}, True),
        ({"weekdays": "0"}, True),
        ({"weekdays": "124"}, False),
        ({"half": "morning"}, True),
        ({"half": "afternoon"}, False),
        ({"minutes": 121}, False),
        ({"earliest": MONDAY.date()}, True),
        ({"earliest": MONDAY.date() + timedelta(days=1)}, False),
        ({"not_on": [MONDAY.date() - timedelta(days=1), MONDAY.date() + timedelta(days=1)]}, True),
        ({"not_on": [MONDAY.date()]}, False),
        ({"bed": True}, False),
    ],
)
def test_it_is_offered_to_whom_it_suits(site, patient, doctor, desk, chair, course, told, suits) -> None:
    waits(patient, site, desk, **told)
    gives_back(site, doctor, desk, chair)
    assert free(site) == [(0, None, patient.id if suits else None)]


def test_a_bed_of_which_nobody_said_anything_is_none(site, patient, doctor, desk, chair, course, person) -> None:
    ida = person("ida", Role.ADMINISTRATOR)
    waits(patient, site, desk, bed=True)
    gives_back(site, doctor, desk, chair)
    with pytest.raises(Forbidden):
        chairs.has_bed(chair, True, by=desk, at=SOON)
    chairs.has_bed(chair, True, by=ida, at=SOON)
    chairs.has_bed(chair, True, by=ida, at=SOON)
    assert free(site) == [(0, None, patient.id)]
    chairs.has_bed(chair, False, by=ida, at=AT)
    assert chair.beds.count() == 2
    assert free(site) == [(0, None, None)]


def test_only_earlier_time_suits_who_has_a_visit_and_none_beside_another(
    site, patient, doctor, desk, chair, course
) -> None:
    mine = booked(patient, chair, desk, starts=MONDAY + 6 * HOUR, minutes=60)
    waits(patient, site, desk, booking=mine)
    gives_back(site, doctor, desk, chair, starts=MONDAY + 8 * HOUR)
    assert free(site) == [(8, None, None)]
    gives_back(site, doctor, desk, chair, 8)
    assert free(site)[0] == (0, None, patient.id)
    booked(patient, chair, desk, visit=Visit.TALK, starts=MONDAY - HOUR / 2, minutes=30)
    assert free(site)[0] == (0, None, patient.id)
    second = chairs.add(chair.room, "2", by=_administrator(site), at=NOW)
    booked(patient, second, desk, visit=Visit.TALK, starts=MONDAY + HOUR / 2, minutes=30)
    assert free(site)[0] == (0, None, None)


def _administrator(site):
    from daybreak.web.people.models import Person

    return Person.objects.get(login="ada")


def test_nobody_is_offered_what_they_gave_back_or_a_second_treatment_on_one_day(
    site, patient, doctor, desk, chair, course
) -> None:
    mine = booked(patient, chair, desk, starts=MONDAY, minutes=60)
    waits(patient, site, desk)
    happens(mine, Happened.BY_PATIENT, desk, why=Why.WORK, at=SOON)
    assert free(site) == [(0, None, None)]
    gives_back(site, doctor, desk, chair, starts=MONDAY + 2 * HOUR)
    assert free(site)[1] == (2, None, patient.id)
    had = booked(patient, chair, desk, starts=MONDAY, minutes=60)
    assert free(site) == [(2, None, None)]
    happens(had, Happened.ARRIVED, desk, at=MONDAY)
    happens(had, Happened.LEFT, desk, at=MONDAY + HOUR)
    assert free(site, MONDAY + HOUR) == [(2, None, None)]


# --- one after another


def test_the_longest_waiting_comes_first_and_one_at_a_time(site, patient, doctor, desk, chair, course) -> None:
    second = other(site, doctor, 2)
    with_course(second, course)
    later = waits(second, site, desk, at=SOON + timedelta(minutes=1))
    first = waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    with pytest.raises(Conflict, match="Somebody else is next"):
        offers(later, chair, desk)
    key = ids.new()
    made = offers(first, chair, desk, key=key)
    assert offers(first, chair, desk, key=key, seen=1) == made
    assert made.expires == AT + timedelta(hours=offer_hours())
    assert free(site) == [(0, patient.id, None)]
    with pytest.raises(Conflict, match="offered already"):
        offers(later, chair, desk)
    answers(first, What.NO_ANSWER, desk)
    assert free(site) == [(0, None, second.id)], "who was asked once is not asked again"
    offers(later, chair, desk)
    over = AT + timedelta(hours=offer_hours())
    assert free(site, over) == [(0, None, None)]
    with pytest.raises(Conflict, match="offer is over"):
        answers(later, What.ACCEPTED, desk, at=over)
    answers(later, What.DECLINED, desk, at=over)
    with pytest.raises(Conflict, match="Nothing is offered"):
        answers(later, What.DECLINED, desk, at=over)
    assert len(queries.waitlist(site, at=over).waiting) == 2, "they still wait"


def test_an_offer_never_outlasts_the_time_it_is_about(site, patient, doctor, desk, chair, course) -> None:
    wish = waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    assert offers(wish, chair, desk, at=MONDAY - HOUR).expires == MONDAY


def test_taken_it_is_booked_tentative_for_the_next_visit_of_the_plan(
    site, patient, doctor, desk, chair, course
) -> None:
    wish = waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    offers(wish, chair, desk)
    key = ids.new()
    done = answers(wish, What.ACCEPTED, desk, key=key)
    assert answers(wish, What.ACCEPTED, desk, key=key, seen=2) == done
    row = Booking.objects.get(patient=patient)
    now = standing(row)
    assert (done.booking, row.step, now.starts, now.ends) == (row, 1, MONDAY, MONDAY + HOUR)
    assert [one.id for one in gates.missing([now], at=AT)[row.id]] == ["payment", "consent"]
    assert free(site) == [(1, None, None)]
    assert queries.waitlist(site, at=AT).waiting == []


def test_taken_instead_of_a_visit_that_visit_is_moved_and_frees_its_time(
    site, patient, doctor, desk, chair, course
) -> None:
    mine = booked(patient, chair, desk, starts=MONDAY + 6 * HOUR, minutes=60)
    wish = waits(patient, site, desk, booking=mine)
    gives_back(site, doctor, desk, chair)
    offers(wish, chair, desk)
    answers(wish, What.ACCEPTED, desk)
    assert standing(mine).starts == MONDAY
    assert [one[0] for one in free(site)] == [1, 6]


def test_a_visit_that_was_cancelled_meanwhile_is_not_moved(site, patient, doctor, desk, chair, course) -> None:
    mine = booked(patient, chair, desk, starts=MONDAY + 6 * HOUR, minutes=60)
    wish = waits(patient, site, desk, booking=mine)
    with pytest.raises(Refused):
        waits(other(site, doctor, 3), site, desk, booking=mine)
    happens(mine, Happened.BY_PATIENT, desk, why=Why.ILL, at=SOON)
    gives_back(site, doctor, desk, chair)
    offers(wish, chair, desk)
    assert answers(wish, What.ACCEPTED, desk).booking != mine


def test_time_that_somebody_took_meanwhile_is_not_booked_twice(site, patient, doctor, desk, chair, course) -> None:
    wish = waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    offers(wish, chair, desk)
    booked(other(site, doctor, 4), chair, desk, minutes=30, at=AT)
    with pytest.raises(Conflict, match="taken"):
        answers(wish, What.ACCEPTED, desk)
    assert state(wish).offer is not None
    with pytest.raises(Conflict, match="free no longer"):
        offers(wish, chair, desk)


def test_stale_forms_and_strangers_are_refused(site, patient, doctor, desk, chair, course, person) -> None:
    wish = waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    offers(wish, chair, desk)
    with pytest.raises(Conflict, match="meanwhile"):
        answers(wish, What.ACCEPTED, desk, seen=1)
    with pytest.raises(Forbidden):
        answers(wish, What.ACCEPTED, person("ada3", Role.ADMINISTRATOR))
    with pytest.raises(Refused):
        answers(wish, What.WITHDRAWN, desk)
    for model in (Wish, Event):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(created=NOW)


def test_nothing_is_offered_to_whom_nothing_goes(site, patient, doctor, desk, chair, course) -> None:
    waits(patient, site, desk)
    gives_back(site, doctor, desk, chair)
    standings.say(patient, "stopped", since=None, note="", seen=0, by=doctor, at=SOON, key=ids.new())
    assert free(site) == [(0, None, None)]


# --- the pages


def page(client, address) -> str:
    return html.unescape(client.get(address, secure=True).content.decode())


def test_from_the_wish_to_the_visit_by_hand(site, noon, patient, doctor, desk, chair, course) -> None:
    client, where = signed_in(desk), f"/patients/{patient.id}/waitlist/"
    told = {"key": str(ids.new()), "do": "wait", "site": str(site.id), "visit": "treatment", "minutes": "60"}
    told |= {"half": "any", "weekday": [str(n) for n in range(7)]}
    assert client.post(where, told | {"minutes": "x", "key": str(ids.new())}, secure=True).status_code == 422
    for _ in range(2):
        assert client.post(where, told, secure=True).status_code == 302
    wish = Wish.objects.get()
    assert wish.weekdays == "0123456"
    starts = noon + timedelta(days=3)
    row = booked(other(site, doctor, 5), chair, desk, starts=starts, minutes=60, at=noon)
    happens(row, Happened.BY_CLINIC, desk, why=Why.CLINIC, at=noon)
    listed = page(client, "/waitlist/")
    assert "Keller Anna" in listed
    about = {"wish": str(wish.id), "site": str(site.id)}
    asked = {"do": "offer", "chair": str(chair.id), "starts": starts.isoformat(), "seen": "1", "key": str(ids.new())}
    for _ in range(2):
        assert client.post("/waitlist/", about | asked, secure=True).status_code == 302
    assert "holds until" in page(client, "/waitlist/")
    stale = {"do": "declined", "seen": "1", "key": str(ids.new())}
    assert client.post("/waitlist/", about | stale, secure=True).status_code == 409
    taken = {"do": "accepted", "seen": "2", "key": str(ids.new())}
    assert client.post("/waitlist/", about | taken, secure=True).status_code == 302
    assert Booking.objects.filter(patient=patient).count() == 1
    assert "Nobody waits." in page(client, "/waitlist/")
    assert "taken" in page(client, where)
    assert (
        client.post("/waitlist/", about | {"do": "party", "seen": "3", "key": str(ids.new())}, secure=True).status_code
        == 422
    )
    assert client.post("/waitlist/", about | {"do": "accepted", "key": str(ids.new())}, secure=True).status_code == 400


def test_days_are_typed_read_and_refused_in_their_field(site, patient, desk, course, chair) -> None:
    client, where = signed_in(desk), f"/patients/{patient.id}/waitlist/"
    told = {"do": "wait", "site": str(site.id), "visit": "treatment", "minutes": "60", "half": "any"}
    told |= {"earliest": "2030-01-02", "not_on": "2030-01-09，2030-01-07 2030-01-07"}

    def posts(**other):
        answer = client.post(where, told | {"key": str(ids.new())} | other, secure=True)
        return answer.status_code, html.unescape(answer.content.decode())

    many = " ".join(str(MONDAY.date() + timedelta(days=n)) for n in range(40))
    for field, wrong in (("not_on", "2030-01-09 soon"), ("earliest", "soon"), ("not_on", many)):
        status, said = posts(**{field: wrong})
        assert (status, f'data-field="{field}"' in said) == (422, True)
    mine = booked(patient, chair, desk, starts=MONDAY + timedelta(days=4000), minutes=60)
    late = {"earliest": "2099-01-01", "booking": str(mine.id)}
    assert "would be moved is on" in posts(**late)[1]
    assert posts()[0] == 302
    wish = Wish.objects.get()
    assert wish.not_on == "2030-01-07 2030-01-09"
    assert "not before 2030-01-02 · not on 2030-01-07, 2030-01-09" in page(client, where)


def test_it_is_read_in_chinese(site, patient, desk, course) -> None:
    waits(patient, site, desk, weekdays="0", half="morning")
    client = signed_in(desk)
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    assert "周一 · 上午" in page(client, "/waitlist/")
    assert "等候中" in page(client, f"/patients/{patient.id}/waitlist/")


def test_another_site_sees_nothing_of_it(site, patient, doctor, desk, chair, course, person) -> None:
    wish = waits(patient, site, desk)
    people.found(organisation="Dawn", site="Harbour", rooms=["R"], at=NOW)
    hana = signed_in(person("hana", Role.NURSE, at_site=Site.objects.get(name="Harbour")))
    assert hana.get(f"/patients/{patient.id}/waitlist/", secure=True).status_code == 404
    assert "Keller" not in page(hana, f"/waitlist/?site={site.id}")
    told = {"wish": str(wish.id), "site": str(site.id), "do": "declined", "seen": "1", "key": str(ids.new())}
    assert hana.post("/waitlist/", told, secure=True).status_code == 422
    with pytest.raises(Forbidden):
        actions.withdraw(wish, text="", seen=1, by=person("han2", Role.PHARMACIST), at=AT, key=ids.new())


def test_the_page_asks_as_little_for_many_as_for_one(
    site, noon, patient, doctor, desk, chair, course, django_assert_max_num_queries
) -> None:
    for n in range(3, 8):
        one = other(site, doctor, n)
        with_course(one, course)
        waits(one, site, desk)
        row = booked(other(site, doctor, n + 20), chair, desk, starts=noon + timedelta(days=n), minutes=60, at=noon)
        happens(row, Happened.BY_CLINIC, desk, why=Why.CLINIC, at=noon)
    client = signed_in(desk)
    client.get("/waitlist/", secure=True)
    with django_assert_max_num_queries(15):
        assert page(client, "/waitlist/").count("<bdi>Other3") >= 2
