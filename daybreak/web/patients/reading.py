"""Who read a record? A line for it, and one for each record that is read as one with it: each is somebody's own trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.web.audit import trail
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient


def read(what: str, patient: Patient, *, who: UUID, at: datetime, object_id: UUID | None = None, **about: Any) -> None:
    """What was read is `object_id`, or the record itself."""
    for record in queries.together(patient):
        trail.read(what, who=who, at=at, object_id=object_id or record, subject=record, **about)
