"""Signs for any page: an answer about suicide waits, what waits about a patient, who is called, who reads, what is red."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import get_language

from daybreak.knowledge.suicide import calling as rule
from daybreak.web import instant
from daybreak.web.tasks import banner, calling, promise, telling
from daybreak.web.tasks.models import Kind
from daybreak.web.words import word

register = template.Library()
NEXT_SHOWN = 4


@register.inclusion_tag("tasks/_open.html", takes_context=True)
def open_suicide(context: Any, patient_id: UUID) -> dict[str, Any]:
    """That a suicide task of this patient is open and the way to it, from what the header knows; nothing when none is."""
    waits = context.get("tasks_at_hand") or ()
    found = (one.id for one in waits if (one.kind, one.patient_id) == (Kind.SUICIDE, patient_id))
    return {"task": next(found, None)}


@register.inclusion_tag("tasks/_next.html", takes_context=True)
def next_steps(context: Any, patient_id: UUID) -> dict[str, Any]:
    """What waits about this patient, suicide answers first, then by deadline, from what the header knows."""
    found = [one for one in context.get("tasks_at_hand") or () if one.patient_id == patient_id]
    rows = sorted(found, key=lambda one: (one.kind != Kind.SUICIDE, one.due))
    at, language = context["request"].received_at, get_language()
    lines = [
        {
            "id": one.id,
            "due": telling.moment(one.due),
            "late": at > one.due,
            "sentence": telling.said(one.what, one.values, language),
        }
        for one in rows[:NEXT_SHOWN]
    ]
    return {"lines": lines, "more": len(rows) - len(lines)}


@register.simple_tag(takes_context=True)
def who_is_called(context: Any, site_id: UUID) -> str:
    """Who is called at the site and when, only if that holds at this minute; else that nobody is."""
    request = context.get("request")
    at, language = getattr(request, "received_at", None) or instant.now(), get_language()
    names = [one.display_name for one in calling.promised(site_id, at=at)]
    if not names:
        return word("calling.not_promised", language)
    if len(names) == 1:
        return word("calling.one_is_called", language, name=names[0])
    minutes = int(rule().escalation[0].total_seconds() // 60)
    return word("calling.they_are_called", language, name=names[0], others=" · ".join(names[1:]), minutes=minutes)


@register.simple_tag(takes_context=True)
def who_reads(context: Any, site_id: UUID, patient_id: UUID | None = None) -> str:
    """For the patient: who reads it and by when, as far as that holds at this minute; else that nobody does, and until when."""
    return promise.words(site_id, patient_id, at=context["request"].received_at, language=get_language())


@register.inclusion_tag("tasks/_red.html", takes_context=True)
def red(context: Any) -> dict[str, Any]:
    """On every page of whoever may take it: an urgent answer about suicide has nobody although everybody was called, or
    its notices do not leave."""
    open_ones = [one for one in context.get("tasks_at_hand") or () if one.kind == Kind.SUICIDE and one.untaken]
    return banner.red(open_ones, at=context["request"].received_at, language=get_language()) if open_ones else {}
