"""What does a test of check-ins find ready? What a test of courses does, and a patient who wants to be written to."""

from __future__ import annotations

import json

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.courses.models import What as Visit
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.courses.conftest import chair, decided, desk, doctor, patient  # noqa: F401
from tests.web.courses.test_courses import begun, booked, happens
from tests.web.reach.samples import reached


@pytest.fixture
def course(patient, doctor, desk, decided):  # noqa: F811
    """A course of somebody who agreed to be written to."""
    reached(patient, desk)
    return begun(patient, doctor)


@pytest.fixture
def planned(course, chair, desk):  # noqa: F811
    """A treatment that is booked for it: `planned(starts)`."""
    return lambda starts, **other: booked(course.patient, chair, desk, starts=starts, **other)


@pytest.fixture
def given(course, chair, doctor, desk):  # noqa: F811
    """The patient came, and something was given in the session, by rows alone: `given(booking, at)`."""

    def give(booking, at):
        happens(booking, Visit.ARRIVED, desk, at=at)
        common = {"organisation_id": course.organisation_id, "created": at, "by": doctor}
        about = {"patient": course.patient, "site": course.site, "course": course, "protocol": course.protocol}
        session = Session.objects.create(id=ids.new(), booking=booking, chair=chair, **about, **common)
        moments = {"happened": at, "noted": at, "received": at, "key": ids.new(), "told": json.dumps({})}
        SessionEvent.objects.create(id=ids.new(), session=session, seq=1, what=What.DOSE, **moments, **common)

    return give
