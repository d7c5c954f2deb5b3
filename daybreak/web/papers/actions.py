"""How is a paper kept, and how is a file held against what was kept?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.papers.models import Paper
from daybreak.web.patients.kinds import ORDINARY
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused

PDF, JSON, PNG, JPEG = "application/pdf", "application/fhir+json", "image/png", "image/jpeg"
ENDINGS = {PDF: "pdf", JSON: "json", PNG: "png", JPEG: "jpg"}
MOST = 20 * 1024 * 1024


@transaction.atomic
def keep(
    made: bytes,
    *,
    patient: Patient,
    kind: str,
    about: str,
    language: str,
    permission: Permission,
    by: Person | None,
    at: datetime,
    media_type: str = PDF,
    sensitivity: str = ORDINARY,
    **audited: Any,
) -> Paper:
    """Keep what was made, in the transaction of what it tells of. Who may is asked by the action that made it."""
    if not made or len(made) > MOST:
        raise Refused("papers.too_large", most=MOST // 1024 // 1024)
    row = Paper(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        kind=kind,
        about=about,
        language=language,
        media_type=media_type,
        sha256=sha256(made).hexdigest(),
        bytes=made,
        permission=permission,
        sensitivity=sensitivity,
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="paper_kept", who=by and by.id, at=at, subject=patient.id, **audited)
    return row


@dataclass(frozen=True, slots=True)
class Held:
    """One paper whose hash a file has, and whether the bytes that we keep still have it themselves."""

    paper: Paper
    intact: bool


def hold_against(file: bytes) -> list[Held]:
    """Every paper that is this file, the oldest first. None: we made no such paper, or the file was changed since."""
    digest = sha256(file).hexdigest()
    return [
        Held(paper, intact=sha256(bytes(paper.bytes)).hexdigest() == digest)
        for paper in Paper.objects.filter(sha256=digest).order_by("id")
    ]
