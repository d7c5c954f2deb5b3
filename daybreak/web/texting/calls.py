"""Who hears of a text that is no number, and of a number that is in nobody's record?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daybreak.knowledge.reach import within
from daybreak.web.courses.queries import where
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import paging
from daybreak.web.tasks import queries as waiting
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.texting import queries
from daybreak.web.texting.models import Text

SAID, FROM_NOBODY, A_NUMBER = "texting.task", "texting.task_stranger", "texting.task_number"


def somebody(text: Text, whose: Sequence[Patient], *, due: datetime, at: datetime) -> None:
    """A task that is `now` and calls people: about each patient who has that phone, or at every site when nobody has it."""
    for patient in whose:
        _now(text, patient, where(patient), due=due, at=at)
    for site in () if whose else queries.sites():
        _now(text, None, site, due=due, at=at)


def about_a_number(text: Text, *, at: datetime) -> None:
    """Somebody finds out whose phone it is. One that is open is enough."""
    for site in queries.sites()[:1]:
        rows = Task.objects.filter(what=A_NUMBER, site=site, source__startswith=f"text of {text.sender} ")
        if not waiting.still_open(rows).exists():
            tasks.make(
                source=f"text of {text.sender} {text.id}",
                kind=Kind.OTHER,
                what=A_NUMBER,
                values={"number": text.sender},
                site=site,
                level=Level.BY,
                due=at + within("unreached"),
                permission=Permission.REGISTER_PATIENTS,
                role=Role.FRONT_DESK,
                by=None,
                at=at,
            )


def _now(text: Text, patient: Patient | None, site: Site, *, due: datetime, at: datetime) -> None:
    """What waits untaken about the same phone gets the words too, and calls again when its calls are over."""
    common = {"kind": Kind.SUICIDE, "level": Level.NOW, "site": site, "patient": patient}
    earlier = Task.objects.filter(**common)
    if patient is None:
        earlier = earlier.filter(what=FROM_NOBODY, source__startswith=f"text of {text.sender} ")
    for task, now in waiting.with_states(list(waiting.still_open(earlier).select_for_update()), at=at):
        if now.untaken:
            tasks.answered(task, text=text.text or "–", by=None, at=at)
            if not task.calls.filter(called__isnull=True).exists():
                paging.plan(task, at=at)
            return
    tasks.make(
        source=f"text of {text.sender} {text.id} {patient.id if patient else site.id}",
        what=SAID if patient else FROM_NOBODY,
        values={"text": text.text or "–", "number": text.sender},
        due=due,
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        where=f"/patients/{patient.id}/" if patient else "",
        by=None,
        at=at,
        **common,
    )
