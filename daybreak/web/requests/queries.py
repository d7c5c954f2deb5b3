"""Who may see a complaint or a request, and how many were received, answered and are open?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from daybreak.knowledge.deadlines import days
from daybreak.web.audit.models import Entry
from daybreak.web.links.models import ANSWER, Link
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, RoleGrant, Site
from daybreak.web.people.permissions import MAY, Permission, may, page_may
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.requests.models import COMPLAINT, LAST, About, Copy, Event, Request

FETCHED = "own_record"  # what the trail calls it when a patient takes a copy along


def handlers(site: Site, *, but: Collection[UUID], at: datetime) -> list[tuple[Site, Person]]:
    """Who may deal with a complaint about these people, each with the site: those of its own first, then of open others."""
    allowed = [
        (grant.site, grant.person)
        for grant in all_in_force(at=at)
        if grant.person_id not in but and Permission.HANDLE_REQUESTS in MAY[Role(grant.role)]
    ]
    same = [one for one in allowed if one[0].organisation_id == site.organisation_id]
    found = [one for one in same if one[0].id == site.id or one[0].closed is None]
    return sorted(found, key=lambda one: one[0].id != site.id)


def readable(row: Request, *, at: datetime) -> bool:
    """May anybody read this complaint now?"""
    return bool(_may_read(row, _readers(all_in_force(at=at))))


def unread(grants: Iterable[RoleGrant], *, sites: Collection[UUID] | None = None) -> int:
    """How many open complaints (of these sites, or of all) nobody may read who holds one of these roles."""
    readers = _readers(grants)
    over = Exists(Event.objects.filter(request=OuterRef("pk"), what__in=LAST))
    waits = Request.objects.filter(~over, kind=COMPLAINT).prefetch_related("about")
    if sites is not None:
        waits = waits.filter(site__in=sites)
    return sum(not _may_read(row, readers) for row in waits)


def _readers(grants: Iterable[RoleGrant]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for grant in grants:
        if Permission.HANDLE_REQUESTS in MAY[Role(grant.role)]:
            found.setdefault(grant.site_id, set()).add(grant.person_id)
    return found


def _may_read(row: Request, readers: Mapping[UUID, Collection[UUID]]) -> set[UUID]:
    allowed = {person for id in _sites(row) for person in readers.get(id, ())}
    return allowed - {one.person_id for one in row.about.all()}


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
    return due_from(row.kind, row.day)


def due_from(kind: str, day: date) -> date:
    """The same of something of that kind that comes on that day."""
    return day + timedelta(days=days(kind))


def counts(sites: Iterable[UUID]) -> list[dict[str, object]]:
    """By kind: how many were received, how many of them are over, and how many are open. Of everybody, without content."""
    over = Exists(Event.objects.filter(request=OuterRef("pk"), what__in=LAST))
    found = Request.objects.filter(site__in=list(sites)).annotate(over=over).values("kind")
    counted = found.annotate(received=Count("id"), answered=Count("id", filter=Q(over=True)))
    return [{**one, "open": one["received"] - one["answered"]} for one in counted.order_by("kind")]


def of(patient: Patient) -> list[Request]:
    """What the patient asked about their own record, by whatever door, the newest first, each with what was done about it."""
    found = Request.objects.filter(patient__in=patients.together(patient)).exclude(kind=COMPLAINT)
    return list(found.select_related("site").prefetch_related("events").order_by("-id"))


def last(row: Request) -> Event | None:
    """With what it ended."""
    return next((one for one in row.events.all() if one.what in LAST), None)


def ids_of(ids: Iterable[UUID]) -> Iterable[UUID]:
    """The subjects of links to an answer."""
    return Request.objects.filter(patient__in=list(ids)).values_list("pk", flat=True)


def copy(row: Request) -> Copy | None:
    """The one that was made last, without the bytes."""
    found = row.copies.select_related("by", "paper", "bundle").defer("paper__bytes", "bundle__bytes")
    return found.order_by("-id").first()


def fetched(row: Request) -> list[Entry]:
    """When the patient took the copy by a link, the newest first."""
    papers = {id for pair in row.copies.values_list("paper", "bundle") for id in pair}
    return list(Entry.objects.filter(subject=row.patient_id, object_type=FETCHED, object_id__in=papers).order_by("-id"))


def links_to(row: Request) -> list[Link]:
    """The links by which the patient gets the answer, the newest first."""
    return list(Link.objects.filter(purpose=ANSWER, subject=row.id).select_related("by").order_by("-id"))
