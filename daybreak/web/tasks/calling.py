"""Who is called at a site at this minute, and how is that laid down?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daybreak.knowledge.spans import span
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.outbox import queries as outbox
from daybreak.web.outbox.models import Address
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may, require, where_they_may
from daybreak.web.refusals import Refused
from daybreak.web.rota.cover import Turn, cover
from daybreak.web.tasks.models import CallingOrder, Named


def covering(site_id: UUID, *, at: datetime) -> CallingOrder | None:
    """The order that counts at that moment; None, or one without anybody, when no order names somebody."""
    return cover([Site.objects.get(pk=site_id)], since=at)[site_id].order(at)


def named(order: CallingOrder | None) -> list[Person]:
    """The people of an order in their order."""
    if order is None:
        return []
    return [one.person for one in order.named.all()]


def reachable(people: Iterable[Person]) -> set[UUID]:
    """Which of these a notice can reach: with a mail server those with an address; without one it is only a file."""
    people = list(people)
    if settings.PLACE.mail is None:
        return {one.pk for one in people}
    rows = Address.objects.filter(person__in=people, replaced_by__isnull=True).exclude(email="")
    return set(rows.values_list("person_id", flat=True))


def to_call(site_id: UUID, *, at: datetime) -> list[Person]:
    """Who is named for this moment, may still see suicide tasks there, and can be reached."""
    return to_call_at([site_id], at=at)[site_id]


def to_call_at(site_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, list[Person]]:
    """The same for many sites, by as many queries as for one."""
    return {id: [turn.person for turn in turns] for id, turns in _turns(site_ids, at=at).items()}


def _turns(site_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, list[Turn]]:
    laid = cover(Site.objects.filter(pk__in=list(site_ids)), since=at)
    turns = {id: one.turns(at) for id, one in laid.items()}
    people = {turn.person.pk: turn.person for those in turns.values() for turn in those}.values()
    allowed = where_they_may(people, Permission.READ_PATIENTS, at=at)
    there = reachable(people)
    return {
        id: [one for one in those if (one.person.pk, id) in allowed and one.person.pk in there]
        for id, those in turns.items()
    }


def promised(site_id: UUID, *, at: datetime, then: datetime | None = None) -> list[Person]:
    """Whom a page may name as the ones who are called: who said that they are there, and only where notices leave the
    house, or in a demo. To whom they have not left for long is not among them. `then`: who will be, as far as it is known."""
    if not _leave():
        return []
    there = [turn.person for turn in _turns([site_id], at=then or at)[site_id] if turn.confirmed]
    stuck = {one.message.person_id for one in outbox.stuck(at=at)} if there else set()
    return [one for one in there if one.pk not in stuck]


def _leave() -> bool:
    """Do notices leave the house, or is it a demo?"""
    return settings.PLACE.mail is not None or settings.PLACE.profile == "demo"


def next_promised(site_id: UUID, *, at: datetime) -> datetime | None:
    """When the next ones who said that they are there begin, as far as it is known; None where no notice leaves the house."""
    if not _leave():
        return None
    site = Site.objects.get(pk=site_id)
    until = at + span("rota-shown")
    laid = cover([site], since=at, until=until)[site_id]
    return next((one.begins for one in laid.stretches(at, until) if one.begins > at and not one.gap), None)


@transaction.atomic
def lay_down(
    site: Site,
    people: Sequence[Person],
    *,
    starts: datetime,
    ends: datetime | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> CallingOrder:
    """These people in this order, from `starts` on. Nobody at all is an answer too: it says so from then on."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.CALLING_ORDER, at=at, site_id=site.id)
    content = {"site": site.id, "people": [one.id for one in people], "starts": starts, "ends": ends, "by": by.id}
    if earlier := keys.known(key, action="calling_order", content=content):
        return CallingOrder.objects.get(pk=earlier)
    starts = max(starts, at)
    if ends is not None and ends <= starts:
        raise Refused("calling.ends_before_it_begins")
    if len({one.id for one in people}) < len(people):
        raise Refused("calling.named_twice")
    there = reachable(people)
    for one in people:
        if not may(one, Permission.READ_PATIENTS, at=at, site_id=site.id):
            raise Refused("calling.cannot_be_called", name=one.display_name)
        if one.pk not in there:
            raise Refused("calling.has_no_address", name=one.display_name)
    common = {"organisation_id": site.organisation_id, "created": at}
    order = CallingOrder(id=ids.new(), site=site, starts=starts, ends=ends, by=by, **common)
    order.save(force_insert=True)
    trail.wrote(order, action="calling_order_laid_down", who=by.id, at=at, site=site.id)
    for place, person in enumerate(people, 1):
        row = Named(id=ids.new(), order=order, place=place, person=person, **common)
        row.save(force_insert=True)
        trail.wrote(row, action="calling_order_named", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="calling_order", content=content, answer=order.id, organisation_id=site.organisation_id, at=at
    )
    return order
