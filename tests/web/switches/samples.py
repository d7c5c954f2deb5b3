"""What does a test switch on that needs a live function?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from daybreak.knowledge import functions
from daybreak.web import ids
from daybreak.web.people.models import Person, Site
from daybreak.web.switches import actions, queries
from daybreak.web.switches.models import Function, Switched


def switch(site: Site, function: Function, by: Person, *, on: bool = True, **other: Any) -> Switched:
    last = queries.newest(site.id).get(function)
    told: dict[str, Any] = {"reason": "our medical director", "digest": functions.digest(function)}
    told |= {"seen": last.id if last else None, "at": datetime.now(UTC), "key": ids.new()}
    return actions.switch(site, function, on=on, by=by, **told | other)


def everything_on(site: Site, by: Person) -> None:
    for one in Function:
        switch(site, one, by)
