"""One sign for any page: `{% consents patient_id %}`, to which treatment a patient has agreed, or that none holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import get_language

from daybreak.web import instant
from daybreak.web.consent import queries
from daybreak.web.consent.items import title
from daybreak.web.consent.models import Talk
from daybreak.web.patients.models import Patient
from daybreak.web.words import word

register = template.Library()
SAYS = {
    queries.VALID: "consent.holds",
    queries.EXPIRED: "consent.is_over",
    queries.WITHDRAWN: "consent.is_withdrawn",
    queries.BEGUN: "consent.is_begun",
    queries.ENDED: "consent.is_ended",
    queries.SERIES_OVER: "consent.is_for_an_earlier_series",
}


@register.inclusion_tag("consent/_consents.html", takes_context=True)
def consents(context: Any, patient_id: UUID) -> dict[str, Any]:
    """The state of each treatment's document, and the gate when none of them holds."""
    at = getattr(context.get("request"), "received_at", None) or instant.now()
    shown = context.get("patient")  # of most pages; it knows already with which records it is read as one
    patient = shown if isinstance(shown, Patient) and shown.pk == patient_id else Patient(pk=patient_id)
    told = [one for one in queries.talks(patient) if queries.for_treatment(one)]
    gate = queries.gate(told, {one.document for one in told}, at=at)
    language = get_language()
    lines = [
        {"state": queries.state(one, at=at), "sentence": sentence(one, at=at, language=language)}
        for one in queries.newest(told)
    ]
    return {"gate": gate and gate.sentence(language), "lines": lines, "patient_id": patient_id}


def sentence(talk: Talk, *, at: datetime, language: str) -> str:
    """Which document it is, and what holds now."""
    signature = getattr(talk, "signature", None)
    last = signature.last_day.isoformat() if signature else ""
    return word(SAYS[queries.state(talk, at=at)], language, title=title(talk, language), on=last)
