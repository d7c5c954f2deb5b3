"""One sign for any page: `{% answered patient %}`, how far the intake has come, how long was evaluated, the safety plan."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count
from django.utils.translation import get_language

from daybreak.web import zones
from daybreak.web.assessments.plan import NAME
from daybreak.web.forms.models import UNUSED, Ended, Sitting
from daybreak.web.intake.asked import ONE
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.words import word

register = template.Library()
ASSESSMENT, PLAN = "assessment:", f"plan:{NAME}"
HOW = {Ended.FINISHED: "intake.finished", Ended.AS_FAR: "intake.as_far"}


@register.inclusion_tag("intake/_answered.html")
def answered(patient: Patient) -> dict[str, Any]:
    """By one query, whatever was asked."""
    found = Sitting.objects.filter(patient__in=queries.together(patient)).select_related("ending").order_by("-id")
    rows = [one for one in found.annotate(n=Count("answers__question", distinct=True)) if _counts(one)]
    intake = next((one for one in rows if one.form == ONE), None)
    rated = [one.ending.minutes for one in rows if one.form.startswith(ASSESSMENT) and hasattr(one, "ending")]
    minutes = [one for one in rated if one is not None]
    return {
        "patient": patient,
        "intake": intake,
        "intake_says": _said(intake, get_language()),
        "minutes": sum(minutes),
        "counted": len(minutes),
        "plan": next((one for one in rows if one.form == PLAN and hasattr(one, "ending")), None),
    }


def _counts(sitting: Sitting) -> bool:
    return not (hasattr(sitting, "ending") and sitting.ending.how in UNUSED)


def _said(intake: Any, language: str) -> str:
    if intake is None:
        return word("intake.not_asked", language)
    if not hasattr(intake, "ending"):
        return word("intake.open", language, n=intake.n, on=zones.today(intake.created).isoformat())
    return word(HOW[Ended(intake.ending.how)], language, on=zones.today(intake.ending.created).isoformat())
