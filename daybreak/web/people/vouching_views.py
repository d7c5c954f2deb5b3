"""The page on which a second person says whether somebody's way in is right."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.links import actions as links
from daybreak.web.links.models import ACCEPTED, Link
from daybreak.web.people import queries, step_up, vouching
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Refused
from daybreak.web.words import word


@needs(Permission.REVIEW_GLASS)
@require_http_methods(["GET", "POST"])
def way_in(request: HttpRequest, way_id: UUID) -> HttpResponse:
    """For whom it is, with which roles, who made it, and whether that is right."""
    at, language = request.received_at, get_language()
    link = Link.objects.select_related("by").filter(pk=way_id).first()
    if link is None or not vouching.may_see(link, by=request.person, at=at):
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            step_up.confirm(request)
            if (do := request.POST.get("do")) not in ("accept", "refuse"):
                raise Refused("error.bad_request")
            vouching.answer(link, accepted=do == "accept", by=request.person, at=at)
            return redirect(f"/ways-in/{link.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    person = Person.objects.get(pk=link.subject)
    held = queries.all_open_grants(at=at, person=person)
    trail.read("way_in", who=request.person.id, at=at, object_id=link.id)
    shown = {
        "link": link,
        "whose": person,
        "made_by": link.by.display_name if link.by else word("audit.operator", language),
        "on": zones.minute(link.created),
        "until": zones.minute(link.expires),
        "roles": [
            word("people.role_at", language, role=word(f"role.{one.role}", language), site=one.site.name)
            for one in held
        ],
        "accepted": link.events.filter(kind=ACCEPTED).exists(),
        "open": links.usable(link, at=at),
        "may_answer": vouching.is_another(link, request.person),
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "people/way_in.html", shown, status=status)
