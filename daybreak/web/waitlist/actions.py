"""How does somebody come to wait for an earlier time, get one offered, and take it or not?

Each action locks the patient, then the site, asks permission, looks, writes and audits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.schedules import notice_hours, offer_hours
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses import actions as courses
from daybreak.web.courses import queries as bookings
from daybreak.web.courses.models import Booking, Chair, Visit
from daybreak.web.courses.state import standing
from daybreak.web.links import actions as links
from daybreak.web.links.models import OFFER
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level
from daybreak.web.waitlist import queries
from daybreak.web.waitlist.models import HALVES, MAIL, PHONE, Event, What, Wish
from daybreak.web.waitlist.state import State, state

LONGEST, DAYS_LONGEST = 1000, 400
ANSWERS = (What.DECLINED, What.NO_ANSWER, What.ACCEPTED)


@transaction.atomic
def wait(
    patient: Patient,
    site: Site,
    *,
    booking: Booking | None,
    visit: str,
    minutes: int,
    weekdays: str,
    half: str,
    earliest: date | None = None,
    not_on: Iterable[date] = (),
    bed: bool,
    interpreter: bool,
    text: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> Wish:
    """From now on the patient waits. One wish at a site at a time; it is for an open course or an accepted referral."""
    patient = locked(Patient, pk=patient.pk)
    require(by, Permission.BOOK_VISITS, at=at, site_id=site.id)
    told = {"weekdays": weekdays, "half": half, "bed": bed, "interpreter": interpreter, "minutes": minutes}
    told |= {"visit": visit, "text": text.strip(), "earliest": earliest}
    told["not_on"] = " ".join(day.isoformat() for day in sorted(set(not_on))) or None
    content = {"patient": patient.id, "site": site.id, "booking": booking and booking.id, "by": by.id, **told}
    if earlier := keys.known(key, action="wait", content=content):
        return Wish.objects.get(pk=earlier)
    if booking is not None and (booking.patient_id, booking.site_id) != (patient.id, site.id):
        raise Refused("error.bad_request")
    if visit not in list(Visit) or half not in HALVES or len(text) > LONGEST:
        raise Refused("waitlist.choose", most=LONGEST)
    if len(told["not_on"] or "") > DAYS_LONGEST:
        raise Refused("waitlist.too_many_days", in_field="not_on")
    courses.may_take(timedelta(minutes=minutes))
    if booking is not None and earliest is not None:
        has = zones.day(standing(booking).starts, site.zone)
        if earliest > has:
            raise Refused("waitlist.earliest_is_later", in_field="earliest", day=has)
    if not patient.registrations.filter(site=site).exists() or not queries.may_wait(patient, site.id):
        raise Refused("waitlist.not_yet")
    if queries.still_waiting().filter(patient=patient, site=site).exists():
        raise Conflict("waitlist.waits_already")
    row = Wish(**_common(patient, at), patient=patient, site=site, booking=booking, by=by, **told)
    row.save(force_insert=True)
    trail.wrote(row, action="wish_made", who=by.id, at=at, subject=patient.id, site=site.id)
    keys.remember(key, action="wait", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def withdraw(wish: Wish, *, text: str, seen: int, by: Person, at: datetime, key: UUID) -> Event:
    """They wait no longer."""
    wish, now, earlier = _begin(wish, What.WITHDRAWN, {"text": text}, seen=seen, by=by, at=at, key=key)
    if earlier:
        return earlier
    if len(text) > LONGEST:
        raise Refused("waitlist.choose", most=LONGEST)
    return _add(wish, now, What.WITHDRAWN, {"text": text}, text=text.strip(), by=by, at=at, key=key)


@transaction.atomic
def offer(
    wish: Wish, *, chair: Chair, starts: datetime, how: str = PHONE, seen: int, by: Person, at: datetime, key: UUID
) -> Event:
    """Offer free time to whoever is next for it, and to nobody else until they answered or the offer is over.

    It holds no longer than leaves them the shortest notice. A nearer time is offered by phone, and is a task until they answered.
    """
    content = {"chair": chair.id, "starts": starts, "how": how}
    wish, now, earlier = _begin(wish, What.OFFERED, content, seen=seen, by=by, at=at, key=key)
    if earlier:
        return earlier
    free = next(
        (
            one
            for one in queries.waitlist(wish.site, at=at).free
            if one.slot.chair.pk == chair.pk and one.slot.starts == starts
        ),
        None,
    )
    if free is None:
        raise Conflict("waitlist.free_no_longer")
    if free.offered is not None or free.next is None or free.next[0].pk != wish.pk:
        raise Conflict("waitlist.not_next")
    told = {
        "chair": chair,
        "starts": starts,
        "ends": starts + timedelta(minutes=wish.minutes),
        "how": how,
        "expires": min(at + timedelta(hours=offer_hours()), starts if soon(starts, at) else _last(starts)),
    }
    if how not in (PHONE, MAIL):
        raise Refused("error.bad_request")
    if how == MAIL and soon(starts, at):
        raise Refused("waitlist.too_soon_for_mail", hours=2 * notice_hours())
    row = _add(wish, now, What.OFFERED, content, **told, by=by, at=at, key=key)
    if soon(starts, at):
        _call_now(wish, row, by=by, at=at)
    if how == MAIL:
        lasts = row.expires - at
        link = links.make(purpose=OFFER, subject=row.id, organisation_id=row.organisation_id, by=by, at=at, lasts=lasts)
        if posting.to_patient(wish.patient, about=row.id, site=wish.site, at=at, link=link) is None:
            raise Refused("waitlist.not_written_to")
    return row


def soon(starts: datetime, at: datetime) -> bool:
    """Does that time begin so soon that only a call is quick enough? A mail has to leave the notice to answer, and to come."""
    return at + timedelta(hours=notice_hours()) > _last(starts)


def _last(starts: datetime) -> datetime:
    return starts - timedelta(hours=notice_hours())


def _call_now(wish: Wish, offer: Event, *, by: Person, at: datetime) -> None:
    tasks.make(
        source=f"offer {offer.id}",
        kind=Kind.OTHER,
        what="waitlist.call_now",
        values={"starts": zones.field(offer.starts, wish.site.zone).replace("T", " ")},
        site=wish.site,
        patient=wish.patient,
        level=Level.TODAY,
        due=offer.starts,
        permission=Permission.BOOK_VISITS,
        role=Role.FRONT_DESK,
        owner=by,
        where=f"/waitlist/?site={wish.site_id}",
        by=by,
        at=at,
    )


@transaction.atomic
def answer(wish: Wish, what: str, *, seen: int, by: Person | None, at: datetime, key: UUID) -> Event:
    """They take it, do not, or could not be reached. Taken: their visit is moved there, or a new one booked, tentative as ever.

    `by` None: the patient, by a link; the booking is then their own act, whoever offered it.
    """
    if what not in ANSWERS:
        raise Refused("waitlist.choose", most=LONGEST)
    kind = What(what)
    wish, now, earlier = _begin(wish, kind, {}, seen=seen, by=by, at=at, key=key)
    if earlier:
        return earlier
    if now.offer is None:
        raise Conflict("waitlist.nothing_offered")
    if kind is not What.ACCEPTED:
        return _add(wish, now, kind, {}, by=by, at=at, key=key)
    if not now.held(at):
        raise Conflict("waitlist.offer_over")
    booked = _take(wish, now.offer, by=by, at=at)
    return _add(wish, now, kind, {}, booking=booked, by=by, at=at, key=key)


def _take(wish: Wish, offer: Event, *, by: Person | None, at: datetime) -> Booking:
    where: dict[str, Any] = {"chair": offer.chair, "starts": offer.starts, "minutes": wish.minutes}
    about: dict[str, Any] = {"by": by, "at": at, "key": ids.new()}
    if wish.booking is not None and not (now := standing(wish.booking)).over:
        courses.move(wish.booking, seen=now.next, **where, **about)
        return wish.booking
    course = bookings.open_course(wish.patient) if wish.visit == Visit.TREATMENT else None
    step = bookings.next_step(course, bookings.of(wish.patient)) if course else None
    return courses.book(wish.patient, visit=wish.visit, step=step, interpreter="", **where, **about)


def _begin(
    wish: Wish, what: What, content: Mapping[str, Any], *, seen: int, by: Person | None, at: datetime, key: UUID
) -> tuple[Wish, State, Event | None]:
    patient = locked(Patient, pk=wish.patient_id)
    site = locked(Site, pk=wish.site_id)
    if by is not None:
        require(by, Permission.BOOK_VISITS, at=at, site_id=site.id)
    wish = Wish.objects.select_related("booking").get(pk=wish.pk)
    wish.patient, wish.site = patient, site
    now = state(wish)
    earlier = keys.known(key, action=f"wish_{what}", content=_content(wish, by, content))
    if earlier:
        return wish, now, Event.objects.get(pk=earlier)
    if now.next != seen:
        raise Conflict("waitlist.changed")
    if now.ended:
        raise Conflict("waitlist.over")
    return wish, now, None


def _add(
    wish: Wish,
    now: State,
    what: What,
    content: Mapping[str, Any],
    *,
    by: Person | None,
    at: datetime,
    key: UUID,
    **told: Any,
) -> Event:
    row = Event(**_common(wish.patient, at), wish=wish, seq=now.next, what=what.value, by=by, **told)
    row.save(force_insert=True)
    trail.wrote(row, action=f"wish_{what}", who=by and by.id, at=at, subject=wish.patient_id, site=wish.site_id)
    if now.offer is not None:
        tasks.done(source=f"offer {now.offer.id}", by=by, at=at)
    keys.remember(
        key,
        action=f"wish_{what}",
        content=_content(wish, by, content),
        answer=row.id,
        organisation_id=row.organisation_id,
        at=at,
    )
    return row


def _content(wish: Wish, by: Person | None, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"wish": wish.id, "by": by and by.id, **content}


def _common(patient: Patient, at: datetime) -> dict[str, Any]:
    return {"id": ids.new(), "organisation_id": patient.organisation_id, "created": at}
