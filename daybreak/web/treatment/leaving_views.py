"""The page on which a session ends: what has to be seen before somebody leaves, and every way of leaving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.answers import MET
from daybreak.clinical.treatment.commands import Command, may
from daybreak.clinical.treatment.discharge import NoDriving, leaving, no_driving, watch_until
from daybreak.clinical.treatment.events import AFTER_EXPOSURE, BEFORE_EXPOSURE, Outcome, Phase, What
from daybreak.clinical.treatment.session import Answered
from daybreak.knowledge import rems, sessions
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.cockpit.alarms import said as alarm_name
from daybreak.web.courses.telling import HOME, choices
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, context, duties, escort, form, queries, seeing, stock, telling
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.treatment.views import Told, do_acknowledge, do_identity, opened
from daybreak.web.words import known, word

SUICIDE = "suicide"  # asked, never good: a no about it is not green
ASKED_TWICE = frozenset({Outcome.DIED, Outcome.TRANSFERRED})
OTHERS = 100  # a page has fewer figures than that: each part of it has keys of its own
TITLES = {
    "watched": "treatment.seen_watched",
    "identity": "treatment.seen_identity",
}


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Going home, and every other end."""
    row = opened(request, session_id)
    problems, status = [], 200
    if request.method == "POST" and request.POST.get("do") != telling.MARK:
        do = _DOES.get(request.POST.get("do", ""))
        try:
            if do is None:
                raise Refused("error.bad_request")
            if do is _end and typed(request, "outcome") in ASKED_TWICE and not typed(request, "sure"):
                return _sure(request, row)
            do(request, row, {"by": request.person, "at": request.received_at, "key": key(request)})
            return redirect(f"/sessions/{row.id}/leave/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    at, language = request.received_at, get_language()
    now = queries.now(row)
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = _shown(request, now, at=at, language=language)
        return render(request, "treatment/leave.html", {**shown, "problems": problems}, status=status)


def _sure(request: HttpRequest, row: Session) -> HttpResponse:
    """Asks once more: whom it is said of, and what follows. Nothing is written yet."""
    at, language = request.received_at, known(get_language())
    now, end = queries.now(row), sessions.ends()[Outcome(typed(request, "outcome"))]
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "session": row,
            "head": telling.head(now, at=at, language=language),
            "open": now.open,
            "emergency": now.state.emergency is not None,
            "end": end["title"][language],
            "outcome": end["id"],
            "why": typed(request, "why"),
            "follows": [word(duties.TASKS[one["id"]], language) for one in end["duties"]],
            "key": key(request),
        }
        return render(request, "treatment/sure.html", shown)


def _shown(request: HttpRequest, now: Now, *, at: datetime, language: str) -> dict[str, Any]:
    session, state = now.session, now.state
    kept = context.rules(session, at=at)
    until = watch_until(state, kept)
    return {
        "session": session,
        "head": telling.head(now, at=at, language=language),
        "open": now.open,
        "exposed": state.exposed,
        "form": rems.asks(session.protocol),
        "reopens": state.outcome in AFTER_EXPOSURE and context.ended_today(now, at=at),
        "alarms": telling.alarms(now, name=partial(alarm_name, language=language)) if now.open else [],
        **seeing.offered(language),
        "ready": state.phase is Phase.READY,
        "outcome": sessions.ends()[state.outcome]["title"][known(language)] if state.outcome else "",
        "seen": _seen(now, kept, at=at, language=language) if state.exposed else [],
        "until": zones.clock(until) if until else "",
        "why": _why(now, kept, What.READY, {}, at=at, language=language),
        "why_home": _why(now, kept, What.ENDED, {"outcome": Outcome.DISCHARGED}, at=at, language=language),
        "rows": [telling.row(id, language, request.POST) for id in ("pressure", "spo2", "heart_rate", "breaths")],
        "levels": [telling.levels(id, language, request.POST) for id in ("moaa-s", "dissociation")],
        "asks": telling.marked(_asks(now, language), request.POST),
        "undecided": telling.undecided(now, "suicide_leaving"),
        "decides": page_may(request.person, Permission.DECIDE_DOSE, at=at, site_id=session.site_id),
        "driving": driving(no_driving(state, kept, ZoneInfo(session.site.zone)), known(language)),
        "homes": choices(HOME, language),
        "ends": [
            (one.value, sessions.ends()[one]["title"][known(language)])
            for one in Outcome
            if one in (AFTER_EXPOSURE if state.exposed else BEFORE_EXPOSURE) and one not in _OWN_FORM
        ],
        "escort": escort.shown(now, at=at, language=language),
        "takes": [] if state.exposed else [str(one.first.pk) for one in stock.usable(session.pk, recalled=True)],
        "emergency": state.emergency is not None,
        "key": ids.new(),
        "typed": request.POST,
    }


_OWN_FORM = frozenset({Outcome.DISCHARGED, Outcome.NOT_TODAY, Outcome.CANCELLED})


def _why(now: Now, kept: Any, what: What, told: Told, *, at: datetime, language: str) -> list[str]:
    """Leaving asks nothing beyond the session itself."""
    found = may(now.state, Command(what, told), rules=kept, context=context.NOTHING, now=at)
    return [sentence(one, language) for one in found]


