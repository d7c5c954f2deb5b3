"""What does a test about the waiting list find ready? What the tests of courses do, and a patient with a course who waits."""

from __future__ import annotations

import pytest

from tests.web.courses.conftest import chair, decided, desk, doctor, noon, patient
from tests.web.courses.test_courses import begun

__all__ = ["chair", "decided", "desk", "doctor", "noon", "patient"]


@pytest.fixture
def course(patient, doctor, decided):
    """An open course of the patient."""
    return begun(patient, doctor)
