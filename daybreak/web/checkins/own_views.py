"""The page on which patients see how their own scores ran, behind the link of a form and after the year of birth."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.checkins.own import own, told
from daybreak.web.forms.link_views import held_form
from daybreak.web.forms.models import Sitting
from daybreak.web.links import born
from daybreak.web.links.models import FORM
from daybreak.web.links.views import renew
from daybreak.web.patients import queries as patients


@by_link(FORM)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Of the scale that was just answered."""
    found = held_form(request)
    if isinstance(found, HttpResponse):
        return found
    link, door = found
    scale = scale_of(door.sitting)
    if not scale:
        raise Http404
    birth = patients.details(door.sitting.patient).birth
    if asks := born.asked(request, link, title="checkins.own_title", birth=birth, always=True):
        return asks
    trail.read("own_scores", who=None, at=request.received_at, subject=door.sitting.patient_id)
    shown = told(own(door.sitting.patient, scale), get_language())
    return renew(render(request, "checkins/own.html", shown), link)


def scale_of(sitting: Sitting) -> str:
    """The scale of a form whose scores can be drawn; "" of any other form."""
    kind, _, name = sitting.form.partition(":")
    return name if kind == "assessment" and "." not in name else ""
