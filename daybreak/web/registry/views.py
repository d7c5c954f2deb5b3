"""The page of outcomes: of whom anybody knows how they are, and what came of the treatments of a site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.knowledge import outcomes, scales
from daybreak.outcomes import store
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import asked, site
from daybreak.web.registry import shown
from daybreak.web.registry.stored import counted
from daybreak.web.words import known


@needs(Permission.READ_PATIENTS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Of one site, one product by one route, and one scale."""
    at, language = request.received_at, known(get_language())
    sites = sites_of(request.person, Permission.READ_PATIENTS, at=at)
    here = site(request, sites)
    trail.read("registry", who=request.person.id, at=at, site=here.id)
    told = {"site": here, "sites": sites, "engine": store.there(), "percent": outcomes.percent()}
    if not told["engine"]:
        return render(request, "registry/outcomes.html", told)
    found = counted([here], at=at)
    groups = {f"{one.product}/{one.route}": one for one in found.groups}
    told |= {"found": found, "of": {"today": found.today.isoformat(), **found.sizes}}
    if groups:
        treatment = asked(request, "treatment")
        treatment = treatment if treatment in groups else next(iter(groups))
        every = [one.scale for one in outcomes.cuts()]
        scale = asked(request, "scale") if asked(request, "scale") in every else every[0]
        told |= shown.page(found, groups[treatment], scale, language)
        told |= {"scale": scale, "treatment": treatment, "title": shown.title(groups[treatment], language)}
        told["scales"] = [(one, scales.data(one)["title"][language]) for one in every]
        told["groups"] = [(id, shown.title(one, language)) for id, one in groups.items()]
    return render(request, "registry/outcomes.html", told)
