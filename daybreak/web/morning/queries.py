"""What came to a site since its list was last read, and may it be called read?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daybreak.knowledge.spans import span
from daybreak.web.forms.models import ALONE, Ending
from daybreak.web.morning.models import Read
from daybreak.web.people.models import Person, Site
from daybreak.web.tasks import queries as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.tasks.state import State


@dataclass(frozen=True, slots=True)
class Morning:
    """What the reader may see of it. `urgent`: how many answers about suicide that call people at once nobody has closed, of
    whatever age and whoever may see them."""

    since: datetime
    last: Read | None
    tasks: Sequence[tuple[Task, State]]
    answered: Sequence[Ending]
    urgent: int

    @property
    def any(self) -> bool:
        return bool(self.tasks or self.answered)

    @property
    def digest(self) -> str:
        """Differs as soon as something else has come, or something was done about it."""
        parts = [f"{task.id} {now.next}" for task, now in self.tasks] + [str(one.id) for one in self.answered]
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def last(site: Site) -> Read | None:
    """Up to where the list was read, and by whom."""
    return Read.objects.filter(site=site).select_related("by").order_by("-seq").first()


def morning(site: Site, *, reader: Person, at: datetime) -> Morning:
    """The tasks that were made since then, whatever became of them, and the forms that somebody answered to the end without
    staff. Where nobody ever read the list it begins as far back as a day can be closed."""
    before = last(site)
    since = before.upto if before else at - span("closing-unclosed")
    found = tasks.visible(reader, at=at).filter(site=site, created__gt=since, created__lte=at)
    rows = found.select_related("site", "owner", "tied").order_by(tasks.SUICIDE_FIRST, "created", "id")
    answered = Ending.objects.filter(sitting__site=site, created__gt=since, created__lte=at)
    answered = answered.filter(sitting__mode__in=sorted(ALONE)).select_related("sitting").order_by("created", "id")
    return Morning(since, before, tasks.with_states(list(rows), at=at), list(answered), urgent(site))


def urgent(site: Site) -> int:
    """How many answers about suicide that call people at once wait for somebody's assessment and plan."""
    return tasks.still_open(Task.objects.filter(site=site, kind=Kind.SUICIDE, level=Level.NOW)).count()
