"""What does a browser show in a session's place while the clinic cannot be reached? (it keeps the page: `away-worker.js`)"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.clinical.treatment.session import State
from daybreak.knowledge.watch import watch
from daybreak.web import ids, zones
from daybreak.web.access import everyone
from daybreak.web.cockpit import sheets
from daybreak.web.cockpit.of_session import Around
from daybreak.web.crisis.card import numbers
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.words import known


@everyone("a browser keeps it for when the clinic is gone; there is nothing of a patient on it")
@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """Nobody is monitoring; whom to call, what to write on paper, and what can be tapped all the same, of no patient."""
    at, language = request.received_at, known(get_language())
    country, lines = numbers(on=zones.today(at), language=language, kind="comes")
    nobody = {"at": at, "language": language, "key": ids.new, "typed": {}}
    shown = {
        "lines": lines,
        "country": country,
        "sites": sites_of(request.person, Permission.RUN_SESSIONS, at=at) if request.person else (),
        "sheets": sheets.sheets(State(), Around(watch()), **nobody),
    }
    return render(request, "cockpit/away.html", shown)
