"""The list of what waits, and the page of one task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission, page_may
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions, queries, telling
from daybreak.web.tasks.models import Event, Kind, Task
from daybreak.web.tasks.unreached import unreached
from daybreak.web.tasks.warnings import warnings
from daybreak.web.words import word

AGO = (0, 5, 10, 15, 30, 60, 120)  # minutes: nobody has to type a time


@needs(Permission.SEE_TASKS)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """What waits: suicide answers, what is mine, what nobody has, what others have, each by deadline."""
    person, at, language = request.person, request.received_at, get_language()
    found = queries.waiting(person, at=at)
    names = telling.names((task for task, _ in found), person, at=at)
    lines = [telling.told(task, now, names, reader=person, at=at, language=language) for task, now in found]
    groups: dict[str, list[dict[str, Any]]] = {"suicide": [], "mine": [], "nobody": [], "others": []}
    for line in lines:
        of = "mine" if line["mine"] or line["offered"] else "others" if line["owner"] else "nobody"
        groups["suicide" if line["suicide"] else of].append({**line, "key": ids.new()})
    trail.read("tasks", who=person.id, at=at)
    shown = {
        "warnings": warnings(person, at=at, language=language),
        "may_order": page_may(person, Permission.CALLING_ORDER, at=at),
        "groups": groups,
        "any": bool(lines),
        "more": len(lines) >= queries.MOST,
    }
    return render(request, "tasks/everything.html", shown)


@needs(Permission.SEE_TASKS)
@require_http_methods(["GET", "POST"])
def one_task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Everything about one task, and what can be done about it."""
    person, at, language = request.person, request.received_at, get_language()
    task = queries.task_or_404(person, task_id, at=at)
    problems, status = [], 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        try:
            if act is None:
                raise Refused("error.bad_request")
            act(request, task)
            return redirect(f"/tasks/{task.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    [(_, now)] = queries.with_states([task], at=at)
    names = telling.names([task], person, at=at)
    shown = {
        "one": telling.told(task, now, names, reader=person, at=at, language=language),
        "events": [telling.event(event, language) for event in reversed(now.events)],
        "calls": [telling.call(one, language) for one in queries.calls(task)],
        "site_id": task.site_id,
        "unreached": unreached(task, now, names, language=language)
        if task.kind in {Kind.SUICIDE, Kind.MISSED}
        else None,
        "made": telling.moment(task.created),
        "made_by": task.by.display_name if task.by else "",
        "people": _others(task, at=at, but=person),
        "may_assess": task.kind == Kind.SUICIDE
        and page_may(person, Permission.ASSESS_RISK, at=at, site_id=task.site_id),
        "may_return": bool(task.role) and now.owner is not None and now.owner.pk == person.pk,
        "ago": [(n, word("tasks.ago" if n else "tasks.just_now", language, n=n)) for n in AGO],
        "told": request.POST,
        "key": ids.new(),
        "problems": problems,
    }
    trail.read("task", who=person.id, at=at, object_id=task.id, subject=task.whose_id, site=task.site_id)
    return render(request, "tasks/one.html", shown, status=status)


def _others(task: Task, *, at: Any, but: Person) -> list[Person]:
    """Who else may see the task, and so take it."""
    found = {
        grant.person_id: grant.person
        for grant in all_in_force(at=at)
        if grant.site_id == task.site_id and Permission(task.permission) in MAY[Role(grant.role)]
    }
    hidden = set(task.hidden.values_list("person_id", flat=True))
    return [person for person in found.values() if person.pk != but.pk and person.pk not in hidden]


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.person, "at": request.received_at, "key": key(request)}


def _take(request: HttpRequest, task: Task) -> Event:
    return actions.take(task, **_who(request))


def _offer(request: HttpRequest, task: Task) -> Event:
    to = Person.objects.filter(pk=uuid(request, "to")).first()
    if to is None:
        raise Refused("tasks.nobody_chosen")
    return actions.offer(task, to=to, text=typed(request, "text"), **_who(request))


def _give_back(request: HttpRequest, task: Task) -> Event:
    return actions.give_back(task, text=typed(request, "text"), **_who(request))


def _attempt(request: HttpRequest, task: Task) -> Event:
    ago = request.POST.get("ago", "")
    if ago not in map(str, AGO):
        raise Refused("error.bad_request")
    return actions.attempt(
        task,
        result=request.POST.get("result", ""),
        text=typed(request, "text"),
        happened=request.received_at - timedelta(minutes=int(ago)),
        **_who(request),
    )


def _note(request: HttpRequest, task: Task) -> Event:
    return actions.note(task, text=typed(request, "text"), **_who(request))


def _close(request: HttpRequest, task: Task) -> Event:
    return actions.close(task, result=request.POST.get("result", ""), text=typed(request, "text"), **_who(request))


def _assess(request: HttpRequest, task: Task) -> Event:
    told = {"assessment": typed(request, "assessment"), "plan": typed(request, "plan")}
    return actions.assess(task, **told, **_who(request))


ACTS: dict[str, Callable[[HttpRequest, Task], Event]] = {
    "take": _take,
    "offer": _offer,
    "give_back": _give_back,
    "attempt": _attempt,
    "note": _note,
    "close": _close,
    "assess": _assess,
}
