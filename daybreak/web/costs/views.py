"""The page of what a whole course costs: the same for everybody, nothing asked, nothing kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from daybreak.web import zones
from daybreak.web.access import everyone
from daybreak.web.costs.told import told
from daybreak.web.public.page import language_of, shown


@everyone("says what a whole course costs, as far as dated sources say it; asks nothing of whoever reads it")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`/cost/`."""
    with translation.override(language_of(request)):
        context = told(on=zones.today(request.received_at))
    return shown(request, "costs/page.html", context)
