"""The page on which a clinic sees of how many it heard again after a treatment, and who was asked at home and is silent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.knowledge.checkins import window_words
from daybreak.knowledge.spans import span
from daybreak.knowledge.window import counted
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.checkins import followed
from daybreak.web.forms import makers
from daybreak.web.patients import identity
from daybreak.web.patients.models import Details
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import site
from daybreak.web.window import queries as talks
from daybreak.web.words import known


@needs(Permission.READ_PATIENTS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """n of N by window, and the names of those who were asked in vain, so that somebody calls them."""
    at, language = request.received_at, known(get_language())
    sites = sites_of(request.person, Permission.READ_PATIENTS, at=at)
    here = site(request, sites)
    silent = followed.silent(here, at=at)
    ids = {one.patient_id for one in silent}
    rows = Details.objects.filter(patient__in=ids, replaced_by__isnull=True) if ids else ()
    names = {one.patient_id: identity.of(one).name for one in rows}
    trail.read("checkins", who=request.person.id, at=at, site=here.id)
    trail.read_each("checkins", sorted(ids), who=request.person.id, at=at)
    shown = {
        "site": here,
        "sites": sites,
        "rows": [(window_words(one.window, language), one) for one in followed.of(here, at=at)],
        "days": span("followed-up").days,
        "talks": talks.at_site(here.id, at=at),
        "talk_days": counted().days,
        "last": span("silent-shown").days,
        "silent": [
            {
                "patient": one.patient_id,
                "name": names[one.patient_id],
                "sitting": one.sitting_id,
                "title": makers.form(one.sitting.form, language).title,
                "closed": zones.minute(one.closes),
                "sent": one.message_id is not None,
            }
            for one in silent
        ],
    }
    return render(request, "checkins/page.html", shown)
