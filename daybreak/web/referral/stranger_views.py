"""The pages for whoever refers somebody, without an account: the form, its receipt, and how it stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import by_link, everyone
from daybreak.web.audit import trail
from daybreak.web.flood import limits
from daybreak.web.flood.doors import REFERRAL as FLOOD
from daybreak.web.links import born
from daybreak.web.links.models import REFERRAL
from daybreak.web.links.tokens import address
from daybreak.web.links.views import held, no_longer
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.views import sentences
from daybreak.web.people.models import Site
from daybreak.web.posted import key, typed
from daybreak.web.reach import telling as reach
from daybreak.web.referral import actions, status, telling
from daybreak.web.referral import told as forms
from daybreak.web.referral.models import Door, Referral, What
from daybreak.web.referral.state import state
from daybreak.web.refusals import Refused
from daybreak.web.words import known


def fields(told: forms.Told) -> dict[str, Any]:
    """What the form shows: its choices, and what was typed."""
    language = get_language()
    return {
        "typed": told,
        "roles": reach.choices(reach.PROFESSIONS, language),
        "languages": reach.languages(),
        "risks": telling.risks(language),
    }


def chosen(request: HttpRequest, sites: list[Site]) -> Site:
    """The site to which it goes: the one that was chosen, else the first."""
    return next((one for one in sites if str(one.id) == request.POST.get("site")), sites[0])


@everyone("therapists and family doctors have no account; what they send is shown to staff alone")
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    """Refer somebody. The receipt is shown once it is on disk."""
    sites = list(Site.objects.filter(closed__isnull=True).order_by("name"))
    shown: dict[str, Any] = {
        "sites": sites,
        "key": ids.new(),
        **fields(forms.Told(from_language=known(get_language()))),
    }
    if request.method == "GET" or not sites:
        return render(request, "referral/refer.html", shown)
    told = forms.read({name: typed(request, name) for name in request.POST})
    site = chosen(request, sites)
    shown |= {**fields(told), "site": site, "key": key(request)}
    try:
        limits.admit(request, FLOOD)
        row = actions.receive(told, site=site, door=Door.WEB, by=None, at=request.received_at, key=shown["key"])
    except limits.TooOften as wait:
        return limits.page(request, wait)
    except (Refused, Wrong) as wrong:
        shown["problems"] = sentences(wrong)
        return render(request, "referral/refer.html", shown, status=wrong.status)
    link = status.link(row, by=None, at=request.received_at)
    return render(
        request,
        "referral/receipt.html",
        {"address": address(link) if link else "", "row": row, "mailed": bool(told.from_email and link)},
    )


@by_link(REFERRAL)
@require_http_methods(["GET", "POST"])
def how_it_stands(request: HttpRequest) -> HttpResponse:
    """For whoever referred: how far it came, as far as the patient agreed. No name stands on it."""
    link = held(request, REFERRAL)
    row = link and Referral.objects.filter(pk=link.subject).select_related("site").first()
    if link is None or row is None:
        return no_longer(request, REFERRAL)
    trail.go_by("link")
    asks = {"title": "referral.status", "asks": "referral.year", "birth": row.birth}
    if page := born.asked(request, link, **asks):
        return page
    now = state(row)
    trail.read(
        "referral_status",
        who=None,
        at=request.received_at,
        object_id=row.id,
        subject=now.patient and now.patient.id,
        site=row.site_id,
    )
    ended, hears = now.ended, status.hears(row, now)
    shown = {
        "row": row,
        "received": zones.minute(row.created),
        "says": now.says if hears else "",
        "since": zones.minute(now.events[-1].created) if now.events and hears else "",
        "reason": ended.text if ended and hears and ended.told and ended.what == What.DECLINED else "",
    }
    return render(request, "referral/status.html", shown)
