"""Which live functions are on at a site?

Nobody has signed is off. What was signed stays on when its text becomes another one, since a new release must not end an alarm
that a treatment counts on; the page then asks for another signature.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef

from daybreak.knowledge import functions
from daybreak.web.switches.models import Function, Switched
from daybreak.web.treatment.models import Session

# What comes live from devices or is computed in a session.
LIVE = (Function.VALUES, Function.ALARMS, Function.PUMPS, Function.CONCENTRATION)


def on(site_id: UUID) -> frozenset[Function]:
    """Those that are on there."""
    rows = Switched.objects.filter(site=site_id, on=True, replaced_by__isnull=True)
    return frozenset(Function(one) for one in rows.values_list("function", flat=True))


def asked() -> dict[str, Exists]:
    """For rows that have a site: what `at` reads, asked with them, so that a page asks once."""
    return {f"on_{one}": is_on(one) for one in LIVE}


def at(session: Session) -> frozenset[Function]:
    """Those that are on where the session is; whoever read it with `asked` knows."""
    known = session.__dict__
    if f"on_{Function.VALUES}" not in known:
        return on(session.site_id)
    return frozenset(one for one in LIVE if known[f"on_{one}"])


def is_on(function: Function, *, site: str = "site") -> Exists:
    """Is it on at the site that this field of a row names?"""
    rows = Switched.objects.filter(site=OuterRef(site), function=function.value, on=True, replaced_by__isnull=True)
    return Exists(rows)


def sites_with(function: Function) -> frozenset[UUID]:
    """The sites at which it is on."""
    rows = Switched.objects.filter(function=function.value, on=True, replaced_by__isnull=True)
    return frozenset(rows.values_list("site", flat=True))


def newest(site_id: UUID) -> dict[Function, Switched]:
    """What was signed last of each."""
    rows = Switched.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by")
    return {Function(one.function): one for one in rows}


def urgency(site_id: UUID) -> Switched | None:
    """The signature by which some answers about suicide wait for the day there. Of another text than today's it is none: what
    makes something later holds only as it was read."""
    rows = Switched.objects.filter(site=site_id, function=Function.URGENCY, on=True, replaced_by__isnull=True)
    return rows.filter(digest=functions.digest(Function.URGENCY)).first()
