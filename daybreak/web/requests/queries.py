"""Who may see a complaint or a request, and how many were received, answered and are open?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from daybreak.knowledge.deadlines import days
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission, page_may
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.requests.models import LAST, About, Event, Request


def handlers(site_id: UUID, *, at: datetime) -> dict[UUID, Person]:
    """Who deals with requests at the site."""
    return {
        grant.person_id: grant.person
        for grant in all_in_force(at=at)
        if grant.site_id == site_id and Permission.HANDLE_REQUESTS in MAY[Role(grant.role)]
    }


def visible(person: Person, sites: Iterable[UUID]) -> QuerySet[Request]:
    """Those of these sites, without what is about the person; the longest waiting first."""
    named = About.objects.filter(request=OuterRef("pk"), person=person)
    over = Event.objects.filter(request=OuterRef("pk"), what__in=LAST)
    found = Request.objects.filter(site__in=list(sites)).exclude(Exists(named)).annotate(over=Exists(over))
    return found.select_related("site", "patient", "by").order_by("over", "day", "id")


def one(person: Person, id: UUID, *, at: datetime) -> Request | None:
    """The one, if the person deals with requests there and is not the one complained of."""
    row = Request.objects.select_related("site", "patient", "by").filter(pk=id).first()
    if row is None or not page_may(person, Permission.HANDLE_REQUESTS, at=at, site_id=row.site_id):
        return None
    return None if row.about.filter(person=person).exists() else row


def due(row: Request) -> date:
    """By when it is answered."""
    return row.day + timedelta(days=days(row.kind))


def counts(sites: Iterable[UUID]) -> list[dict[str, object]]:
    """By kind: how many were received, how many of them are over, and how many are open. Of everybody, without content."""
    over = Exists(Event.objects.filter(request=OuterRef("pk"), what__in=LAST))
    found = Request.objects.filter(site__in=list(sites)).annotate(over=over).values("kind")
    counted = found.annotate(received=Count("id"), answered=Count("id", filter=Q(over=True)))
    return [{**one, "open": one["received"] - one["answered"]} for one in counted.order_by("kind")]
