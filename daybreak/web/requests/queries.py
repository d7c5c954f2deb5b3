"""Who may see a complaint or a request, and how many were received, answered and are open?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from daybreak.knowledge.deadlines import days
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission, may, page_may
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.requests.models import LAST, About, Event, Request


def handler(site: Site, *, but: Collection[UUID], at: datetime) -> tuple[Site, Person | None]:
    """Who deals with a complaint about these people, and at which site: another one when nobody else can at its own. None
    when nobody can anywhere."""
    allowed = [
        (grant.site, grant.person)
        for grant in all_in_force(at=at)
        if grant.person_id not in but and Permission.HANDLE_REQUESTS in MAY[Role(grant.role)]
    ]
    here = [one for one in allowed if one[0].id == site.id]
    same = [one for one in allowed if one[0].organisation_id == site.organisation_id and one[0].closed is None]
    return next(iter(here or same), (site, None))


def visible(person: Person, sites: Iterable[UUID]) -> QuerySet[Request]:
    """Those of these sites, or dealt with there, without what is about the person; the longest waiting first."""
    named = About.objects.filter(request=OuterRef("pk"), person=person)
    over = Event.objects.filter(request=OuterRef("pk"), what__in=LAST)
    here = list(sites)
    found = Request.objects.filter(Q(site__in=here) | Q(elsewhere__in=here)).exclude(Exists(named))
    found = found.annotate(over=Exists(over))
    return found.select_related("site", "patient", "by").order_by("over", "day", "id")


def one(person: Person, id: UUID, *, at: datetime) -> Request | None:
    """The one, if the person deals with requests there and is not the one complained of."""
    row = Request.objects.select_related("site", "patient", "by").filter(pk=id).first()
    if row is None or not any(page_may(person, Permission.HANDLE_REQUESTS, at=at, site_id=id) for id in _sites(row)):
        return None
    return None if row.about.filter(person=person).exists() else row


def may_answer(person: Person, row: Request, *, at: datetime) -> bool:
    """The same asked anew, for an action."""
    allowed = any(may(person, Permission.HANDLE_REQUESTS, at=at, site_id=id) for id in _sites(row))
    return allowed and not row.about.filter(person=person).exists()


def _sites(row: Request) -> list[UUID]:
    return [id for id in (row.site_id, row.elsewhere_id) if id]


def due(row: Request) -> date:
    """By when it is answered."""
    return row.day + timedelta(days=days(row.kind))


def counts(sites: Iterable[UUID]) -> list[dict[str, object]]:
    """By kind: how many were received, how many of them are over, and how many are open. Of everybody, without content."""
    over = Exists(Event.objects.filter(request=OuterRef("pk"), what__in=LAST))
    found = Request.objects.filter(site__in=list(sites)).annotate(over=over).values("kind")
    counted = found.annotate(received=Count("id"), answered=Count("id", filter=Q(over=True)))
    return [{**one, "open": one["received"] - one["answered"]} for one in counted.order_by("kind")]
