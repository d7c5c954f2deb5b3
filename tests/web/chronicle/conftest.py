"""What does a test of the papers of a session find ready? What a test of sessions finds."""

from tests.web.treatment.conftest import (
    booking,
    chair,
    decided,
    desk,
    doctor,
    noon,
    nurse,
    patient,
    session,
    watched,
)

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
