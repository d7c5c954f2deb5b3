"""Somebody does not answer: on which number, who else, what was tried when, and what does the rule say next?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from daybreak.web import zones
from daybreak.web.reach import queries as reach
from daybreak.web.tasks import safety_plan, telling, unreached_rule
from daybreak.web.tasks.actions import REACHED, WHERE
from daybreak.web.tasks.models import Event, Kind, Task, What
from daybreak.web.tasks.state import State
from daybreak.web.words import word

DOES = {
    "other_number": "tasks.unreached_other_number",
    "contact": "tasks.unreached_contact",
    "welfare_check": "tasks.unreached_welfare_check",
    "emergency_services": "tasks.unreached_emergency_services",
}
MAY_CALL = {"yes": "tasks.contact_may", "no": "tasks.contact_may_not", "": "tasks.contact_not_asked"}


def unreached(task: Task, now: State, names: dict[UUID, str], *, language: str) -> dict[str, Any]:
    """For the page of a task about a suicide answer or a no-show. Numbers only for who may know who the patient is (`names`)."""
    tried = [one for one in now.events if one.what == What.ATTEMPT]
    n = failed(tried)
    rule = unreached_rule.signed(task.site_id)
    found = reach.reach(task.whose_id) if task.whose_id in names else None
    where = [one for one in now.events if one.result == WHERE] if task.whose_id in names else []
    return {
        "where": {"said": where[-1].text, "at": telling.moment(where[-1].happened)} if where else None,
        "plan": safety_plan.newest(task.whose_id) if task.kind == Kind.SUICIDE and task.whose_id in names else None,
        "known": task.whose_id in names,
        "phone": found.phone if found else "",
        "contact": found if found and found.contact_phone else None,
        "contact_may": word(MAY_CALL.get(found.contact_may_call, "tasks.contact_not_asked"), language) if found else "",
        "tried": [telling.event(one, language) for one in tried],
        "failed": n,
        "rule": rule,
        "signed_on": zones.day(rule.created, rule.site.zone).isoformat() if rule else "",
        "steps": [
            {"says": word(DOES[does], language), "after": after, "due": n >= after}
            for after, does in unreached_rule.steps(rule)
        ],
    }


def failed(tried: Iterable[Event]) -> int:
    """How many tries in a row reached nobody, the latest ones by the time at which they happened."""
    n = 0
    for one in sorted(tried, key=lambda one: (one.happened, one.seq), reverse=True):
        if one.result == REACHED:
            break
        n += 1
    return n
