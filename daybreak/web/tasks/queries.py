"""Which tasks may this person see, and how does each stand?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404

from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission, may
from daybreak.web.people.queries import roles_held, roles_of
from daybreak.web.people.roles import Role
from daybreak.web.questions import Question
from daybreak.web.tasks.models import Call, Called, Event, Hidden, Kind, Level, Task, What
from daybreak.web.tasks.state import State, state

MOST = 200
SUICIDE_FIRST = Case(When(kind=Kind.SUICIDE, then=0), default=1)


def visible(person: Person, *, at: datetime) -> QuerySet[Task]:
    """The tasks at the person's sites for which they hold the permission that the task asks for, and that are not hidden
    from them."""
    return _seen_with(roles_held(person, at=at), person.pk)


def may_have(person: Person, task: Task, *, at: datetime) -> bool:
    """May they see it, and so take it? Asked anew, for an action."""
    allowed = may(person, Permission(task.permission), at=at, site_id=task.site_id)
    return allowed and not Hidden.objects.filter(task=task, person=person).exists()


def _seen_with(held: Iterable[tuple[str, UUID]], person_id: UUID) -> QuerySet[Task]:
    allowed: dict[UUID, set[str]] = {}
    for role, site_id in held:
        allowed.setdefault(site_id, set()).update(MAY[Role(role)])
    wanted = Q(pk__in=())
    for site_id, permissions in allowed.items():
        wanted |= Q(site_id=site_id, permission__in=sorted(permissions))
    hidden = Hidden.objects.filter(task=OuterRef("pk"), person_id=person_id)
    return Task.objects.filter(wanted, ~Exists(hidden))


def about(records: Iterable[UUID]) -> QuerySet[Task]:
    """The tasks about any of these records, also those that only turned out to be."""
    records = list(records)
    return Task.objects.filter(Q(patient__in=records) | Q(tied__patient__in=records))


def still_open(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those that nobody has closed."""
    return tasks.filter(~Exists(Event.objects.filter(task=OuterRef("pk"), what=What.CLOSED)))


class AtHand(NamedTuple):
    """What every page knows of an open task. `hands`: how it last went from hand to hand; None: it never did."""

    id: UUID
    kind: str
    patient_id: UUID | None
    due: datetime
    what: str
    values: str
    level: str
    created: datetime
    owner_id: UUID | None
    hands: str | None

    @property
    def untaken(self) -> bool:
        """Is it urgent, and nobody has said that they have it?"""
        held = self.hands == What.TAKEN or (self.hands is None and self.owner_id is not None)
        return self.level == Level.NOW and not held


def at_hand(held: Iterable[tuple[str, UUID]], person_id: UUID) -> list[AtHand]:
    """The open tasks that the person with these roles may see, suicide answers first; `MOST` and one."""
    held = frozenset(held)
    return [AtHand(*one) for one in _at_hand(held)(person_id)] if held else []


@lru_cache(maxsize=500)
def _at_hand(held: frozenset[tuple[str, UUID]]) -> Question:
    """How it is asked for; people with the same roles ask the same."""

    def rows(person_id: UUID) -> QuerySet[Task, Any]:
        found = still_open(_seen_with(held, person_id)).order_by(SUICIDE_FIRST, "-created", "id")
        whose = Coalesce("patient_id", "tied__patient_id")
        moved = Event.objects.filter(task=OuterRef("pk"), what__in=(What.TAKEN, What.GIVEN, What.RETURNED))
        hands = moved.order_by("-seq").values("what")
        about = ("id", "kind", whose, "due", "what", "values", "level", "created", "owner_id", Subquery(hands[:1]))
        return found.values_list(*about)[: MOST + 1]

    return Question(rows, UUID)


def waiting(person: Person, *, at: datetime) -> list[tuple[Task, State]]:
    """The open tasks that the person may see: suicide answers first, then by deadline; at most `MOST`."""
    rows = still_open(visible(person, at=at)).select_related("site", "owner", "tied")
    return with_states(list(rows.order_by(SUICIDE_FIRST, "due", "id")[:MOST]), at=at)


def with_states(tasks: list[Task], *, at: datetime) -> list[tuple[Task, State]]:
    """Each with how it stands at that moment, by two queries for all. Who may not see it any more has it no longer."""
    events: dict[UUID, list[Event]] = {}
    for event in Event.objects.filter(task__in=tasks).select_related("by", "to"):
        events.setdefault(event.task_id, []).append(event)
    found = [(task, state(task, events.get(task.id, ()))) for task in tasks]
    owners = [now.owner for _, now in found if now.owner]
    allowed = {
        (person, site, permission)
        for person, role, site in (roles_of(owners, at=at) if owners else ())
        for permission in MAY[Role(role)]
    }
    return [
        (task, now)
        if now.owner is None or (now.owner.pk, task.site_id, Permission(task.permission)) in allowed
        else (task, replace(now, owner=None))
        for task, now in found
    ]


def calls(task: Task) -> list[Call]:
    """When people are to be called about it, and what came of that."""
    return list(task.calls.select_related("called", "called__person").order_by("due", "step"))


def last_notice(tasks: Iterable[Task], people: Iterable[Person]) -> Called | None:
    """The last call about one of these that went to one of these people."""
    made = Called.objects.filter(call__task__in=list(tasks), person__in=list(people))
    return made.select_related("person", "call").order_by("-created", "-id").first()


def task_or_404(person: Person, id: UUID, *, at: datetime) -> Task:
    """The task for a page: what is not yours does not exist."""
    task = visible(person, at=at).filter(pk=id).select_related("site", "patient", "owner", "by", "tied").first()
    if task is None:
        raise Http404
    return task
