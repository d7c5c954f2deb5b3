"""Is whoever gets what a visit lacks asked again when it is lost, once, and with time left to act?"""

from __future__ import annotations

from datetime import timedelta

from daybreak.knowledge.spans import span
from daybreak.web import ids
from daybreak.web.consent import actions as consents
from daybreak.web.courses import asks
from daybreak.web.courses.models import What, Why
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from tests.web.authorisation.samples import signed_for
from tests.web.conftest import NOW
from tests.web.courses.test_courses import agreed, begun, booked, happens
from tests.web.courses.test_today import other
from tests.web.screening.samples import SOON

STARTS = NOW + timedelta(days=6)
HOUR = timedelta(hours=1)


def asked(booking, gate: str = "consent") -> list[Task]:
    return list(Task.objects.filter(source__startswith=f"booking {booking.id} {gate} ").order_by("id"))


def withdrawn(patient, by, at) -> None:
    consents.withdraw(patient.talks.get().signature, reason="", by=by, at=at)


def test_what_is_lost_again_is_asked_for_again_once(site, patient, doctor, desk, chair, decided) -> None:
    begun(patient, doctor)
    booking = booked(patient, chair, desk, step=1)
    signed_for(patient, site, desk)
    agreed(patient, doctor)
    assert asks.anew(at=SOON) == 0, "what nobody has got yet is asked for already"
    asks.settle(at=SOON)
    assert asks.anew(at=SOON) == 0, "what is there is not asked for"
    withdrawn(patient, doctor, SOON + HOUR)
    assert [asks.anew(at=SOON + HOUR) for _ in range(2)] == [1, 0]
    first, second = asked(booking)
    assert (second.role, second.by, second.due) == (Role.NURSE, None, STARTS - timedelta(days=2))
    assert list(still_open(Task.objects.filter(source__startswith="booking"))) == [second]
    assert first.due == second.due


def test_what_was_there_when_it_was_booked_and_is_lost_on_the_day_leaves_time_to_act(
    patient, doctor, desk, chair, decided
) -> None:
    begun(patient, doctor)
    agreed(patient, doctor)
    booking = booked(patient, chair, desk, step=1)
    assert asked(booking) == []
    late = STARTS - 3 * HOUR
    withdrawn(patient, doctor, late)
    asks.anew(at=late)
    (task,) = asked(booking)
    assert task.due == late + span("asked-least")
    tasks.close(task, result="done", text="", by=doctor, at=STARTS - HOUR / 2, key=ids.new())
    asks.anew(at=STARTS - HOUR / 2)
    assert asked(booking)[-1].due == STARTS, "called done, and it is not there: asked anew, for before it begins"
    tasks.close(
        asked(booking)[-1], result="not_needed", text="they talk", by=doctor, at=STARTS - HOUR / 4, key=ids.new()
    )
    assert asks.anew(at=STARTS - HOUR / 5) == 0, "what somebody said is not needed is not asked for again"


def test_a_visit_that_is_lost_asks_nobody_and_asks_again_when_that_was_a_slip(patient, desk, chair) -> None:
    booking = booked(patient, chair, desk)
    happens(booking, What.ARRIVED, desk, at=STARTS - HOUR)
    assert asks.settle(at=STARTS - HOUR) == 3
    assert asks.anew(at=STARTS - HOUR) == 0
    happens(booking, What.BACK, desk, at=STARTS - HOUR / 2)
    assert asks.anew(at=STARTS - HOUR / 2) == 3
    happens(booking, What.BY_CLINIC, desk, why=Why.CLINIC, at=STARTS - HOUR / 3)
    asks.settle(at=STARTS - HOUR / 3)
    assert asks.anew(at=STARTS - HOUR / 4) == 0


def test_looking_ahead_costs_no_more_for_many_and_leaves_none_out(
    site, doctor, patient, desk, chair, decided, django_assert_max_num_queries, monkeypatch
) -> None:
    begun(patient, doctor)
    agreed(patient, doctor)
    booked(patient, chair, desk, step=1, starts=STARTS + 7 * HOUR, minutes=30)
    for n in range(6):
        booked(other(site, doctor, n + 5), chair, desk, starts=STARTS + n * HOUR, minutes=30)
    with django_assert_max_num_queries(16):
        assert asks.anew(at=SOON) == 0
    monkeypatch.setattr(asks, "AT_ONCE", 4)
    withdrawn(patient, doctor, SOON)
    assert asks.anew(at=SOON) == 1, "in whichever part it is"
