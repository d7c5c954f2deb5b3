"""Is a course that was begun on one record of a person seen from the other record that is read as one with it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import gates, plans
from daybreak.web.courses.models import What
from daybreak.web.courses.state import standing
from daybreak.web.patients import one_person
from daybreak.web.patients.models import Patient
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict
from tests.web.conftest import NOW, signed_in
from tests.web.courses.test_courses import begun, booked, missing
from tests.web.patients.samples import registered
from tests.web.screening.samples import SOON


@pytest.fixture
def other(site, patient, doctor, person):
    """A second record of the same person; as whoever comes next reads it."""
    row = registered(site, doctor, number="49", given_names="Ana", language="English")
    nurse, told = person("lee", Role.NURSE), {"at": NOW}
    claim = one_person.claim(patient, row, reason="same mother", by=nurse, key=ids.new(), **told)
    one_person.second(claim, by=doctor, key=ids.new(), **told)
    return Patient.objects.get(pk=row.pk)


def test_it_is_that_of_a_visit_on_either_record_and_ends_it(
    patient, other, doctor, desk, chair, decided, django_assert_max_num_queries
) -> None:
    before = booked(other, chair, desk, starts=NOW + timedelta(days=8))
    assert "decision" in missing(before)
    course = begun(Patient.objects.get(pk=patient.pk), doctor)
    assert "decision" not in missing(before), "booked before the course was begun on the other record"
    row = standing(before)
    gates.missing([row], at=SOON)
    assert row.booking.course == course
    after = booked(other, chair, desk, step=1)
    assert (after.course, after.step) == (course, 1)
    assert "decision" not in missing(after)
    with pytest.raises(Conflict, match="another visit"):
        booked(Patient.objects.get(pk=patient.pk), chair, desk, starts=NOW + timedelta(days=6, minutes=-20))
    client = signed_in(desk)
    with django_assert_max_num_queries(21):
        client.get(f"/calendar/?day={(NOW + timedelta(days=6)).date()}", secure=True)
    plans.end(course, "completed", text="", by=doctor, at=SOON, key=ids.new())
    assert standing(after).last == What.BY_CLINIC
