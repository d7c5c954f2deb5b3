"""The screen beside the patient: what is known now, what is due, and two taps for what is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from daybreak.clinical.treatment.events import What
from daybreak.knowledge.watch import watch
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit.models import Entry
from daybreak.web.bedside import queries as devices
from daybreak.web.cockpit import alarms as told
from daybreak.web.cockpit import discarded, from_monitor, taps
from daybreak.web.cockpit.honest import Told
from daybreak.web.cockpit.made import cockpit as made
from daybreak.web.cockpit.stream import BOARDS, Board
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, page_may, sites_of
from daybreak.web.posted import key, typed
from daybreak.web.posted import site as site_asked
from daybreak.web.presence import unlocking
from daybreak.web.refusals import Refused
from daybreak.web.switches import queries as switches
from daybreak.web.treatment import actions, alarms, queries, seeing, undo
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.timeline import said
from daybreak.web.words import known

SEEN_AGAIN = timedelta(minutes=10)  # a screen that stays on is read anew, for the trail, so often


@needs(Permission.RUN_SESSIONS, stays=True)
@require_safe
def cockpit(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session, live. It stays on the screen when the browser is locked; what is written then asks for the PIN."""
    return _shown(request, session_of(request, session_id))


@needs(Permission.RUN_SESSIONS, stays=True)
@require_POST
def checks(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What was tapped or typed in one sheet."""
    session = session_of(request, session_id)
    try:
        late = taps.sent_late(request.POST, at=request.received_at)
        found = from_monitor.origins(session, taps.taps(request.POST), request.POST)
        taps.keep(session, found, late=late, by=request.person, at=request.received_at, key=key(request))
    except Refused as refused:
        return _refused(request, session, refused)
    return HttpResponse(status=204) if _quietly(request) else redirect(f"/sessions/{session.id}/cockpit/")


@needs(Permission.RUN_SESSIONS, stays=True)
@require_POST
def discard(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What was tapped while cut off, and could not be taken: it is not to count, says somebody by their PIN, and why."""
    session, at = session_of(request, session_id), request.received_at
    try:
        unlocking.shown(request)
        late = taps.sent_late(request.POST, at=at) or Told(None, None, None)
        discarded.keep(session, request.POST, late=late, by=request.person, at=at, key=key(request))
    except Refused as refused:
        return _refused(request, session, refused)
    return HttpResponse(status=204) if _quietly(request) else redirect(f"/sessions/{session.id}/cockpit/")


@needs(Permission.RUN_SESSIONS, stays=True)
@require_POST
def acknowledge(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Somebody has seen an alarm: who, by their PIN, and what they do or when they look again."""
    session, at = session_of(request, session_id), request.received_at
    try:
        unlocking.shown(request)
        told = seeing.sent(request)
        alarms.acknowledge(session, typed(request, "alarm"), **told, by=request.person, at=at, key=key(request))
    except Refused as refused:
        return _refused(request, session, refused)
    return redirect(f"/sessions/{session.id}/cockpit/")


@needs(Permission.RUN_SESSIONS, stays=True)
@require_POST
def back(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What was tapped a moment ago was a mistake."""
    session = session_of(request, session_id)
    try:
        seq = typed(request, "seq")
        number = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else 0
        undo.take_back(session, number, by=request.person, at=request.received_at, key=key(request))
    except Refused as refused:
        return _refused(request, session, refused)
    return redirect(f"/sessions/{session.id}/cockpit/")


@needs(Permission.RUN_SESSIONS, stays=True)
@require_POST
def sound(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Somebody switches the sound off for a while, by their PIN."""
    session = session_of(request, session_id)
    try:
        unlocking.shown(request)
        alarms.pause_sound(session, by=request.person, at=request.received_at, key=key(request))
    except Refused as refused:
        return _refused(request, session, refused)
    return redirect(f"/sessions/{session.id}/cockpit/")


@needs(Permission.RUN_SESSIONS, stays=True, no_pin=True)
@require_POST
def help_now(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """An emergency, in one tap and without a PIN: who stands there has no hand free."""
    session = session_of(request, session_id)
    told = {} if request.person else {"locked": True}
    try:
        at = request.received_at
        actions.act(session, What.EMERGENCY_OPENED, told, by=request.viewer, at=at, key=key(request))
    except Refused as refused:
        return _refused(request, session, refused)
    return redirect(f"/sessions/{session.id}/cockpit/")


@needs(Permission.RUN_SESSIONS, stays=True)
@require_safe
def stream(request: HttpRequest, session_id: UUID) -> StreamingHttpResponse:
    """That something happened in it, as it happens; what was missed since the last event that the browser knows."""
    session = session_of(request, session_id)
    return sent(Board(session.site_id, session.id, known(get_language())), after=_last(request, session))


@needs(Permission.SEE_CALENDAR, stays=True)
@require_safe
def floor_stream(request: HttpRequest) -> StreamingHttpResponse:
    """That something happened in a session of the site."""
    sites = sites_of(request.viewer, Permission.SEE_CALENDAR, at=request.received_at)
    return sent(Board(site_asked(request, sites).id), after=None)


def sent(board: Board, *, after: int | None) -> StreamingHttpResponse:
    """The stream of a board as an answer."""
    response = StreamingHttpResponse(BOARDS.follow(board, after=after), content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"  # a proxy that waits for more would keep an alarm to itself
    return response


def _last(request: HttpRequest, session: Session) -> int | None:
    """The number of the last event that the browser has; by its own word, or by the page it shows."""
    id, _, seq = request.headers.get("Last-Event-ID", "").partition("/")
    seq = seq if id == str(session.id) else request.GET.get("after", "")
    return int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else None


def session_of(request: HttpRequest, session_id: UUID) -> Session:
    """The session, if whoever looks may run sessions where it is and read whose it is; else there is none."""
    rows = Session.objects.select_related(
        "patient", "site", "booking__course", "booking__patient", "course", "chair__room"
    )
    asked = {"beside": queries.emergency_beside(), "bound": devices.bound(), "pump": devices.bound_pump()}
    asked |= {"measured": devices.measured()}
    found = queries.with_asked(rows).annotate(**asked, **switches.asked())
    session = found.filter(pk=session_id).first()
    viewer, at = request.viewer, request.received_at
    if session is None or not page_may(viewer, Permission.RUN_SESSIONS, at=at, site_id=session.site_id):
        raise Http404
    if patients.patient_for(viewer, session.patient_id, at, permission=Permission.RUN_SESSIONS) is None:
        raise Http404
    return session


def _shown(
    request: HttpRequest, session: Session, *, problems: list[Any] | None = None, status: int = 200
) -> HttpResponse:
    at, now = request.received_at, queries.now(session)
    if request.locked and not now.open:
        raise Http404  # what is over is hidden like everything else
    _read(request, session, at)
    with timezone.override(ZoneInfo(session.site.zone)):
        shown = {
            "shown": made(now, at=at, language=get_language(), typed=request.POST, take="take" in request.GET),
            "theme": "night",
            "seq": now.next - 1,
            "hand_key": ids.new(),
            "sound_key": ids.new(),
            "undo": _undo(now, request.viewer, at),
            "undo_key": ids.new(),
            "quiet": told.quiet(now, at=at),
            "pause_most": int(watch().pause_most.total_seconds()),
            "locked": bool(request.locked),
            "problems": problems or [],
            "typed_alarm": request.POST.get("alarm", ""),
            "typed_did": request.POST.get("did", ""),
            **seeing.offered(get_language()),
        }
        return render(request, "cockpit/session.html", shown, status=status)


def _undo(now: Now, viewer: Person, at: datetime) -> dict[str, Any]:
    """What of the last tap can be taken back, and for how many seconds that is offered."""
    found, language = undo.offered(now, viewer, at=at), get_language()
    if not found:
        return {}
    left = undo.OFFERED - (at - (found[-1].received or at))
    what = " · ".join(said(one, language, sensitive=False) for one in found)
    return {"seq": found[0].seq, "left": max(1, round(left.total_seconds())), "what": what}


def _read(request: HttpRequest, session: Session, at: datetime) -> None:
    """A line in the trail for whoever opens it; while it stays on and looks again by itself, one every so often."""
    if "Daybreak-By-Itself" in request.headers:
        lately = Entry.objects.filter(id__gte=ids.first_of(at - SEEN_AGAIN), action="read", object_type="cockpit")
        if lately.filter(who=request.viewer.id, object_id=session.id).exists():
            return
    reading.read("cockpit", session.patient, who=request.viewer.id, at=at, object_id=session.id, site=session.site_id)


def _refused(request: HttpRequest, session: Session, refused: Refused) -> HttpResponse:
    said = refused.sentence(get_language())
    if _quietly(request):
        return JsonResponse({"says": said}, status=refused.status)
    return _shown(request, session, problems=[said], status=refused.status)


def _quietly(request: HttpRequest) -> bool:
    """Did the page's script send it, which shows what became of it itself?"""
    return "Daybreak-Quietly" in request.headers
