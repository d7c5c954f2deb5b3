"""The page of a session's predicted concentration. It is for understanding: nothing else in Daybreak reads it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from daybreak.knowledge import kinetics
from daybreak.web.access import needs
from daybreak.web.levels import told
from daybreak.web.levels.drawn import drawn
from daybreak.web.levels.reckoned import Reckoned, reckoned
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import queries, telling
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.treatment.views import opened
from daybreak.web.words import known, word


@needs(Permission.RUN_SESSIONS)
@require_GET
def levels(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The curve with all that stands beside it; where nobody switched it on, that."""
    row, at, language = opened(request, session_id), request.received_at, known(get_language())
    now, on = queries.now(row), Function.CONCENTRATION in switches.at(row)
    reading.read("levels", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "session": row,
            "head": telling.head(now, at=at, language=language),
            "open": now.open,
            "emergency": now.state.emergency is not None,
            "warning": kinetics.words()[0][language],
            "limits": told.limits(language),
            "on": on,
            **(_shown(now, reckoned(now, at=at), language) if on else {}),
        }
        return render(request, "levels/levels.html", shown)


def _shown(now: Now, found: Any, language: str) -> dict[str, Any]:
    if not isinstance(found, Reckoned):
        return {"why": [sentence(one, language) for one in found]}
    said = told.summary(found, language)
    about = {"title": word("levels.title", language), "desc": said, "language": language}
    return {
        "svg": mark_safe(drawn(found, zone=now.session.site.zone, **about)),
        "said": said,
        "people": found.people is not None,
        "models_apart": bool(found.lines),
        "table": told.table(found, language),
        "given": told.given(found, language),
        "about": told.about(found, language),
        "models": told.models(found, language),
        "measured": told.measured(found, language),
    }
