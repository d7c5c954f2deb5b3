"""What does a test of who watches find ready? A session that begins, as the tests of sessions have it."""

from __future__ import annotations

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
