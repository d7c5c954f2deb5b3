"""The page on which every dose of a patient stands beside the score and the dissociation of its time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.clinical.treatment.units import written
from daybreak.knowledge import scales
from daybreak.web.access import needs
from daybreak.web.dosing import drawn, given, worked
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.words import known, word


@needs(Permission.READ_PATIENTS)
@require_safe
def history(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every dose that is known of, given here or elsewhere, as a drawing and as a table."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    lang = known(get_language())
    entries = records.current(patient)
    closed = hidden(patient, by=request.person, allowed=allowed)
    doses = given.doses(patient, entries)
    scores = worked.scores([one for one in entries if one.id not in closed])
    most = sum(max(item.values(), default=1) for item in scales.scale(worked.SCORE).items)
    shown: dict[str, Any] = {
        "svg": drawn.drawn(doses, scores, most_score=most, lang=lang),
        "doses": [_told(one, lang) for one in reversed(doses)],
        "scores": [(day.isoformat(), written(score)) for day, score in reversed(scores)],
    }
    return show(request, patient, "dosing/history.html", **shown)


def _told(one: given.Dose, lang: str) -> dict[str, str]:
    unknown = word("dosing.not_known", lang)
    if one.low_mg is None or one.high_mg is None:
        mg = unknown
    elif one.low_mg == one.high_mg:
        mg = written(one.low_mg)
    else:
        mg = word("dosing.between", lang, low=written(one.low_mg), high=written(one.high_mg))
    return {
        "day": one.day.isoformat() if one.day else unknown,
        "product": word(f"choice.{one.product}", lang),
        "route": one.route,
        "mg": mg,
        "dissociation": unknown if one.dissociation is None else str(one.dissociation),
    }
