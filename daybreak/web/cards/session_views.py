"""A card in an emergency: the clinic's own words, the call for help and the local number, in one tap that is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from daybreak.clinical.treatment.events import What
from daybreak.knowledge import sessions
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.cards import queries
from daybreak.web.cockpit.scale import elapsed
from daybreak.web.cockpit.views import session_of
from daybreak.web.crisis.card import numbers
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import key
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.queries import Now
from daybreak.web.words import known


@needs(Permission.RUN_SESSIONS, stays=True, no_pin=True)
@require_POST
def tap(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One tap writes down when it was, also behind the lock, where no hand is free for a PIN; then the card is shown."""
    row, card = session_of(request, session_id), request.POST.get("card", "")
    try:
        if card not in sessions.cards():
            raise Refused("cards.none", in_field="card")
        told = {"card": card} if request.person else {"card": card, "locked": True}
        about = {"by": request.viewer, "at": request.received_at, "key": ids.derived(key(request), _place(card))}
        actions.act(row, What.EVENT, told, **about)
    except Refused as refused:
        shown = {"problems": [refused.sentence(get_language())], "back": f"/sessions/{row.id}/cockpit/"}
        return render(request, "cockpit/no_help.html", shown, status=refused.status)
    return redirect(f"/sessions/{row.id}/cards/{card}/")


@needs(Permission.RUN_SESSIONS, stays=True)
@require_safe
def card(request: HttpRequest, session_id: UUID, card: str) -> HttpResponse:
    """What the clinic wrote on it, since when it is open, and whom to call. The page ends nothing."""
    if card not in sessions.cards():
        raise Http404
    row, at, language = session_of(request, session_id), request.received_at, known(get_language())
    now = treatment.now(row)
    if request.locked and not now.open:
        raise Http404
    reading.read("emergency_card", row.patient, who=request.viewer.id, at=at, object_id=row.id, site=row.site_id)
    written = queries.written(row.site_id, card)
    text, spoken = queries.words(written, language) if written else ("", "")
    tapped = _tapped(now, card)
    country, lines = numbers(on=zones.day(at, row.site.zone), language=language, kind="comes")
    shown = {
        "session": row,
        "title": sessions.cards()[card]["title"][language],
        "text": text,
        "spoken": spoken,
        "by": written.by.display_name if written else "",
        "on": zones.day(written.created, row.site.zone).isoformat() if written else "",
        "since": elapsed(at - tapped) if tapped else "",
        "at": f"{tapped.astimezone(ZoneInfo(row.site.zone)):%H:%M}" if tapped else "",
        "lines": lines,
        "country": country,
        "emergency": now.state.emergency is not None,
        "open": now.open,
        "may_write": page_may(request.viewer, Permission.ADOPT_PROTOCOL, at=at, site_id=row.site_id),
        "locked": bool(request.locked),
        "theme": "night",
    }
    return render(request, "cards/card.html", shown)


def _place(card: str) -> int:
    """All cards are buttons of one form: each has a key of its own."""
    return list(sessions.cards()).index(card) + 1


def _tapped(now: Now, card: str) -> datetime | None:
    """When it was tapped first since the emergency was opened; without one, the last time."""
    opened = now.state.emergency.seq if now.state.emergency else 0
    taps = [one for one in now.events if one.what == What.EVENT and one.told.get("card") == card]
    since = [one for one in taps if one.seq > opened]
    return since[0].happened if opened and since else taps[-1].happened if taps else None
