"""What does a test sign that needs limits in force: the protocol's own numbers, and the minutes that it leaves open?"""

from __future__ import annotations

from typing import Any

from daybreak.clinical.treatment.stricter import numbers
from daybreak.knowledge import watch
from daybreak.web import ids
from daybreak.web.limits import actions, queries
from daybreak.web.limits.models import Signed
from daybreak.web.people.models import Person, Site

US, IV = "esketamine-nasal-us", "ketamine-iv-consensus"
LEFT_OPEN = "60"


def own(protocol: str, **other: str) -> dict[str, str]:
    """The protocol's numbers as they stand in the form; `other` by names with `_` for the dots."""
    found = numbers(watch.watch(), watch.schedule(protocol))
    typed = {one.name: LEFT_OPEN if one.own is None else str(one.own) for one in found}
    return typed | other


def sign(site: Site, by: Person, protocol: str = US, typed: dict[str, str] | None = None, **other: Any) -> Signed:
    last = queries.newest([site.id], protocol).get(site.id)
    told = {"reason": "our pharmacist", "digest": watch.digest(protocol), "seen": last.id if last else None}
    told |= {"by": by, "key": ids.new()}
    return actions.sign(site, protocol, own(protocol) if typed is None else typed, **told | other)
