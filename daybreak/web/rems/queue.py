"""Which treatments still owe a form, by when, how far is each, and who has it?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from daybreak.clinical.treatment.events import GIVES
from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.rems import queries
from daybreak.web.rems.models import Filing, Form, Setting
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due as ends
from daybreak.web.tasks.models import Event, Kind, Level, Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.tasks.state import state
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now


@dataclass(frozen=True, slots=True)
class Owed:
    """One session: its day, the last day to file, and how many are left by the site's clock (below 0: so many too late)."""

    now: Now
    day: date
    last: date
    left: int
    form: Form | None
    owner: Person | None

    @property
    def session(self) -> Session:
        return self.now.session


def owed(site_ids: Collection[UUID], *, at: datetime) -> list[Owed]:
    """Every one at these sites, what is latest first. One that was signed is owed until its newest form is filed."""
    given = SessionEvent.objects.filter(session=OuterRef("pk"), what__in=GIVES)
    filed = Filing.objects.filter(form__session=OuterRef("pk"), form__replaced_by__isnull=True)
    rows = Session.objects.filter(site__in=list(site_ids), protocol__in=rems.form()["protocols"])
    ids = rows.filter(Exists(given) & ~Exists(filed)).values("pk")
    found = [one for one in treatments.these(ids) if not queries.owes_none(one)]
    forms = {one.session_id: one for one in _newest(found)}
    owners = _owners(found)
    made = [_owed(one, forms.get(one.session.id), owners.get(one.session.id), at=at) for one in found]
    return sorted(made, key=lambda one: (one.last, one.session.id))


def _owed(now: Now, form: Form | None, owner: Person | None, *, at: datetime) -> Owed:
    day = queries.day(now)
    last = rems.last_day(day)
    left = (last - zones.day(at, now.session.site.zone)).days
    return Owed(now, day, last, left, form, owner)


def _newest(found: list[Now]) -> list[Form]:
    ids = [one.session.id for one in found]
    return list(Form.objects.filter(session__in=ids, replaced_by__isnull=True).select_related("by")) if ids else []


def _owners(found: list[Now]) -> dict[UUID, Person | None]:
    sources = {source(one.session): one.session.id for one in found}
    events = Prefetch("events", Event.objects.select_related("by", "to"))
    rows = Task.objects.filter(source__in=sources).select_related("owner").prefetch_related(events) if sources else ()
    return {sources[one.source]: state(one, one.events.all()).owner for one in rows}


def source(session: Session) -> str:
    """What the task of that session is known by: there is one, however often the session ends."""
    return f"rems {session.id}"


def becomes_due(now: Now, *, by: Person, at: datetime) -> Task | None:
    """The session has ended, in the transaction that says so: where it owes a form, a nurse has until the end of the last day."""
    if queries.owes_none(now):
        return None
    site, last = now.session.site, rems.last_day(queries.day(now))
    return _task(now.session, source(now.session), "rems.task", due=ends.end_of(last, site.zone), by=by, at=at)


def settle(now: Now, said: Setting, *, by: Person, at: datetime) -> None:
    """It was said anew where a treatment with a dose was given, in the transaction that says so: a form is owed now, or is not
    any more. What was signed stays."""
    owed = not queries.owes_none(now)
    filed = Filing.objects.filter(form__session=now.session, form__replaced_by__isnull=True).exists()
    waits = still_open(Task.objects.filter(source__startswith=source(now.session)))
    if owed and not filed and not waits.exists():
        due = ends.end_of(rems.last_day(queries.day(now)), now.session.site.zone)
        _task(now.session, f"{source(now.session)} {said.id}", "rems.task", due=due, by=by, at=at)
    elif not owed:
        for one in waits:
            tasks.done(source=one.source, by=by, at=at, result=tasks.NOT_NEEDED, text=said.reason)


def corrected(form: Form, *, by: Person, at: datetime) -> Task | None:
    """What was filed is not what counts any more: the new one has to be filed, in the transaction that signed it."""
    before = form.replaces
    if before is None or not Filing.objects.filter(form=before).exists():
        return None
    today = zones.day(at, form.session.site.zone)
    due = ends.end_of(today, form.session.site.zone)
    return _task(form.session, f"rems form {form.id}", "rems.task_again", due=due, by=by, at=at)


def done(form: Form, *, by: Person, at: datetime) -> None:
    """It was filed: nobody has to any more."""
    for one in still_open(Task.objects.filter(source__startswith=source(form.session))):
        tasks.done(source=one.source, by=by, at=at)
    tasks.done(source=f"rems form {form.id}", by=by, at=at)


def _task(session: Session, source: str, what: str, *, due: datetime, by: Person, at: datetime) -> Task:
    return tasks.make(
        source=source,
        kind=Kind.OTHER,
        what=what,
        site=session.site,
        patient=session.patient,
        level=Level.BY,
        due=due,
        permission=Permission.RUN_SESSIONS,
        role=Role.NURSE,
        where=f"/sessions/{session.id}/rems/",
        by=by,
        at=at,
    )
