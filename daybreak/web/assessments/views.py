"""The page on which the results of a patient's rating scales stand, one scale at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.clinical.records import AsOf
from daybreak.clinical.screening.view import View
from daybreak.knowledge import scales
from daybreak.knowledge.rules import words
from daybreak.knowledge.sentences import language
from daybreak.knowledge.steering import state_rules
from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.assessments import changed, given, goals, happened, trend, wordings
from daybreak.web.assessments.asked import SCREENER, sensitive
from daybreak.web.assessments.plan import NAME as PLAN
from daybreak.web.assessments.results import Rating, results
from daybreak.web.assessments.scoring import values
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Course
from daybreak.web.forms import makers
from daybreak.web.forms.models import Mode
from daybreak.web.forms.views import MODES
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.steering import states, telling, treated
from daybreak.web.words import known, word

STRIP, SHADES = 12, 4  # so many ratings stand side by side; so many shades above none
SEX = {"female": "patients.female", "male": "patients.male"}
EVERYTHING = "first"  # how the address asks for the whole time
RISK = {
    "none": "assessments.risk_none",
    "low": "assessments.risk_low",
    "moderate": "assessments.risk_moderate",
    "high": "assessments.risk_high",
}


@needs(Permission.READ_PATIENTS)
@require_safe
def every_result(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every scale with results; of one of them totals, bands, items, what changed, and what was taken meanwhile."""
    patient, allowed, _ = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.READ_PATIENTS
    )
    said = language(known(get_language()))
    lang = said.language
    refs = list(hidden(patient, by=request.person, allowed=allowed).values())
    closed = [] if Permission.READ_SENSITIVE in allowed else [one for one in scales.ids() if sensitive(one)]
    about = patients.details(patient)
    chart = records.chart_of(about, records.current(patient))
    found = results(patient, chart, hidden=refs, closed=closed)
    most = max(found.by_scale, key=lambda one: len(found.by_scale[one]), default="")
    scale = request.GET.get("scale", most)
    if scale and scale not in found.by_scale:
        raise Http404
    shown: dict[str, Any] = {
        "scales": [(id, scales.data(id)["title"][lang], len(rows)) for id, rows in found.by_scale.items()],
        "scale": scale,
        "found": found,
        "may_ask": Permission.REGISTER_PATIENTS in allowed,
    }
    if scale:
        ratings = found.by_scale[scale]
        view = View(chart, AsOf(zones.today(request.received_at), request.received_at), words())
        tried = trend.treatments(view, said, refs)
        message = trend.message(scale, ratings, lang)
        near = trend.near(ratings)
        since = None if request.GET.get("from") == EVERYTHING else near
        data = scales.data(scale)
        marked = goals.goals(scale, ratings, lang)
        came = courses.of(patient)
        every = list(
            Course.objects.filter(patient__in=patients.together(patient)).select_related("end", "site").order_by("-id")
        )
        visits = given.marks(every, came, lang) if Permission.SEE_CALENDAR in allowed else []
        begun = treated.newest(every, came) if state_rules(scale) else None
        today = zones.today(request.received_at)
        others = happened.marks(patient, [day for day in found.silent.get(scale, ()) if day < today], lang)
        steered = begun and _steered(begun, ratings, lang, at=request.received_at)
        first = steered["first"] if steered else None
        matters = goals.matters(scale, first["total"] if first else None, lang)
        shown |= {
            "title": data["title"][lang],
            "edition": data["edition"]["is"],
            "bands": [one["title"] for one in data["bands"][:1]],
            "message": message,
            "svg": trend.drawn(scale, ratings, view, tried, said, message, since, marked, visits, others, matters),
            "goals": marked,
            "near": near,
            "since": since,
            "visits": _lines(visits, others, lang),
            "tried": [(row.name, when, more) for row in tried for when, more in row.lines],
            "ratings": [
                {**_told(one, lang, sex=chart.patient.sex), "reached": goals.reached(marked, one, lang)}
                for one in reversed(ratings)
            ],
            "strip": _strip(scale, ratings, lang),
            "onward": _onward(scale, lang),
            "changed": changed.lines(scale, ratings, lang),
            "steered": steered,
            "matters": matters and matters.sentence,
        }
    return show(request, patient, "assessments/every.html", about=about, **shown)


