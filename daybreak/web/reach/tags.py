"""A sign for any page about a patient: that nothing is sent or booked, and since when."""

from __future__ import annotations

from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from daybreak.web.patients.models import Patient
from daybreak.web.reach import queries, telling

register = template.Library()


@register.simple_tag
def stopped(patient: Patient | UUID) -> str | SafeString:
    """One line, or nothing."""
    now = queries.standing(patient)
    if now is None:
        return ""
    return format_html('<p class="problems" role="note">{}</p>', telling.sign(now, get_language()))
