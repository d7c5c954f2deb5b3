"""The one page on which a morning begins: what came since, suicide answers first, and that somebody has read it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.closing.queries import who_treats
from daybreak.web.forms import makers
from daybreak.web.forms.models import Ended, Ending
from daybreak.web.forms.views import ENDED
from daybreak.web.morning import actions, queries
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key
from daybreak.web.refusals import Refused
from daybreak.web.tasks import telling
from daybreak.web.words import word


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def morning(request: HttpRequest) -> HttpResponse:
    """What came to a site since its list was last read."""
    at, language, reader = request.received_at, get_language(), request.person
    sites = list(who_treats(reader, at=at))
    site = posted.site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        try:
            if str(site.id) != request.POST.get("site"):
                raise Refused("error.bad_request")
            actions.read(site, seen=request.POST.get("seen", ""), by=reader, at=at, key=key(request))
            return redirect(f"/morning/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    found = queries.morning(site, reader=reader, at=at)
    told = [task for task, _ in found.tasks]
    # Whoever treats patients of the site knows who they are.
    names = telling.called(
        {one.whose_id for one in told if one.whose_id} | {one.sitting.patient_id for one in found.answered}
    )
    about: dict[str, Any] = {"reader": reader, "at": at, "language": language}
    lines = [
        {**telling.told(task, now, names, **about), "came": zones.minute(task.created)} for task, now in found.tasks
    ]
    trail.read("morning", who=reader.id, at=at, site=site.id)
    shown = {
        "sites": sites,
        "site": site,
        "since": zones.minute(found.since),
        "last": found.last,
        "urgent": found.urgent,
        "open": [one for one in lines if one["open"]],
        "done": [one for one in lines if not one["open"]],
        "answered": [_answered(one, names, language) for one in found.answered],
        "any": found.any,
        "seen": found.digest,
        "key": ids.new(),
        "problems": problems,
    }
    return render(request, "morning/morning.html", shown, status=status)


def _answered(one: Ending, names: dict[Any, str], language: str) -> dict[str, Any]:
    sitting = one.sitting
    return {
        "patient": sitting.patient_id,
        "id": sitting.id,
        "name": names.get(sitting.patient_id, ""),
        "title": makers.form(sitting.form, language).title,
        "how": word(ENDED[Ended(one.how)], language),
        "came": zones.minute(one.created),
    }
