"""Has somebody written down what the patient said about suicide since a task was made?"""

from __future__ import annotations

from daybreak.clinical.records import Observation
from daybreak.knowledge.suicide import calling
from daybreak.web.patients import queries, records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry
from daybreak.web.tasks.models import Task


def asked_since(task: Task) -> bool:
    """Is there an answer of one of the kinds that the rule knows, readable or not? What it calls for is another task's."""
    if task.patient is None:
        return False
    rows = Entry.objects.filter(patient__in=queries.together(task.patient), kind=Kind.OBSERVATION)
    found = (records.record(row) for row in rows.filter(created__gte=task.created))
    return any(isinstance(one, Observation) and one.kind in calling().clear for one in found)
