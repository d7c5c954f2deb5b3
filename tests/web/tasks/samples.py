"""Which task stands behind the addresses of the tests that walk through every page?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions
from daybreak.web.tasks.models import Kind, Level, Task
from tests.web.conftest import NOW

TASK = UUID("0193f000-0000-7000-8000-000000000007")


def made(site: Site, by: Person | None = None, **other: Any) -> Task:
    """Something for a nurse, until tomorrow, unless told otherwise."""
    told = {
        "source": "test:1",
        "kind": Kind.OTHER,
        "what": "tasks.one",
        "level": Level.BY,
        "due": NOW + timedelta(days=1),
        "permission": Permission.READ_PATIENTS,
        "role": Role.NURSE,
        "at": NOW,
        **other,
    }
    return actions.make(site=site, by=by, **told)


def make(site: Site) -> Task:
    """One that everybody who has a task list may see."""
    return Task.objects.create(
        id=TASK,
        organisation_id=site.organisation_id,
        created=NOW,
        source="test:everybody",
        kind=Kind.OTHER,
        level=Level.BY,
        due=NOW,
        site=site,
        permission=Permission.SEE_TASKS,
        role=Role.NURSE,
        what="tasks.one",
        values="{}",
    )
