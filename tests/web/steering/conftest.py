"""What does a test of a course in its weeks find ready? A patient who came to the first treatment of a course."""

from __future__ import annotations

import pytest

from daybreak.web.courses.models import What
from tests.web.courses.conftest import chair, decided, desk, doctor, noon, patient
from tests.web.courses.test_courses import begun, booked, happens

__all__ = ["chair", "decided", "desk", "doctor", "noon", "patient"]


@pytest.fixture
def course(patient, doctor, desk, chair, decided):
    row = begun(patient, doctor)
    happens(booked(patient, chair, desk, step=1), What.ARRIVED, desk)
    return row
