"""What does a test about who is at a site find ready? The people, the chair and the patient of the tests of courses."""

from __future__ import annotations

from tests.web.courses.conftest import chair, desk, doctor, noon, patient

__all__ = ["chair", "desk", "doctor", "noon", "patient"]
