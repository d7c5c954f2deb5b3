"""The page of the forms that are still owed, with the days that each has left."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.patients import identity
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details
from daybreak.web.people.permissions import Permission
from daybreak.web.rems.queue import Owed, owed
from daybreak.web.words import word


@needs(Permission.RUN_SESSIONS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Every form that is owed where the reader works, what is overdue first."""
    at = request.received_at
    here = patients.by_site(request.roles)
    found = owed([site for site, may in here.items() if Permission.RUN_SESSIONS in may], at=at)
    now = Details.objects.filter(patient__in={one.session.patient_id for one in found}, replaced_by__isnull=True)
    names = {one.patient_id: identity.of(one).name for one in now}
    trail.read("rems_queue", who=request.person.id, at=at)
    lines = [_line(one, names[one.session.patient_id], get_language()) for one in found]
    return render(request, "rems/queue.html", {"lines": lines})


def _line(one: Owed, name: str, language: str) -> dict[str, Any]:
    left = "rems.left" if one.left > 0 else "rems.today_last" if one.left == 0 else "rems.too_late"
    near = one.left <= rems.form()["nearer"]["days"]
    return {
        "session": one.session,
        "name": name,
        "site": one.session.site.name,
        "day": one.day.isoformat(),
        "last": one.last.isoformat(),
        "left": word(left, language, days=abs(one.left)),
        "shape": "not-met" if one.left < 0 else "caution" if near else "unknown",
        "signed": word("rems.queue_signed", language, name=one.form.by.display_name, at=zones.minute(one.form.created))
        if one.form
        else "",
        "owner": one.owner.display_name if one.owner else "",
    }
