"""What does the list have to say before anybody relies on being called?"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from daybreak.web.outbox import queries as outbox
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.tasks import calling
from daybreak.web.tasks.telling import moment
from daybreak.web.words import word


def warnings(person: Person, *, at: datetime, language: str) -> list[str]:
    """One sentence for each thing that keeps notices from their readers, at the sites where the person sees tasks."""
    found = []
    if settings.PLACE.mail is None and settings.PLACE.profile != "demo":
        found.append(word("calling.no_way", language))
    sites = sites_of(person, Permission.SEE_TASKS, at=at)
    called = calling.to_call_at([site.id for site in sites], at=at)
    uncovered = [site.name for site in sites if not called[site.id]]
    if uncovered:
        found.append(word("calling.nobody", language, site=" · ".join(uncovered)))
    for one in outbox.stuck(at=at)[:5]:
        values = {"name": one.message.person.display_name, "since": moment(one.message.created)}
        found.append(word("calling.stuck", language, **values, why=word(one.error, language)))
    return found
