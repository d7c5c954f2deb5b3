"""How do two people count the cupboard, neither knowing the book's figure nor the other's, and what if they differ?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from daybreak.knowledge import cupboard as knowledge
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.cupboard import queries, rules
from daybreak.web.cupboard.actions import needed
from daybreak.web.cupboard.models import Count, Counted, CountSigned, Lot
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused

DIGITS = 5
PEOPLE = 2
HOUR = timedelta(hours=1)
SHOWN = 10  # counts of before


@dataclass(frozen=True, slots=True)
class Line:
    """One lot of a count: what each of the two counted, and what the book had then."""

    lot: Lot
    counted: tuple[int, ...]
    expected: tuple[int, ...]

    @property
    def differs(self) -> bool:
        return self.counted != self.expected

    @property
    def short(self) -> int:
        """How many are missing by what both found; negative: too many. 0 when the two do not agree with each other."""
        missing = {book - there for there, book in zip(self.counted, self.expected, strict=True)}
        return missing.pop() if len(missing) == 1 else 0


@dataclass(frozen=True, slots=True)
class State:
    """How a count stands. `people` have counted, `signed` have said why it differs; `last`: when the
    newest word of it was written."""

    count: Count
    people: tuple[Person, ...]
    signed: tuple[CountSigned, ...]
    lines: tuple[Line, ...]
    last: datetime

    @property
    def counted(self) -> bool:
        return len(self.people) == PEOPLE

    @property
    def differs(self) -> bool:
        return self.counted and any(one.differs for one in self.lines)

    @property
    def over(self) -> bool:
        return self.counted and (not self.differs or len(self.signed) == PEOPLE)

    def expired(self, at: datetime) -> bool:
        """Did it wait too long for its second person? The stock goes on meanwhile; a new one is begun."""
        return not self.counted and at - self.count.created > knowledge.time("count-open")


def state(count: Count) -> State:
    """How it stands."""
    return _states(Count.objects.filter(pk=count.pk))[0]


def newest(site: Site, *, most: int = SHOWN) -> list[State]:
    """The counts that were begun last, the newest first; three queries however many."""
    return _states(Count.objects.filter(site=site).order_by("-created", "-id")[:most])


def _states(rows: QuerySet[Count]) -> list[State]:
    counted = Prefetch("counted", Counted.objects.select_related("lot", "by").order_by("created", "id"))
    signed = Prefetch("signed", CountSigned.objects.select_related("by").order_by("id"))
    return [_state(one) for one in rows.prefetch_related(counted, signed)]


def _state(count: Count) -> State:
    rows = list(count.counted.all())
    by_lot: dict[UUID, list[Counted]] = {}
    for one in rows:
        by_lot.setdefault(one.lot_id, []).append(one)
    lines = tuple(
        Line(found[0].lot, tuple(one.units for one in found), tuple(one.expected for one in found))
        for found in by_lot.values()
    )
    signed = tuple(count.signed.all())
    last = max(one.created for one in (count, *rows, *signed))
    return State(count, tuple({one.by_id: one.by for one in rows}.values()), signed, lines, last)


def due(site: Site, states: Sequence[State] | None = None) -> datetime | None:
    """By when the next one is over; None: there has not been one, so it is due now."""
    found = next((one for one in (newest(site) if states is None else states) if one.counted), None)
    return found.last + rules.in_force(site.id).count_hours * HOUR if found else None


def open_count(site: Site, at: datetime, states: Sequence[State] | None = None) -> State | None:
    """The count that waits for its second person or for what the two say of a difference."""
    last = next(iter(newest(site, most=1) if states is None else states), None)
    return None if last is None or last.over or last.expired(at) else last


@transaction.atomic
def count(site: Site, units: Mapping[UUID, str], *, seen: UUID | None, by: Person, at: datetime, key: UUID) -> Count:
    """One person's figures for every lot in the cupboard. The first begins a count, another person's are its second half.

    `seen`: the count to which the page said that they belong, None when it began one. The book's figure of this very moment
    is kept with each: what was taken between the two is no difference.
    """
    site = locked(Site, pk=site.pk)
    require(by, Permission.USE_CUPBOARD, at=at, site_id=site.id)
    content = {"site": site.id, "by": by.id, "seen": seen, "units": {str(id): units[id] for id in units}}
    if earlier := keys.known(key, action="cupboard_counted", content=content):
        return Count.objects.get(pk=earlier)
    row = _begun(site, seen=seen, by=by, at=at)
    lots = queries.on_hand(site)
    if set(units) != {one.lot.id for one in lots}:
        raise Conflict("cupboard.count_changed")
    for one in lots:
        typed = units[one.lot.id].strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) <= DIGITS):
            raise Refused("cupboard.count_number", in_field=f"lot-{one.lot.id}", lot=one.lot.number, typed=typed[:20])
        counted = Counted(
            id=ids.new(),
            organisation_id=site.organisation_id,
            created=at,
            count=row,
            lot=one.lot,
            units=int(typed),
            expected=one.in_cupboard.units,
            by=by,
        )
        counted.save(force_insert=True)
        trail.wrote(counted, action="cupboard_counted", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="cupboard_counted", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _begun(site: Site, *, seen: UUID | None, by: Person, at: datetime) -> Count:
    waits = open_count(site, at)
    if (waits.count.id if waits else None) != seen:
        raise Conflict("cupboard.count_meanwhile")
    if waits is not None and waits.counted:
        raise Conflict("cupboard.count_meanwhile")
    if waits is not None and by.pk in {one.pk for one in waits.people}:
        raise Refused("cupboard.count_by_two")
    if waits is not None:
        return waits.count
    row = Count(id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, by=by)
    row.save(force_insert=True)
    trail.wrote(row, action="cupboard_count_begun", who=by.id, at=at, site=site.id)
    return row


@transaction.atomic
def explain(count: Count, *, text: str, by: Person, at: datetime, key: UUID) -> CountSigned:
    """One of the two says why count and book differ, and signs it with that."""
    site = locked(Site, pk=count.site_id)
    require(by, Permission.USE_CUPBOARD, at=at, site_id=site.id)
    content = {"count": count.id, "by": by.id, "text": text}
    if earlier := keys.known(key, action="cupboard_count_signed", content=content):
        return CountSigned.objects.get(pk=earlier)
    now = state(count)
    if not now.differs or now.over:
        raise Conflict("cupboard.count_is_over")
    if by.pk not in {one.pk for one in now.people}:
        raise Refused("cupboard.count_not_yours")
    if by.pk in {one.by_id for one in now.signed}:
        raise Conflict("cupboard.count_signed_already")
    row = CountSigned(
        id=ids.new(), organisation_id=site.organisation_id, created=at, count=count, text=needed(text), by=by
    )
    row.save(force_insert=True)
    trail.wrote(row, action="cupboard_count_signed", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="cupboard_count_signed", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row
