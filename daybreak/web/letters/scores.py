"""Which of a patient's ratings stand in a letter, and how are they drawn on paper?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daybreak.clinical.records import AsOf, Observation
from daybreak.clinical.screening.view import View
from daybreak.knowledge import scales
from daybreak.knowledge.rules import words
from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.assessments import given, goals, trend
from daybreak.web.assessments.results import Rating, results
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Course
from daybreak.web.patients import kinds, older, records
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details, Entry, Patient


def most(
    patient: Patient, details: Details, rows: Sequence[Entry], *, leaves: frozenset[str]
) -> tuple[str, list[Rating]]:
    """The scale with most totals of those that know a remission, failing that of all, without what may not leave; ("", [])
    when there is no total."""
    hidden = [one.reference for one in rows if older.label(one) not in leaves]
    closed = [one for one in scales.ids() if kinds.sensitivity(Observation("", one, None)) not in leaves]
    every = results(patient, records.chart_of(details, rows), hidden=hidden, closed=closed).by_scale
    found = {scale: [one for one in ratings if one.total is not None] for scale, ratings in every.items()}
    best = max(found, key=lambda one: (bool(found[one]) and _remits(one), len(found[one])), default="")
    return (best, found[best]) if best and found[best] else ("", [])


def drawn(
    patient: Patient,
    details: Details,
    rows: Sequence[Entry],
    scale: str,
    ratings: Sequence[Rating],
    *,
    at: datetime,
    language: str,
) -> tuple[str, str]:
    """The drawing with the days of treatment, and the same in a sentence. Nothing else that was tried is drawn in it."""
    view = View(records.chart_of(details, rows), AsOf(zones.today(at), at), words())
    said = trend.message(scale, ratings, language)
    every = Course.objects.filter(patient__in=patients.together(patient)).select_related("end", "site").order_by("-id")
    marked, visits = goals.goals(scale, ratings, language), given.marks(every, courses.of(patient), language)
    return trend.drawn(scale, ratings, view, [], spoken(language), said, None, marked, visits), said


def _remits(scale: str) -> bool:
    return bool(scales.data(scale)["change"]["remission"])
