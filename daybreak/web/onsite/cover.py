"""For which treatments of a day is no prescriber at the site, as far as people have said?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from daybreak.web import zones
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Visit
from daybreak.web.courses.state import Standing
from daybreak.web.onsite import queries
from daybreak.web.onsite.queries import Here, Plan
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role

Span = tuple[datetime, datetime]


def uncovered_now(site: Site, at: datetime, *, without: Person | None = None) -> list[Standing]:
    """The treatments of today during which there is none, by time; `without` as if that person had left."""
    return uncovered_on(site, zones.day(at, site.zone), at, without=without)


def uncovered_on(site: Site, day: date, at: datetime, *, without: Person | None = None) -> list[Standing]:
    """The same for a day of the site."""
    here, plans = queries.staffed(site, day, at=at)
    return uncovered(courses.on(site, day), here, plans, at=at, without=without)


def uncovered(
    visits: Sequence[Standing],
    here: Sequence[Here],
    plans: Sequence[Plan],
    *,
    at: datetime,
    without: Person | None = None,
) -> list[Standing]:
    """Of these visits the treatments, not over, of which some part has no prescriber who is there or planned.

    Who is there counts until they said; who is planned counts from the beginning on, unless it has passed without them.
    """
    spans = [(at, one.until) for one in here if not one.overdue and _counts(one, without)]
    spans += [(one.begins, one.ends) for one in plans if one.begins > at and _counts(one, without)]
    covered = _joined(spans)
    return [one for one in visits if _ahead(one, at) and not _within(one, covered, at)]


def ahead_on(site: Site, day: date, at: datetime) -> list[Standing]:
    """The treatments of a day that are not over."""
    return [one for one in courses.on(site, day) if _ahead(one, at)]


def _ahead(one: Standing, at: datetime) -> bool:
    return one.booking.visit == Visit.TREATMENT and not one.over and one.ends > at


def _counts(one: Here | Plan, without: Person | None) -> bool:
    return Role.PRESCRIBER in one.roles and (without is None or one.person.pk != without.pk)


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return found


def _within(one: Standing, covered: list[Span], at: datetime) -> bool:
    return any(begins <= max(one.starts, at) and one.ends <= ends for begins, ends in covered)