def _seen(now: Now, kept: Any, *, at: datetime, language: str) -> list[dict[str, Any]]:
    titles = {one["id"]: one["title"][known(language)] for one in sessions.leaving()}
    return [
        {
            "title": titles.get(one.id) or word(TITLES[one.id], language),
            "met": one.answer.verdict is MET,
            "asked": one.id == SUICIDE,
            "verdict": one.answer.verdict.value,
            "why": sentence(one.answer.reason, language),
            "gates": one.gates,
        }
        for one in leaving(now.state, kept, at)
    ]


def _asks(now: Now, language: str) -> list[dict[str, Any]]:
    told, last = now.state.answers, now.state.last_exposure
    return [
        {
            **telling.asked(one["id"], language),
            "told": _told(told.get(one["id"]), last),
            "was": "" if one["private"] else _was(one, told.get(one["id"]), last, language),
        }
        for one in sessions.questions(now.session.protocol, "leaving")
    ]


def _told(told: Answered | None, last: datetime | None) -> str:
    """What was answered since the dose."""
    return "" if told is None or last is None or told.at <= last else told.answer


def _was(question: dict[str, Any], told: Answered | None, last: datetime | None, language: str) -> str:
    """The same in words, and when. It is never filled in: an answer is of the moment in which it is given."""
    if told is None or not _told(told, last):
        return ""
    words = {one["id"]: one["words"][known(language)] for one in question["answers"]}
    return f"{zones.clock(told.at)} · {words.get(told.answer, told.answer)}"


def driving(found: NoDriving | None, language: str) -> str:
    """From when somebody may drive, in a sentence, by the clocks of the page; empty when nothing can be said."""
    if found is None:
        return ""
    if found.moment is None:
        return word("treatment.drive_day", language, day=found.day.isoformat())
    local = timezone.localtime(found.moment)
    return word("treatment.drive_clock", language, day=f"{local:%Y-%m-%d}", clock=f"{local:%H:%M}")


@transaction.atomic
def _seen_now(request: HttpRequest, row: Session, about: Told) -> None:
    """Everything that was measured, asked and said on the page, or nothing of it."""
    asked = [one["id"] for one in sessions.questions(row.protocol, "leaving")]
    measured = form.measured(request.POST)
    said = {one: request.POST[one] for one in asked if request.POST.get(one)}
    who = typed(request, "day") or typed(request, "month")
    if not (measured or said or who):
        raise Refused("treatment.nothing_typed")
    if measured:
        actions.checks(row, measured, **about)
    if said:
        own = {**about, "key": ids.derived(about["key"], OTHERS)}
        actions.answers(row, said, together=telling.together(request.POST, said), **own)
    if who:
        do_identity(request, row, {**about, "key": ids.derived(about["key"], 2 * OTHERS)})


def _decide(request: HttpRequest, row: Session, about: Told) -> None:
    told = {"question": "suicide_leaving", "decided": "go", "why": typed(request, "why")}
    actions.act(row, What.ANSWERED, told, **about)


def _ready(request: HttpRequest, row: Session, about: Told) -> None:
    actions.act(row, What.READY, {}, **about)


@transaction.atomic
def _home(request: HttpRequest, row: Session, about: Told) -> None:
    """Called ready and sent home by the same person at once."""
    actions.act(row, What.READY, {}, **about)
    own = {**about, "key": ids.derived(about["key"], OTHERS)}
    actions.act(row, What.ENDED, {"outcome": Outcome.DISCHARGED}, **own)


def _watch_on(request: HttpRequest, row: Session, about: Told) -> None:
    actions.act(row, What.OBSERVING_AGAIN, {}, **about)


def _escort_missing(request: HttpRequest, row: Session, about: Told) -> None:
    actions.act(row, What.ESCORT_MISSING, {"text": typed(request, "text")}, **about)


def _escort_tried(request: HttpRequest, row: Session, about: Told) -> None:
    reached = {"yes": True, "no": False}.get(request.POST.get("reached", ""))
    told = {"whom": request.POST.get("whom", ""), "reached": reached, "text": typed(request, "text")}
    actions.act(row, What.ESCORT_TRIED, told, **about)


def _escort_decided(request: HttpRequest, row: Session, about: Told) -> None:
    told = {"home": request.POST.get("home", ""), "why": typed(request, "why")}
    actions.act(row, What.ESCORT_DECIDED, told, **about)


def _escort_came(request: HttpRequest, row: Session, about: Told) -> None:
    actions.act(row, What.ESCORT_CAME, {}, **about)


def _end(request: HttpRequest, row: Session, about: Told) -> None:
    fields = ("outcome", "why", "home", "with_whom", "safe", "suicide_asked", "who", "where")
    actions.act(row, What.ENDED, {name: typed(request, name) for name in fields}, **about)


def _reopen(request: HttpRequest, row: Session, about: Told) -> None:
    actions.act(row, What.REOPENED, {"why": typed(request, "why")}, **about)


_DOES: Mapping[str, Callable[[HttpRequest, Session, Told], None]] = {
    "acknowledge": do_acknowledge,
    "seen": _seen_now,
    "home": _home,
    "decide": _decide,
    "ready": _ready,
    "watch_on": _watch_on,
    "escort_missing": _escort_missing,
    "escort_tried": _escort_tried,
    "escort_decided": _escort_decided,
    "escort_came": _escort_came,
    "end": _end,
    "reopen": _reopen,
}
