"""The page of one session's monitoring form: what the timeline says, what is asked of the signer, and what was signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import rems
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.papers import brought
from daybreak.web.patients import reading
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import day, key, typed, uuid
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.rems import actions, answers, filing, queries
from daybreak.web.rems.evidence import Judged
from daybreak.web.rems.models import Form, How
from daybreak.web.rems.whole import Whole, marks, whole
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment import telling
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.views import opened
from daybreak.web.words import known, word

HOWS = {How.PORTAL: "rems.portal", How.FAX: "rems.fax", How.OTHER: "rems.other_way"}
PREFIX = "q-"  # of the fields that the signer answers


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The form as it stands now, in the version that is asked for; and each that was signed."""
    row, at, language = opened(request, session_id), request.received_at, known(get_language())
    problems, status = [], 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "file":
                _file(request, row)
            else:
                step_up.confirm(request)
                _sign(request, row)
            return redirect(f"/sessions/{row.id}/rems/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    now = treatments.now(row)
    reading.read("rems_form", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        forms = queries.forms(row)
        shown = {
            "session": row,
            "head": telling.head(now, at=at, language=language),
            "why_none": word(why, language) if (why := queries.owes_none(now)) else "",
            "says": rems.form()["says"][language],
            "contacts": rems.form()["contacts"][language],
            "signed": [_signed(one, now, language) for one in forms],
            **({} if why else _shown(request, now, forms, language)),
            "problems": problems,
        }
        return render(request, "rems/form.html", shown, status=status)


def _sign(request: HttpRequest, session: Session) -> None:
    sent = {name.removeprefix(PREFIX): typed(request, name) for name in request.POST if name.startswith(PREFIX)}
    count = typed(request, "events")
    actions.sign(
        session,
        version=typed(request, "version"),
        answered=sent,
        events=int(count) if count.isascii() and count.isdigit() and len(count) < len("999999") else 0,
        replaces=uuid(request, "replaces"),
        reason=typed(request, "reason"),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _file(request: HttpRequest, session: Session) -> None:
    newest = queries.newest(session)
    if newest is None or newest.id != uuid(request, "form"):
        raise Conflict("rems.filed_meanwhile")
    told = {"how": typed(request, "how"), "reference": typed(request, "reference")}
    about = {"by": request.person, "at": request.received_at, "key": key(request)}
    filing.file(newest, day=day(request, "day"), **told, proof=brought.file(request, "proof"), **about)


def _shown(request: HttpRequest, now: Now, forms: Sequence[Form], language: str) -> dict[str, Any]:
    asked = request.POST.get("version") or request.GET.get("version", "")
    treated = queries.day(now)
    version = asked if asked in rems.versions() else rems.version_on(treated)
    stands = whole(now, version, language)
    return {
        "version": version,
        "versions": [(id, one["words"][language]) for id, one in rems.versions().items()],
        "blocks": [(title, [_line(request, one, stands) for one in rows]) for title, rows in stands.blocks()],
        "until": rems.last_day(treated).isoformat(),
        "serious": answers.serious(language),
        "newest": next((one for one in forms if one.id not in {each.replaces_id for each in forms}), None),
        "events": len(now.events),
        "reason": typed(request, "reason"),
        "key": ids.new(),
        "file_key": ids.new(),
        "hows": [(str(one), word(words, language)) for one, words in HOWS.items()],
        "today": zones.day(request.received_at, now.session.site.zone).isoformat(),
        "typed": request.POST,
        "step_up": step_up.needed(request),
    }


def _line(request: HttpRequest, one: Any, stands: Whole) -> dict[str, Any]:
    common = {
        "id": one.id,
        "words": one.words,
        "notes": one.notes,
        "marks": marks(one, stands.version, stands.language),
    }
    if not isinstance(one, Judged):
        return common | {"value": one.value, "required": one.about["required"]}
    sent = request.POST.get(f"{PREFIX}{one.id}", "")
    return common | {
        "asks": one.about["asks"],
        "tell": one.about["tell"],
        "sent": sent,
        "text": request.POST.get(f"{PREFIX}{one.id}.text", ""),
        "other": request.POST.get(f"{PREFIX}{one.id}.other", ""),
        "after": word("rems.only_after", stands.language) if one.about.get("when") else "",
        "choices": one.choices,
    }


def _signed(one: Form, now: Now, language: str) -> dict[str, Any]:
    told, sent = json.loads(one.answers), getattr(one, "filing", None)
    how = word(HOWS[How(sent.how)], language) if sent else ""
    proof = {"day": sent.day, "how": how, "reference": sent.reference, "name": sent.by.display_name} if sent else {}
    words = {each["id"]: each["words"][language] for each in rems.fields(one.version)}
    return {
        "row": one,
        "version": rems.versions()[one.version]["words"][language],
        "at": zones.minute(one.created),
        "proof": sent.paper_id if sent else None,
        "filed": word("rems.was_filed", language, **proof) if proof else "",
        "since": len(now.events) - one.events,
        "answers": [
            (words[id], answers.said(id, told, language), told.get(f"{id}.text", "")) for id in words if id in told
        ],
    }
