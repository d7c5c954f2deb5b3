"""The pages on which somebody writes down late what has happened, and puts right what was written: the first word stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment.events import TAKEN_BACK, Event, Outcome, What
from daybreak.clinical.treatment.session import corrected
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import asked, key, typed
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, past, queries, stock, telling, timeline
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.views import opened
from daybreak.web.words import known, word


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def late(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What has happened already, and nobody wrote down: never refused for a gate, and marked late. `what`: its kind."""
    row, at, language = opened(request, session_id), request.received_at, known(get_language())
    now, people = queries.now(row), past.staff(row.site, at=at)
    kind = asked(request, "what") if asked(request, "what") in past.KINDS else ""
    problems, status = [], 200
    if request.method == "POST":
        try:
            _report(request, now, kind, past.did(request, people))
            return redirect(f"/sessions/{row.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            **_common(request, now, at=at, language=language),
            **_fields(kind, row.protocol, typed=request.POST, language=language),
            "kinds": [(one, word(said, language)) for one, said in past.TITLES.items()],
            "kind": kind,
            "title": word(past.TITLES[kind], language) if kind else "",
            "people": people,
            "typed": request.POST,
            "problems": problems,
        }
        return render(request, "treatment/late.html", shown, status=status)


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest, session_id: UUID, n: int) -> HttpResponse:
    """One event: what was told, what it says by now, and a form to put it right. What somebody signed has none."""
    row, at, language = opened(request, session_id), request.received_at, known(get_language())
    now = queries.now(row)
    stands = next((one for one in corrected(now.events) if one.seq == n), None)
    if stands is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        try:
            _correct(request, now, stands)
            return redirect(f"/sessions/{row.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    kind = past.kind_of(stands) if not stands.signed else ""
    sensitive = page_may(request.person, Permission.READ_SENSITIVE, at=at, site_id=row.site_id)
    told = request.POST or _typed(stands, sensitive=sensitive)
    only = str(stands.told.get("row") or stands.told.get("question") or "")
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            **_common(request, now, at=at, language=language),
            **_fields(kind, row.protocol, typed=told, language=language, only=only),
            "signed": stands.signed,
            "kind": kind,
            "lines": _lines(request, now, n, at=at, language=language),
            "never": stands.what in TAKEN_BACK,
            "book": stands.what in stock.USES,
            "typed": told,
            "keep": True,
            "problems": problems,
        }
        return render(request, "treatment/event.html", shown, status=status)


def _common(request: HttpRequest, now: Now, *, at: datetime, language: str) -> dict[str, Any]:
    return {
        "session": now.session,
        "head": telling.head(now, at=at, language=language),
        "emergency": now.state.emergency is not None,
        "open": now.open,
        "ago": past.AGO,
        "off": [one for one in past.OFF if one],
        "key": ids.new(),
    }


def _lines(request: HttpRequest, now: Now, seq: int, *, at: datetime, language: str) -> list[dict[str, Any]]:
    """What was told first, and what each correction tells instead, in order."""
    sensitive = page_may(request.person, Permission.READ_SENSITIVE, at=at, site_id=now.session.site_id)
    found = timeline.events(now, language=language, sensitive=sensitive)
    return [one for one in reversed(found) if one["seq"] == seq or one["of"] == seq]


def _fields(kind: str, protocol: str, *, typed: Mapping[str, Any], language: str, only: str = "") -> dict[str, Any]:
    """What the form of a kind needs; `only`: the row or the question that it is about."""
    if kind == "vitals":
        rows = [telling.row(id, language) for id, one in sessions.rows().items() if one["parts"] and only in ("", id)]
        for part in (each for one in rows for each in one["parts"]):
            part["typed"] = typed.get(part["name"], "")
        return {"rows": rows}
    if kind == "level":
        rows = [id for id, one in sessions.rows().items() if one["levels"] and only in ("", id)]
        return {"groups": [_group(id, telling.levels(id, language)) for id in rows]}
    if kind == "answered":
        every = [one for moment in ("before", "leaving") for one in sessions.questions(protocol, moment)]
        lines = {one["id"]: one for one in every if only in ("", one["id"])}
        return {
            "groups": [
                (one["title"][language], [(f"{id}/{each['id']}", each["words"][language]) for each in one["answers"]])
                for id, one in lines.items()
            ]
        }
    if kind == "ended":
        return {"ends": [(one.value, sessions.ends()[one]["title"][language]) for one in Outcome]}
    return {
        "rescues": telling.choices(sessions.rescues(), language) if kind == "rescue" else (),
        "cards": telling.choices(sessions.cards(), language) if kind == "event" else (),
    }


