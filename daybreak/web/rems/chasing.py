"""Whom does the clock call upon when a form is still owed on the third, fifth and sixth day? The next role each time, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.locks import locked
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.rems.queue import Owed, owed, source
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.treatment.models import Session


def look(*, at: datetime) -> int:
    """For each form that is owed the last of these days that has come; how many tasks were made."""
    sites = set(Site.objects.values_list("id", flat=True))
    steps = [(one, step) for one in owed(sites, at=at) if (step := _step(one, at)) is not None]
    names = {name for one, step in steps for name in _names(one, step)}
    asked = set(Task.objects.filter(source__in=names).values_list("source", flat=True)) if names else set()
    return sum(_look(one, step, at=at) for one, step in steps if not asked.issuperset(_names(one, step)))


def _step(one: Owed, at: datetime) -> rems.Line | None:
    gone = (zones.day(at, one.session.site.zone) - one.day).days
    return max((each for each in rems.form()["escalation"] if each["day"] <= gone), key=_day, default=None)


def _day(step: rems.Line) -> int:
    return int(step["day"])


@transaction.atomic
def _look(one: Owed, step: rems.Line, *, at: datetime) -> int:
    """Looked at anew under the lock of the session: it may have been filed meanwhile."""
    locked(Session, pk=one.session.pk)
    if not any(now.session.pk == one.session.pk for now in owed([one.session.site_id], at=at)):
        return 0
    return sum(_ask(one, step, Role(role), at=at) for role in step["roles"])


def _names(one: Owed, step: rems.Line) -> list[str]:
    return [_name(one, step, role) for role in step["roles"]]


def _name(one: Owed, step: rems.Line, role: str) -> str:
    return f"{source(one.session)} day {step['day']} {role}"


def _ask(one: Owed, step: rems.Line, role: Role, *, at: datetime) -> int:
    """Who runs no sessions is told of a day, and of nobody."""
    name = _name(one, step, role)
    if Task.objects.filter(source=name).exists():
        return 0
    runs = role is not Role.ADMINISTRATOR
    tasks.make(
        source=name,
        kind=Kind.OTHER,
        what="rems.task_day" if runs else "rems.task_somewhere",
        values={"day": one.day.isoformat(), "last": one.last.isoformat()},
        site=one.session.site,
        patient=one.session.patient if runs else None,
        level=Level(step["level"]),
        due=due.today(one.session.site.zone, at),
        permission=Permission.RUN_SESSIONS if runs else Permission.MANAGE_PEOPLE,
        role=role,
        where=_where(one.session.pk) if runs else "",
        by=None,
        at=at,
        via="clock",
    )
    return 1


def _where(session_id: UUID) -> str:
    return f"/sessions/{session_id}/rems/"
