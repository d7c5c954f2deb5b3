"""How is every signed consent of a patient told to another system, and that it was taken back?"""

from __future__ import annotations

from datetime import datetime

from daybreak.exchange.fhir.resources import Json
from daybreak.exchange.fhir.writer import consent
from daybreak.web import zones
from daybreak.web.consent import queries
from daybreak.web.consent.items import title
from daybreak.web.consent.models import Talk
from daybreak.web.consent.queries import for_treatment
from daybreak.web.patients.models import Patient


def resources(patient: Patient, *, language: str, at: datetime) -> list[Json]:
    """One FHIR Consent for each signature, the oldest first, as it stands at that moment. A talk without one is none."""
    signed = [talk for talk in reversed(queries.talks(patient)) if hasattr(talk, "signature")]
    return [_one(talk, patient, language=language, at=at) for talk in signed]


def _one(talk: Talk, patient: Patient, *, language: str, at: datetime) -> Json:
    signature = talk.signature
    taken_back = getattr(signature, "withdrawal", None)
    over = taken_back.created if taken_back else talk.series_over
    last = zones.day(over, talk.site.zone) if over else signature.last_day
    return consent(
        id=str(signature.id),
        patient=f"Patient/{patient.id}",
        title=title(talk, language),
        version=talk.version,
        research=not for_treatment(talk),
        holds=queries.state(talk, at=at) == queries.VALID,
        signed=signature.created,
        until=min(last, signature.last_day),
        by=talk.representative,
        media_type="application/pdf",
        language=talk.language,
        read_in=signature.read_in or "",
    )
