"""One sign for any page: `{% answered patient %}`, how far the intake has come, how long was evaluated, the safety plan."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import get_language

from daybreak.web import zones
from daybreak.web.assessments.plan import NAME
from daybreak.web.checkins import before
from daybreak.web.forms.answering import OTHERS
from daybreak.web.forms.form import NOT_SAID, asked
from daybreak.web.forms.makers import form
from daybreak.web.forms.models import UNUSED, Ended, Sitting
from daybreak.web.forms.queries import answers
from daybreak.web.intake.asked import ONE
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.words import word

register = template.Library()
ASSESSMENT, PLAN = "assessment:", f"plan:{NAME}"
TELLS_OF = {
    "antidepressants": ("antidepressant_trials",),
    "other-antidepressants": ("antidepressant_trials",),
    "medicines": ("medicines",),
    "talked": ("antidepressant_trials",),
    "stimulated": ("antidepressant_trials",),
    "conditions": ("conditions", "psychiatric_history"),
    "substances": ("substance_use",),
    "allergic": ("allergies",),
    "allergies": ("allergies",),
    "ketamine": ("earlier_ketamine",),
    "pregnancy": ("reproductive",),
    "breastfeeding": ("reproductive",),
}
HOW = {Ended.FINISHED: "intake.finished", Ended.AS_FAR: "intake.as_far"}


@register.inclusion_tag("intake/_answered.html", takes_context=True)
def answered(context: Any, patient: Patient) -> dict[str, Any]:
    """By one query, whatever was asked; one for what the intake left open, and one for what was said before a visit."""
    found = (
        Sitting.objects.filter(patient__in=queries.together(patient))
        .select_related("ending", "checkin")
        .order_by("-id")
    )
    rows = [one for one in found.annotate(n=Count("answers__question", distinct=True)) if _counts(one)]
    intake = next((one for one in rows if one.form == ONE), None)
    rated = [one.ending.minutes for one in rows if one.form.startswith(ASSESSMENT) and hasattr(one, "ending")]
    minutes = [one for one in rated if one is not None]
    at = context["request"].received_at
    return {
        "patient": patient,
        "before": before.told(rows, at=at, language=get_language()),
        "intake": intake,
        "intake_says": _said(intake, get_language()),
        "left_open": _left_open(intake, context["request"]),
        "minutes": sum(minutes),
        "counted": len(minutes),
        "plan": next((one for one in rows if one.form == PLAN and hasattr(one, "ending")), None),
    }


@register.inclusion_tag("intake/_left_open.html", takes_context=True)
def left_open(context: Any, patient: Patient) -> dict[str, Any]:
    """What the patient did not know or would rather not say, for whoever signs that a part of the history is whole."""
    found = Sitting.objects.filter(patient__in=queries.together(patient), form=ONE).select_related("ending")
    intake = next((one for one in found.order_by("-id") if _counts(one)), None)
    return {"left_open": _left_open(intake, context["request"])}


def parts_left_open(patient: Patient) -> frozenset[str] | None:
    """The parts of the history about which the newest intake that ended has no answer; None when there was none.

    Nobody signs in passing for what nobody asked the patient.
    """
    found = Sitting.objects.filter(patient__in=queries.together(patient), form=ONE).select_related("ending")
    intake = next((one for one in found.order_by("-id") if hasattr(one, "ending") and _counts(one)), None)
    if intake is None:
        return None
    said = answers(intake)
    open_ = (one.id for one in asked(form(ONE, "en"), said) if said.get(one.id, NOT_SAID) in OTHERS)
    return frozenset(part for id in open_ for part in TELLS_OF.get(id, ()))


def _left_open(intake: Sitting | None, request: HttpRequest) -> list[tuple[str, str]]:
    """Each question of ours with what was said instead of an answer; one about what bears a label only for those who may."""
    if intake is None or not hasattr(intake, "ending"):
        return []
    language, said = get_language(), answers(intake)
    unsaid = [one for one in form(ONE, language).questions if one.ours and said.get(one.id) in OTHERS]
    whole = page_may(request.person, Permission.READ_SENSITIVE, at=request.received_at, site_id=intake.site_id)
    return [(one.words, word(OTHERS[said[one.id]], language)) for one in unsaid if whole or not one.sensitive]


def _counts(sitting: Sitting) -> bool:
    return not (hasattr(sitting, "ending") and sitting.ending.how in UNUSED)


def _said(intake: Any, language: str) -> str:
    if intake is None:
        return word("intake.not_asked", language)
    if not hasattr(intake, "ending"):
        return word("intake.open", language, n=intake.n, on=zones.today(intake.created).isoformat())
    return word(HOW[Ended(intake.ending.how)], language, on=zones.today(intake.ending.created).isoformat())
