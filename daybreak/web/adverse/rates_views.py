"""The page of how often there were adverse events at a site, with how sure each rate is and whom nobody heard of again."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.knowledge import adverse
from daybreak.knowledge.spans import span
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.adverse import rates_told
from daybreak.web.adverse.rates import Rates, rates
from daybreak.web.audit import trail
from daybreak.web.patients import identity
from daybreak.web.patients.models import Details
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import site
from daybreak.web.refusals import Refused
from daybreak.web.words import known

EARLIEST = date(2000, 1, 1)  # nothing is written down here that is older
FILES = {
    "json": ("application/json", rates_told.as_json),
    "csv": ("text/csv; charset=utf-8", rates_told.as_csv),
}


@needs(Permission.READ_PATIENTS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """By product and route, of the time that is asked for; without one, of the last year."""
    at, language = request.received_at, known(get_language())
    sites = sites_of(request.person, Permission.READ_PATIENTS, at=at)
    here = site(request, sites)
    today = zones.day(at, here.zone)
    first, last, problems = today - span("adverse-rates"), today, []
    try:
        first = max(asked(request.GET.get("from", ""), first), EARLIEST)
        last = min(asked(request.GET.get("to", ""), last), today)
        if first > last:
            raise Refused("adverse.rates_backwards", in_field="from", first=first.isoformat(), last=last.isoformat())
    except Refused as refused:
        problems, first, last = [refused.sentence(language)], today - span("adverse-rates"), today
    found = rates(here, first, last)
    trail.read("adverse_rates", who=request.person.id, at=at, site=here.id)
    if not problems and (wanted := FILES.get(request.GET.get("as", ""))):
        media_type, made = wanted
        name = f"adverse-events-{first}-{last}.{request.GET['as']}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(made(found), content_type=media_type, headers=headers)
    trail.read_each("adverse_rates", [one.patient for one in found.unheard], who=request.person.id, at=at)
    shown = {
        "site": here,
        "sites": sites,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "found": found,
        "groups": rates_told.groups(found, language),
        "unheard": _unheard(found),
        "percent": adverse.percent(),
        "problems": problems,
    }
    return render(request, "adverse/rates.html", shown, status=422 if problems else 200)


def asked(text: str, otherwise: date) -> date:
    """A day in the address. Refused when it is none."""
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("posted.no_day", typed=text[:30]) from None


def _unheard(found: Rates) -> list[dict[str, str]]:
    """By name, so that somebody calls them."""
    ids = {one.patient for one in found.unheard}
    rows = Details.objects.filter(patient__in=ids, replaced_by__isnull=True) if ids else ()
    names = {one.patient_id: identity.of(one).name for one in rows}
    return [
        {"patient": str(one.patient), "name": names[one.patient], "day": one.day.isoformat()} for one in found.unheard
    ]
