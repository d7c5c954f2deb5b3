"""The one page on which a day is closed: who left and how, which tasks are open, and who has the night."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.closing import actions, queries
from daybreak.web.courses import rides
from daybreak.web.courses.models import What
from daybreak.web.courses.telling import WHAT, goes_home
from daybreak.web.cupboard import evening as cupboard
from daybreak.web.forms import coverage, makers
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import key, uuid
from daybreak.web.refusals import Refused
from daybreak.web.tasks import telling
from daybreak.web.tasks.models import Level
from daybreak.web.words import known, word


@needs(Permission.READ_PATIENTS)
@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """Today, yesterday or an earlier day that nobody closed, of one site, to look at and to close."""
    at, language = request.received_at, get_language()
    treats = queries.who_treats(request.person, at=at)
    sites = list(treats)
    site = posted.site(request, sites)
    today = zones.day(at, site.zone)
    closings = queries.closings(site, today)
    unclosed = queries.unclosed(site, today, closings)
    days = list(dict.fromkeys((*queries.near(today), *unclosed)))
    asked, wanted = posted.asked(request, "site"), posted.asked(request, "day")
    day = next((one for one in days if one.isoformat() == wanted), today)
    people = treats[site]
    problems, status = [], 200
    if request.method == "POST":
        try:
            _close(request, site, day, people, as_asked=(str(site.id), day.isoformat()) == (asked, wanted))
            return redirect(f"/closing/?site={site.id}&day={day.isoformat()}")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("closing", who=request.person.id, at=at, site=site.id)
    shown = {
        "sites": sites,
        "site": site,
        "days": queries.near(today),
        "closed": closings.get(day),
        "unclosed": list(unclosed.items()),
        "day": day,
        "today": today,
        "lost": dict(zip(("n", "all"), rides.lost(site, day), strict=True)),
        "asked": coverage.of(site, day, language=known(language)),
        "every_form": coverage.doors(known(language)),
        "cupboard": cupboard.evening(site, day),
        "sees_cupboard": page_may(request.person, Permission.USE_CUPBOARD, at=at, site_id=site.id),
        "people": people,
        "chosen": request.POST.get("on_call", ""),
        "key": ids.new(),
        "problems": problems,
        **_evening(request, site, day, language),
    }
    return render(request, "closing/closing.html", shown, status=status)


def _close(request: HttpRequest, site: Site, day: date, people: list[Person], *, as_asked: bool) -> None:
    on_call = next((one for one in people if one.id == uuid(request, "on_call")), None)
    if not as_asked:
        raise Refused("closing.not_that_day", n=len(queries.near(day)) - 1)
    if on_call is None:
        raise Refused("closing.choose_on_call", in_field="on_call")
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    actions.close(site, day, on_call=on_call, seen=request.POST.get("seen", ""), **about)


def _evening(request: HttpRequest, site: Site, day: date, language: str) -> dict[str, Any]:
    now = queries.evening(site, day, reader=request.person, at=request.received_at)
    found = [task for task, _ in now.tasks]
    # Whoever may close a day knows who the patients of the site are.
    names = telling.called(
        {one.booking.patient_id for one in now.visits} | {one.patient_id for one in found if one.patient_id}
    )
    told = {"reader": request.person, "at": request.received_at, "language": language}
    visits = [
        {
            "id": one.booking.id,
            "patient": one.booking.patient_id,
            "name": names[one.booking.patient_id],
            "from": zones.clock(one.starts),
            "last": word(WHAT[What(one.last)], language),
            "over": one.over,
            "free": one.free,
            **goes_home(one, language),
        }
        for one in now.visits
    ]
    told_tasks = [(task.level, telling.told(task, state, names, **told)) for task, state in now.tasks]
    return {
        "visits": [one for one in visits if not one["over"]],
        "ended": [one for one in visits if one["over"]],
        "forms": [
            {
                "id": one.id,
                "patient": one.patient_id,
                "name": names[one.patient_id],
                "title": makers.form(one.form, language).title,
                "since": zones.minute(one.created),
            }
            for one in now.forms
        ],
        "unfinished": len(now.unfinished),
        "tasks": [one for level, one in told_tasks if level != Level.BY],
        "later": [one for level, one in told_tasks if level == Level.BY],
        "open_tasks": len(told_tasks),
        "seen": now.digest,
    }
