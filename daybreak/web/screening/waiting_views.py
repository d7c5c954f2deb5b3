"""The pages of what waits: a second signature, a review date; and which hard cases need a second signature at a site."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.protocols.queries import sites
from daybreak.web.refusals import Refused
from daybreak.web.screening import actions, hard, waiting
from daybreak.web.screening.models import SecondRule
from daybreak.web.screening.pages import CASES, name_of, shown_cases, spoken
from daybreak.web.words import word


@needs(Permission.READ_SCREENING)
@require_safe
def waits(request: HttpRequest) -> HttpResponse:
    """Who waits for a second signature, and who for a day on which to look again, the earliest first."""
    at, said = request.received_at, spoken()
    here = sites(request.person, Permission.READ_SCREENING, at=at)
    second, exceptions, not_yet = waiting.found(here)
    names = waiting.names([row.patient_id for row in (*second, *exceptions, *not_yet)])

    def shown(row: Any) -> dict[str, Any]:
        return {
            "row": row,
            "name": name_of(names[row.patient_id]),
            "protocol": said.word(f"protocol.{row.protocol}"),
            "criterion": said.word(f"criterion.{row.criterion}") if hasattr(row, "criterion") else "",
        }

    trail.read("waiting", who=request.person.id, at=at)
    rows = {
        "second": [shown(row) | {"cases": shown_cases(hard.needs(row))} for row in second],
        "exceptions": [shown(row) for row in exceptions],
        "not_yet": [
            shown(row)
            | {
                "unmet": said.word(f"criterion.{row.unmet}") if row.unmet else "",
                "due": row.review_on is not None and row.review_on <= zones.today(at),
            }
            for row in not_yet
        ],
    }
    return render(request, "screening/waiting.html", rows | {"number": len(second) + len(exceptions)})


@needs(Permission.SECOND_SIGNATURE)
@require_http_methods(["GET", "POST"])
def second_rules(request: HttpRequest) -> HttpResponse:
    """Which kinds of hard case need a second signature at which site; a prescriber signs a change with its reason, and that
    one is enough a second person too."""
    here = sites(request.person, Permission.SECOND_SIGNATURE, at=request.received_at)
    may_change = sites(request.person, Permission.ADOPT_PROTOCOL, at=request.received_at)
    problems, status = [], 200
    if request.method == "POST":
        site = next((one for one in here if str(one.id) == request.POST.get("site")), None)
        if site is None:
            raise Http404
        try:
            step_up.confirm(request)
            told = {"by": request.person, "at": request.received_at, "key": posted.key(request)}
            if rule := posted.uuid(request, "rule"):
                actions.sign_rule(get_object_or_404(SecondRule, pk=rule, site=site), **told)
            else:
                actions.ask_for_second(
                    case=posted.typed(request, "case"),
                    needed=request.POST.get("needed") == "yes",
                    reason=posted.typed(request, "reason"),
                    site=site,
                    **told,
                )
            return redirect("/clinic/second-signatures/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("second_rules", who=request.person.id, at=request.received_at)
    shown = {
        "sites": [
            {
                "site": site,
                "may_change": site in may_change,
                "cases": [
                    {
                        "id": id_,
                        "title": word(CASES[id_], get_language()),
                        "needed": needed,
                        "row": row,
                        "proposed": proposed.get(id_),
                        "key": ids.new(),
                    }
                    for id_, (needed, row) in hard.rules(site).items()
                ],
            }
            for site in here
            for proposed in [hard.proposed(site)]
        ],
        "told": request.POST,
        "me": request.person.pk,
        "step_up": step_up.needed(request),
        "problems": problems,
    }
    return render(request, "screening/second_rules.html", shown, status=status)
