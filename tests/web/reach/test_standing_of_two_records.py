"""Does what was said of one record stop what goes to the same person by another one?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import state
from daybreak.web.courses.models import Booking
from daybreak.web.links import actions as links
from daybreak.web.links.models import VISIT
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Result
from daybreak.web.patients import one_person
from daybreak.web.patients.models import Patient
from daybreak.web.patients.register import Stale
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting, queries, standings
from daybreak.web.reach.models import BACK, DIED, HOSPITAL, Standing
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.courses.samples import make as booked
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def other(site, nurse):
    """A second record of the same person, to which messages go."""
    row = registered(site, nurse, number="49", given_names="Ana")
    reached(row, nurse)
    return row


@pytest.fixture
def linked(patient, other, nurse, ines):
    told = {"at": NOW, "key": ids.new()}
    return one_person.second(
        one_person.claim(patient, other, reason="same mother", by=nurse, **told), by=ines, **{**told, "key": ids.new()}
    )


def fresh(row) -> Patient:
    """As whoever comes next reads it: `together` is asked once for an instance."""
    return Patient.objects.get(pk=row.pk)


def say(row, kind, by, *, seen=0, at=NOW) -> Standing:
    told = {"since": None, "note": "", "seen": seen, "by": by, "at": at, "key": ids.new()}
    return standings.say(fresh(row), kind, **told)


def test_nothing_goes_by_the_other_record_either(patient, other, linked, site, nurse) -> None:
    waiting = posting.to_patient(fresh(other), about=ids.new(), site=site, at=NOW)
    say(patient, DIED, nurse)
    assert posting.to_patient(fresh(other), about=ids.new(), site=site, at=LATER) is None
    assert delivery.deliver(LATER) == 0
    assert Result.objects.get(attempt__message=waiting).outcome == "held"
    assert queries.stopped([other.id, patient.id]) == {other.id, patient.id}
    assert queries.standing(fresh(other)).kind == DIED
    assert "Died, since" in signed_in(nurse).get(f"/patients/{other.id}/", secure=True).content.decode()


def called_off(patient, standing, *, by, at) -> None:
    CALLED.add(patient.id)


CALLED: set = set()


def test_what_is_planned_for_either_is_called_off_once(patient, other, linked, nurse, monkeypatch) -> None:
    CALLED.clear()
    monkeypatch.setattr(standings, "CALL_OFF", ["tests.web.reach.test_standing_of_two_records.called_off"])
    say(patient, DIED, nurse)
    assert {patient.id, other.id} == CALLED
    assert set(Task.objects.filter(what="reach.task_died").values_list("patient", flat=True)) == {patient.id, other.id}


def test_back_counts_for_the_person_and_stale_forms_are_noticed(patient, other, linked, nurse) -> None:
    say(patient, HOSPITAL, nurse)
    with pytest.raises(Stale):
        say(other, BACK, nurse, at=LATER)
    say(other, BACK, nurse, seen=1, at=LATER)
    assert queries.stopped([other.id, patient.id]) == set()
    assert queries.standing(fresh(patient)) is None


def test_what_each_was_told_before_they_were_linked_takes_nothing_back(patient, other, nurse, ines) -> None:
    say(patient, DIED, nurse)
    say(other, HOSPITAL, nurse)
    say(other, BACK, nurse, seen=1, at=LATER)
    assert queries.stopped([patient.id, other.id]) == {patient.id}
    told = {"at": LATER, "key": ids.new()}
    claim = one_person.claim(patient, other, reason="same mother", by=nurse, **told)
    one_person.second(claim, by=ines, **{**told, "key": ids.new()})
    assert queries.standing(fresh(other)).kind == DIED


def test_many_cost_as_many_questions_as_one(site, nurse, patient, other, linked, django_assert_num_queries) -> None:
    alone = registered(site, nurse, number="50", given_names="Bea")
    with django_assert_num_queries(3):
        queries.stopped([patient.id])
    with django_assert_num_queries(2):
        queries.stopped([patient.id, other.id, alone.id])


def test_linking_calls_off_what_was_planned_for_the_other(patient, other, site, nurse, ines) -> None:
    """Once, and with the tasks of a stop; what was stopped before stays as it was told then."""
    say(patient, DIED, nurse)
    before = Task.objects.count()
    booking = booked(other, site, nurse, starts=NOW + timedelta(days=3))
    link = links.make(purpose=VISIT, subject=booking.id, organisation_id=other.organisation_id, by=None, at=NOW)
    claim = one_person.claim(patient, other, reason="same mother", by=nurse, at=LATER, key=ids.new())
    assert state.standing(booking).last == "booked"
    one_person.second(claim, by=ines, at=LATER, key=ids.new())
    assert state.standing(Booking.objects.get()).last == "cancelled_by_clinic"
    assert link.events.get().kind == "revoked"
    new = Task.objects.order_by("id")[before:]
    assert {one.patient_id for one in new} == {other.id}
    assert "reach.task_died" in {one.what for one in new}
