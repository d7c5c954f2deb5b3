"""Who is asked to judge an adverse event and to report it, by when? In the transaction that calls for it, or ends the need."""

from __future__ import annotations

from datetime import date, datetime

from daybreak.clinical.treatment.adverse import NO
from daybreak.web.adverse.models import Version
from daybreak.web.adverse.queries import counted_from, last_day
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level, Task


def review(row: Version, *, by: Person, at: datetime) -> Task:
    """A prescriber has until the end of the last day, counted from when it was told first, not from a correction."""
    last = last_day(row, counted_from([row])[row.root], reviewed=False)
    return _task(row, _review(row), "adverse.task_review", last=last, by=by, at=at)


def reviewed(row: Version, *, by: Person, at: datetime) -> None:
    """It is judged; what is serious, or may be, has to be reported."""
    tasks.done(source=_review(row), by=by, at=at)
    if row.serious != NO and not row.reports.exists():
        last = last_day(row, counted_from([row])[row.root], reviewed=True)
        _task(row, _report(row), "adverse.task_report", last=last, by=by, at=at)


def reported(row: Version, *, by: Person, at: datetime) -> None:
    """It was reported, or somebody decided that it is not."""
    tasks.done(source=_report(row), by=by, at=at)


def replaced(row: Version, *, by: Person, at: datetime) -> None:
    """Another version counts, and asks anew."""
    for one in (_review(row), _report(row)):
        tasks.done(source=one, by=by, at=at, result=tasks.NOT_NEEDED)


def _review(row: Version) -> str:
    return f"adverse {row.id}"


def _report(row: Version) -> str:
    return f"adverse report {row.id}"


def _task(row: Version, source: str, what: str, *, last: date, by: Person, at: datetime) -> Task:
    return tasks.make(
        source=source,
        kind=Kind.REVIEW,
        what=what,
        site=row.site,
        patient=row.patient,
        level=Level.BY,
        due=due.end_of(last, row.site.zone),
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        where=f"/patients/{row.patient_id}/adverse/{row.root}/",
        by=by,
        at=at,
    )
