"""Is a prescriber on site until the end, are there nurses enough, and is nobody bound by an emergency?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from daybreak.clinical.treatment.bound import Emergency, There, bound
from daybreak.knowledge.sessions import patients_per_nurse
from daybreak.web import zones
from daybreak.web.onsite import queries as onsite
from daybreak.web.onsite.queries import Here, Plan
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may
from daybreak.web.people.roles import Role
from daybreak.web.treatment import queries
from daybreak.web.treatment.queries import Now


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of it for one patient more until a moment. `until`: up to when both are here for them; None: not even now."""

    prescriber: bool
    nurses: bool
    calm: bool
    until: datetime | None


def presence(site: Site, others: Iterable[Now], *, until: datetime, at: datetime) -> Presence:
    """`others`: the other open sessions of the site. Nobody counts who has not said that they are here."""
    here, plans = onsite.staffed(site, zones.day(at, site.zone), at=at)
    others = list(others)
    watched = sum(one.state.exposed for one in others)
    nurses = [one for one in here if Role.NURSE in one.roles and _stays(one, plans, until)]
    return Presence(
        prescriber=any(Role.PRESCRIBER in one.roles for one in here if not one.overdue)
        and _covered(here, plans, until=until, at=at),
        nurses=watched + 1 <= patients_per_nurse() * len(nurses),
        calm=not any(one.state.emergency for one in others),
        until=_both_until(here, plans, watched + 1, at=at),
    )


def free_beside(person: Person, site: Site, *, at: datetime) -> int:
    """How many others are surely here who may run sessions and whom no emergency binds: each could be a second person."""
    here = onsite.on_site(site, at)
    there = [There(str(one.person.pk), frozenset(one.roles), one.room) for one in here]
    urgent = [Emergency(one.events, one.session.chair.room.name) for one in queries.emergencies_at(site.pk)]
    busy = bound(urgent, there) | {str(person.pk)}
    others = [one.person for one in here if str(one.person.pk) not in busy]
    return sum(may(one, Permission.RUN_SESSIONS, at=at, site_id=site.pk) for one in others)


def prescriber_gone(site: Site, *, at: datetime) -> datetime | None:
    """Since when the time of the last prescriber who said to be here is over; None while one is here, or none ever was today."""
    here = [one for one in onsite.said_here(site, at) if Role.PRESCRIBER in one.roles]
    return max((one.until for one in here), default=None) if all(one.overdue for one in here) else None


def staffed_until(site: Site, *, at: datetime) -> datetime | None:
    """Until when a prescriber and a nurse are known to be here without a gap; None: one of the two is not known to be here."""
    here, plans = onsite.staffed(site, zones.day(at, site.zone), at=at)
    ends = [_reaches(here, plans, role, at=at) for role in (Role.PRESCRIBER, Role.NURSE)]
    return min(ends) if min(ends) > at else None


def _both_until(here: Iterable[Here], plans: Iterable[Plan], patients: int, *, at: datetime) -> datetime | None:
    """Up to when a prescriber and nurses enough for so many patients are here."""
    ends = sorted((_ends(one, plans) for one in here if Role.NURSE in one.roles and not one.overdue), reverse=True)
    needed = -(-patients // patients_per_nurse())
    if len(ends) < needed:
        return None
    found = min(ends[needed - 1], _reaches(here, plans, Role.PRESCRIBER, at=at))
    return found if found > at else None


def _stays(one: Here, plans: Iterable[Plan], until: datetime) -> bool:
    return not one.overdue and _ends(one, plans) >= until


def _ends(one: Here, plans: Iterable[Plan]) -> datetime:
    """Until when, by what they said or by what they are planned for after it."""
    return max(
        [one.until, *(each.ends for each in plans if each.person.pk == one.person.pk and each.begins <= one.until)]
    )


def _covered(here: Iterable[Here], plans: Iterable[Plan], *, until: datetime, at: datetime) -> bool:
    """Is there a prescriber in every minute from now until then?"""
    return _reaches(here, plans, Role.PRESCRIBER, at=at) >= until


def _reaches(here: Iterable[Here], plans: Iterable[Plan], role: Role, *, at: datetime) -> datetime:
    """Until when somebody of that role is there in every minute: who is here, then who relieves them."""
    spans = [(at, one.until) for one in here if role in one.roles and not one.overdue]
    spans += [(one.begins, one.ends) for one in plans if role in one.roles and one.begins > at]
    reached = at
    for begins, ends in sorted(spans):
        if begins <= reached:
            reached = max(reached, ends)
    return reached