def _lines(visits: Sequence[given.Mark], others: Sequence[happened.Mark], lang: str) -> list[tuple[str, str, str]]:
    """What is drawn beneath the curve, in words, by day."""
    told = [(one.day.isoformat(), word(given.KIND[one.kind], lang), one.said) for one in visits]
    also = [(one.day.isoformat(), word(happened.KIND[one.kind], lang), one.said) for one in others]
    return sorted(told + also, key=lambda one: one[0])


def _steered(
    begun: tuple[Course, list[date]], ratings: list[Rating], lang: str, *, at: datetime
) -> dict[str, Any] | None:
    """The state at each rating since the newest course began, where the scale has figures for it."""
    course, days = begun
    found = states.course(ratings[0].scale, ratings, treated=days, today=zones.day(at, course.site.zone))
    return telling.told(found, lang) if found else None


def _told(one: Rating, lang: str, *, sex: str | None) -> dict[str, Any]:
    sitting = one.sitting
    return {
        "day": one.day.isoformat(),
        "result": word(RISK[one.risk], lang) if one.risk in RISK else "" if one.total is None else one.total,
        "band": _band(one, lang),
        "cuts": _cuts(one, lang, sex=sex),
        "missing": one.missing,
        "prorated": one.prorated,
        "corrected": one.corrected,
        "mode": word(MODES[Mode(sitting.mode)], lang) if sitting else word("assessments.from_record", lang),
        "by": sitting.ending.by.display_name if sitting and sitting.ending.by else "",
        "minutes": sitting.ending.minutes if sitting else None,
        "where": f"/patients/{sitting.patient_id}/forms/{sitting.id}/" if sitting else "",
    }


def _band(one: Rating, lang: str) -> str:
    bands = scales.data(one.scale)["bands"]
    if one.total is None or not bands:
        return ""
    return str(next((step["words"][lang] for step in bands[0]["steps"] if one.total <= step["to"]), ""))


def _onward(scale: str, lang: str) -> list[tuple[str, str]]:
    """What can be asked next: after a scale with an item about suicide the screener, after the screener the safety plan."""
    data = scales.data(scale)
    if data["method"]["name"] == SCREENER:
        following = [f"plan:{PLAN}"]
    else:
        following = [f"assessment:{id}" for id in scales.ids() if scales.data(id)["method"]["name"] == SCREENER]
        following = following if "safety" in data else []
    return [(id, makers.form(id, lang).title) for id in following]


def _cuts(one: Rating, lang: str, *, sex: str | None) -> list[str]:
    """Where the threshold depends on sex: that of the recorded one; of a sex that is not known each of them, said to be so."""
    cut = scales.data(one.scale)["method"].get("sex_cut")
    if one.total is None or cut is None:
        return []
    known_sex = sex in cut["by_sex"]
    said = [
        word(
            "assessments.cut_reached" if one.total >= least else "assessments.cut_not_reached",
            lang,
            sex=word(SEX[name], lang),
            least=least,
        )
        for name, least in cut["by_sex"].items()
        if not known_sex or name == sex
    ]
    return said if known_sex else [word("assessments.cut_sex_unknown", lang), *said]


def _strip(scale: str, ratings: list[Rating], lang: str) -> dict[str, Any]:
    """The items of the latest ratings, one column for each: points, and a shade by their part of the highest."""
    columns = [one for one in ratings if one.items][-STRIP:]
    said = wordings.wording(scale, lang) if wordings.exists(scale) else None
    rows = []
    for n, offered in enumerate(values(scale), 1):
        highest = max((int(one) for one in offered if one.isdigit()), default=1)
        cells = [one.items.get(str(n), "") for one in columns]
        shades = [(point, -(-int(point) * SHADES // highest) if point else "none") for point in cells]
        rows.append((said["items"][n - 1] if said else word("assessments.item", lang, n=n), shades))
    return {
        "days": [one.day.isoformat() for one in columns],
        "rows": rows,
        "language": said["language"] if said else known(lang),
    }