def _group(id: str, line: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    return line["title"], [(f"{id}/{value}", words) for value, words in line["levels"]]


@transaction.atomic
def _report(request: HttpRequest, now: Now, kind: str, did: Mapping[str, str]) -> None:
    at, base = request.received_at, key(request)
    if not kind:
        raise Refused("treatment.say_what", in_field="what")
    found = past.when(request, now.session.site, at=at)
    if found is None:
        raise Refused("treatment.say_when", in_field="ago")
    every = past.told(request, kind, now, at=at)
    if not every:
        raise Refused("treatment.nothing_typed")
    for n, told in enumerate(every):
        about: dict[str, Any] = {"by": request.person, "at": at, "key": ids.derived(base, n)}
        about |= {"happened": found[0], "uncertain": found[1], "said": past.said(request)}
        actions.report(now.session, past.KINDS[kind], {**told, **did}, **about)


def _correct(request: HttpRequest, now: Now, stands: Event) -> None:
    at = request.received_at
    moved = past.when(request, now.session.site, at=at)
    about: dict[str, Any] = {"why": typed(request, "reason"), "by": request.person, "at": at, "key": key(request)}
    if moved:
        about |= {"happened": moved[0], "uncertain": moved[1], "said": past.said(request)}
    actions.correct(now.session, stands.seq, _instead(request, now, stands, at=at, moved=bool(moved)), **about)


def _instead(request: HttpRequest, now: Now, stands: Event, *, at: datetime, moved: bool) -> Mapping[str, Any] | None:
    """What is told instead; None when only the time is another. What stays the same and at its time is no correction."""
    before = {name: one for name, one in stands.told.items() if name != "lacking"}
    if typed(request, "never") and stands.what in TAKEN_BACK:
        return {"taken_back": True}
    kind = past.kind_of(stands)
    new = dict(before)
    if kind in ("dose", "infusion_started", "infusion_ended"):
        new |= past.amount(request)
    elif kind:
        found = past.told(request, kind, now, at=at)
        if kind in ("vitals", "level") and [one["row"] for one in found] != [before["row"]]:
            raise Refused("treatment.nothing_typed")
        if kind == "answered" and found[0]["question"] != before["question"]:
            raise Refused("treatment.choose_answer", in_field="answer")
        new |= found[0]
        if kind == "answered" and new["answer"] != before.get("answer"):
            new.pop("together", None)  # this one was given by itself
    new = {name: one for name, one in new.items() if one not in ("", None) and name != "taken_back"}
    if new != before:
        return new
    if not moved:
        raise Refused("treatment.same_as_before")
    return None


def _typed(stands: Event, *, sensitive: bool) -> dict[str, Any]:
    """What stands in the form at first: what is told now, but for an answer that whoever looks may not read."""
    told = stands.told
    value = told.get("value")
    found = {name: one for name, one in told.items() if isinstance(one, str)} | {"because": told.get("why", "")}
    if stands.what == What.CHECK:
        row = str(told["row"])
        found |= value if isinstance(value, Mapping) else {row: str(value)}
        found["level"] = f"{row}/{value}"
    if stands.what == What.ANSWERED and (sensitive or told["question"] not in timeline.PRIVATE):
        found["answer"] = f"{told['question']}/{told.get('answer', '')}"
    return found
