"""What does a signature leave to somebody: a second signature, a look on a later day?

Each duty is a task, made in the transaction of what makes it necessary and ended by the act that it asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from daybreak.knowledge.periods import period
from daybreak.web import zones
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.screening.exceptions import VOID, Standing
from daybreak.web.screening.models import NOT_YET, Override, SecondRule, Snapshot
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.words import word


def ask_for_second(row: Override | Snapshot, *, by: Person, at: datetime) -> None:
    """Somebody else signs the exception or the hard case; whoever may, takes it."""
    page = "exceptions" if isinstance(row, Override) else "signed"
    tasks.make(
        source=_second(row),
        kind=Kind.SIGNATURE,
        what="screening.task_second",
        site=row.site,
        patient=row.patient,
        level=Level.BY,
        due=at + timedelta(days=period("second-signature")["days"]),
        permission=Permission.SECOND_SIGNATURE,
        role=Role.EVALUATOR,
        where=f"/patients/{row.patient_id}/screening/{page}/{row.id}/",
        by=by,
        at=at,
    )


def look_again(row: Snapshot, *, by: Person, at: datetime) -> None:
    """The signer of a "not yet" looks again on its day."""
    tasks.make(
        source=_again(row),
        kind=Kind.REVIEW,
        what="screening.task_again",
        site=row.site,
        patient=row.patient,
        level=Level.BY,
        due=zones.midnight(row.review_on, row.site.zone),
        permission=Permission.READ_SCREENING,
        role=Role.PRESCRIBER,
        owner=by,
        where=f"/patients/{row.patient_id}/screening/",
        by=by,
        at=at,
    )


def seconded(row: Override | Snapshot, *, by: Person, at: datetime) -> None:
    """The second signature was given, or is no longer needed."""
    tasks.done(source=_second(row), by=by, at=at)


def ask_for_rule(row: SecondRule, *, by: Person, at: datetime) -> None:
    """Somebody else signs that one signature is enough, or nobody does."""
    tasks.make(
        source=_rule(row),
        kind=Kind.SIGNATURE,
        what="screening.task_rule",
        values={"name": by.display_name},
        site=row.site,
        level=Level.BY,
        due=at + timedelta(days=period("second-signature")["days"]),
        permission=Permission.SECOND_SIGNATURE,
        role=Role.EVALUATOR,
        hidden_from={by.pk},
        where="/clinic/second-signatures/",
        by=by,
        at=at,
    )


def rule_settled(row: SecondRule, *, by: Person, at: datetime) -> None:
    """It was signed, or something else was said in its place."""
    tasks.done(source=_rule(row), by=by, at=at)


def put_down(standings: Iterable[Standing], *, by: Person, at: datetime) -> None:
    """Nobody signs an exception as the second any more whose finding has changed: its task ends and says why."""
    said = word("screening.task_void", by.language)
    for one in standings:
        if one.state == VOID and one.row.needs_two and one.second is None:
            tasks.done(source=_second(one.row), result=tasks.NOT_NEEDED, text=said, by=by, at=at)


def decided(row: Snapshot, *, by: Person, at: datetime) -> None:
    """A newer decision of the same patient, site and protocol takes the place of the earlier ones and their duties."""
    earlier = Snapshot.objects.filter(patient=row.patient_id, site=row.site_id, protocol=row.protocol).exclude(
        pk=row.pk
    )
    for one in earlier.only("id", "outcome", "needs_second"):
        if one.outcome == NOT_YET:
            tasks.done(source=_again(one), by=by, at=at)
        elif one.needs_second not in (None, "[]"):
            tasks.done(source=_second(one), by=by, at=at)


def _second(row: Override | Snapshot) -> str:
    return f"second-signature:{row.pk}"


def _rule(row: SecondRule) -> str:
    return f"second-rule:{row.pk}"


def _again(row: Snapshot) -> str:
    return f"not-yet:{row.pk}"
