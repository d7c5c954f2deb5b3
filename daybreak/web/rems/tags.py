"""One sign for any page: `{% enrolment patient %}`, whether a patient is enrolled in the programme, where that is asked for."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.courses.models import Course
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.rems import programme
from daybreak.web.rems.models import Enrolment
from daybreak.web.words import known

register = template.Library()


@register.inclusion_tag("rems/_enrolment.html", takes_context=True)
def enrolment(context: Any, patient: Patient) -> dict[str, Any]:
    """How it stands at the site of the open course; nothing without one that the programme asks about."""
    records = patients.together(patient)
    found = Course.objects.filter(patient__in=records, end__isnull=True, protocol__in=rems.form()["protocols"])
    rows = Enrolment.objects.filter(patient__in=records, site=OuterRef("site"), replaced_by__isnull=True)
    newest = {name: Subquery(rows.order_by("-id").values(name)[:1]) for name in ("since", "expires", "ended")}
    course = found.select_related("site").annotate(**newest).first()
    if course is None:
        return {}
    row = Enrolment(since=course.since, expires=course.expires, ended=course.ended) if course.since else None
    today = zones.today(context["request"].received_at)
    told = programme.stands(row, today, programme.OF_PATIENT, known(get_language()))
    return {"told": told, "site": course.site, "patient_id": patient.id, "runs": context.get("runs_sessions")}
