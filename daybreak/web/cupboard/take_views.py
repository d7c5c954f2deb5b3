"""The page of what was taken for somebody: how much is left of it, and what became of the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment.ledger import NOTHING, TAKES, Kind
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.cupboard import actions, book, telling, typed, watching
from daybreak.web.cupboard.models import Entry
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key
from daybreak.web.posted import typed as text
from daybreak.web.refusals import Refused
from daybreak.web.tasks.telling import called


@needs(Permission.USE_CUPBOARD)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, take_id: UUID) -> HttpResponse:
    """Given, wasted, brought back or kept aside, until nothing of it is left."""
    at, language = request.received_at, get_language()
    first = Entry.objects.filter(pk=take_id, kind__in=TAKES).select_related("lot", "by").first()
    if first is None:
        raise Http404
    lot = typed.lot(request, first.lot_id)
    problems, status = [], 200
    if request.method == "POST":
        try:
            _act(request, first)
            return redirect(f"/cupboard/takes/{first.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    left = book.balance(lot).drawn.get(str(first.id), NOTHING)
    names = called({first.patient_id} - {None})
    rows = Entry.objects.filter(take=first.id).select_related("by", "witness").order_by("seq")
    trail.read("take", who=request.person.id, at=at, object_id=first.id, subject=first.patient_id, site=lot.site_id)
    with timezone.override(ZoneInfo(lot.site.zone)):
        shown = {
            "first": first,
            "lot": lot,
            "product": telling.product(lot, language),
            "patient": names.get(first.patient_id, ""),
            "left": telling.amount(left, language) if left != NOTHING else "",
            "left_mg": telling.number(left.mg),
            "entries": [telling.entry(one, names, language) for one in rows],
            "witness": watching.required(lot.site, Kind.WASTED),
            "witnesses": typed.witnesses(request, lot.site),
            "typed": request.POST,
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "cupboard/take.html", shown, status=status)


def _act(request: HttpRequest, first: Entry) -> None:
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    do = request.POST.get("do")
    if do in ("give", "waste"):
        mg = typed.number(request, "mg")
        if do == "waste":
            told = {"text": text(request, "text"), "alone": text(request, "alone")}
            actions.wasted(first.id, mg=mg, witness=typed.witness(request, first.site), **told, **about)
            return
        if mg is None:
            raise Refused("cupboard.nothing", in_field="mg")
        actions.given(first.id, mg=mg, **about)
    elif do == "back":
        actions.taken_back(first.id, units=typed.units(request), **about)
    elif do == "lose":
        actions.missing(first.id, mg=typed.number(request, "mg"), text=text(request, "text"), **about)
    elif do == "aside":
        actions.kept_aside(first.id, units=typed.units(request), text=text(request, "text"), **about)
    else:
        raise Refused("error.bad_request")
