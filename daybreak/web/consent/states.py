"""May somebody consent at this minute? What speaks against it, as the parts of the clinic know it."""

from __future__ import annotations

from datetime import datetime

from django.utils.module_loading import import_string

from daybreak.web.patients.models import Patient
from daybreak.web.refusals import Refused

# Functions (patient, at) that give the id of a sentence while consent is not taken: between a first dose and discharge.
AGAINST: tuple[str, ...] = ()


def demand(patient: Patient, *, at: datetime) -> None:
    """Refused while any of them says why not."""
    for name in AGAINST:
        if (why := import_string(name)(patient, at)) is not None:
            raise Refused(why)
