"""The screening board: the story, the decision, and the missing answers given right there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import posted
from daybreak.web.access import needs
from daybreak.web.patients.models import Patient
from daybreak.web.patients.views import sentences
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.screening import asks, followup, hard, questionnaire
from daybreak.web.screening.board import board
from daybreak.web.screening.judging import Judged, judge
from daybreak.web.screening.models import Snapshot
from daybreak.web.screening.pages import (
    about,
    address,
    closed_to,
    place,
    read,
    shown_standing,
    spoken,
)
from daybreak.web.screening.scores import ITEMS

# Answers that can say nothing about suicide.
CALM = frozenset({asks.PRESSURE, asks.REVIEW, asks.DOSE, "pregnancy_status", "breastfeeding_status"})


@needs(Permission.READ_SCREENING)
@require_http_methods(["GET", "POST"])
def screening(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The story and the decision; a missing answer is given on the page and written into the record."""
    patient, site, allowed = place(request, patient_id, Permission.READ_SCREENING)
    problems, status, again = [], 200, None
    after, lang = request.GET.get("after", ""), get_language()
    if request.method == "POST":
        try:
            after = _give(request, patient)
            return redirect(f"{address(patient)}?site={site.id}{f'&after={after}' if after else _place(request)}")
        except Refused as refused:
            problems, status = sentences(refused), refused.status
            again = asks.again(request.POST, spoken()) if status == Conflict.status else None
            after = request.POST.get("of", "") if request.POST.get("about") == followup.FOLLOWUP else ""
    said, may_sign = spoken(), Permission.SIGN_SCREENING in allowed
    judged = judge(patient, site, at=request.received_at)
    shown = {
        **about(patient, site, judged, said),
        **board(
            judged,
            language=said,
            may_sign=may_sign,
            hidden=closed_to(request, patient, allowed),
            told=request.POST if problems else None,
        ),
        "may_sign": may_sign,
        "may_write": Permission.WRITE_PATIENTS in allowed,
        "signed": _signed(patient, site, judged),
        "standings": [shown_standing(s, said) for s in judged.standings],
        "state": judged.state,
        "seen": judged.seen,
        "problems": problems,
        "again": again,
        "after": followup.shown(after, request.POST, lang),
    }
    read(request, patient, site)
    return render(request, "screening/board.html", shown, status=status)


def _give(request: HttpRequest, patient: Patient) -> str:
    """Write what was answered; the scale after whose total more is asked at once, or nothing. The board shows an open
    suicide task itself."""
    told, about = request.POST, request.POST.get("about")
    who: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": posted.key(request)}
    if about == ITEMS:
        questionnaire.give(patient, told, **who)
    elif about == followup.FOLLOWUP:
        questionnaire.give(patient, told, form_id=followup.form_of(told.get("of", "")), **who)
    else:
        asks.give(patient, told, **who)
        return followup.scale_after(told)
    return ""


def _place(request: HttpRequest) -> str:
    """Where on the board to go on: at what is still missing, but at its head after an answer that could call for somebody."""
    return "#group-unknown" if request.POST.get("about") in CALM else ""


def _signed(patient: Patient, site: Site, judged: Judged) -> list[dict[str, Any]]:
    """What was signed, the newest first, and whether it is final."""
    rows = Snapshot.objects.filter(patient=patient, site=site).select_related("by", "second__by").defer("content")
    return [{"row": row, "state": hard.state(row, judged)} for row in rows.order_by("-id")[:20]]
