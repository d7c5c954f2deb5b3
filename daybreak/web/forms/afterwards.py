"""What became of an answer that was sent by a link which opens nothing any more, and what does its sender read?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.web.forms import actions, answering, queries
from daybreak.web.forms.answering import Door
from daybreak.web.forms.form import Question
from daybreak.web.links import gone
from daybreak.web.links.gone import ONWARD, Why
from daybreak.web.links.models import Link
from daybreak.web.refusals import Refused


def page(request: HttpRequest, link: Link, door: Door) -> HttpResponse:
    """What is kept, what is not, whom to call. Where only the page lay open for too long, every answer is kept; after the
    link's time one about suicide; of one that was taken back nothing, but somebody is told that it was said.
    """
    why = gone.why(link, at=request.received_at)
    one = next((one for one in door.form.questions if one.id == request.POST.get("question")), None)
    before, over = len(queries.answers(door.sitting)), queries.over(door.sitting)
    outcome = _sent(request, link, door, one, why) if request.method == "POST" else ""
    shown: dict[str, Any] = {
        "why": why.value,
        "outcome": outcome,
        "onward": "" if over else ONWARD[why],
        "before": before,
        "phones": gone.phones(link),
        "reads": bool(one and one.safety and outcome in ("forms.closed_kept", "forms.closed_told")),
        "site": door.sitting.site_id,
        "patient": door.sitting.patient_id,
    }
    good = outcome in ("forms.closed_kept", "forms.closed_told")
    return render(request, "forms/closed.html", shown, status=200 if good else 404)


def unknown(request: HttpRequest) -> HttpResponse:
    """The browser does not say which link its page was shown by, or names none of ours: nothing can be kept."""
    outcome = "forms.closed_not_kept" if request.method == "POST" else ""
    return render(request, "forms/closed.html", {"why": "links.unusable", "outcome": outcome}, status=404)


def _sent(request: HttpRequest, link: Link, door: Door, one: Question | None, why: Why) -> str:
    """The sentence about what was sent. Of the dead nothing is kept and nobody is called."""
    lost = "forms.closed_not_kept"
    if one is None or queries.died(door.sitting) or (why is not Why.WAITED and not one.safety):
        return lost
    try:
        if why is Why.TAKEN_BACK:
            value = answering.sent(request, one)
            told = actions.tried(door.sitting, one.id, value, about=link.id, at=request.received_at)
            return "forms.closed_told" if told else lost
        answering.keep(request, door, one)
    except Refused:
        return lost
    return "forms.closed_kept"
