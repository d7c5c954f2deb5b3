"""The page on which one sentence is typed, read, and confirmed: nothing is written before somebody did."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.clinical.treatment.said import Entry, Why
from daybreak.clinical.treatment.said import What as Told
from daybreak.knowledge import sessions
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.adverse.rates_told import ROUTES
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed
from daybreak.web.refusals import Refused
from daybreak.web.treatment import queries, said, telling
from daybreak.web.treatment.views import opened
from daybreak.web.words import known, word

WHY = {
    Why.WORDS: "treatment.said_words",
    Why.NO_UNIT: "treatment.said_no_unit",
    Why.UNIT: "treatment.said_unit",
    Why.NO_SENSE: "treatment.said_no_sense",
    Why.TWICE: "treatment.said_twice",
}
ALONE = {
    Told.WASTE: "treatment.said_waste",
    Told.NO_WASTE: "treatment.said_no_waste",
    Told.SAME_VIAL: "treatment.said_same_vial",
}


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def sentence(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Typed, it is read; read, each entry is chosen, and the rest is said to be not understood."""
    row, at, language = opened(request, session_id), request.received_at, known(get_language())
    text, problems, status = typed(request, "sentence"), [], 200
    found = None
    if request.method == "POST":
        try:
            found = said.understood(text)
            if request.POST.get("do") == "confirm":
                chosen = {n for n in range(len(found.entries)) if f"entry-{n}" in request.POST}
                ordered_by = {n: typed(request, f"ordered_by-{n}") for n in chosen}
                about = {"by": request.person, "at": at, "key": key(request)}
                said.confirm(row, text, chosen=chosen, ordered_by=ordered_by, **about)
                return redirect(f"/sessions/{row.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    now = queries.now(row)
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = {
            "session": row,
            "head": telling.head(now, at=at, language=language),
            "sentence": text,
            "most": said.LONGEST,
            "read": found is not None,
            "entries": [_entry(request, n, one, language) for n, one in enumerate(found.entries)] if found else [],
            "cupboard": said.drawn(row) if found and any(one.what in said.ELSEWHERE for one in found.entries) else "",
            "left": [{"clause": one.clause, "why": word(WHY[one.why], language)} for one in found.left]
            if found
            else [],
            "key": ids.new(),
            "problems": problems,
        }
        return render(request, "treatment/said.html", shown, status=status)


def _entry(request: HttpRequest, n: int, one: Entry, language: str) -> dict[str, Any]:
    return {
        "n": n,
        "clause": one.clause,
        "said": word(ALONE[one.what], language) if one.what in ALONE else _said(one, language),
        "elsewhere": one.what in said.ELSEWHERE,
        "rescue": one.what is Told.RESCUE,
        "ordered_by": typed(request, f"ordered_by-{n}"),
        "chosen": request.POST.get("do") != "confirm" or f"entry-{n}" in request.POST,
    }


def _said(one: Entry, language: str) -> str:
    """The entry as it would be written, so that somebody sees what was understood."""
    told = one.told
    route = word(ROUTES[told["route"]], language) if told.get("route") else ""
    if one.what is Told.DOSE:
        return " · ".join(part for part in (word("treatment.said_dose", language, mg=told["mg"]), route) if part)
    if one.what is Told.RESCUE:
        kind = sessions.rescues()[told["kind"]]["title"][language]
        return " · ".join(part for part in (kind, told["drug"], f"{told['mg']} mg", route) if part)
    if one.what is Told.EVENT:
        return word("treatment.said_event", language, text=told["text"])
    line = sessions.rows()[told["row"]]
    if "level" in told:
        value = next(each["words"][language] for each in line["levels"] if str(each["value"]) == told["level"])
    else:
        figures = "/".join(value for name, value in told.items() if name != "row")
        value = f"{figures} {line['unit']}"
    return f"{line['title'][language]}: {value}"
