"""Who is called at a site at a moment, who of them said that they are there, and where is a gap?

An order with an end is an exception and comes before the week's shifts; these come before an order without an end, which
fills what they leave open. Without shifts at that moment the order that was made last counts, as it always did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Prefetch, Q, Subquery

from daybreak.web.people.models import Person, Site
from daybreak.web.rota.models import Shift, Word
from daybreak.web.tasks.models import CallingOrder, Named

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose turn it is, and whether it is by their own word."""

    person: Person
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when the same people are called."""

    begins: datetime
    ends: datetime
    turns: tuple[Turn, ...]

    @property
    def gap(self) -> bool:
        """Nobody has said that they are there."""
        return not any(turn.confirmed for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Cover:
    """What is laid down for one site: its shifts, and its orders, the one that was made last first."""

    zone: ZoneInfo
    shifts: tuple[Shift, ...]
    orders: tuple[CallingOrder, ...]

    def order(self, at: datetime) -> CallingOrder | None:
        """The order that counts; None when the week's shifts do, or when nothing is laid down."""
        there = [one for one in self.orders if one.starts <= at and (one.ends is None or at < one.ends)]
        if self._shifts(at):
            there = [one for one in there if one.ends is not None]
        return there[0] if there else None

    def turns(self, at: datetime) -> tuple[Turn, ...]:
        """Whose turn it is: who has said so first, then by level or place; each person once."""
        order = self.order(at)
        rows = list(order.named.all()) if order else self._shifts(at)
        found: dict[UUID, Turn] = {}
        for row in sorted(rows, key=lambda one: not one.there):
            found.setdefault(row.person_id, Turn(row.person, confirmed=bool(row.there)))
        return tuple(found.values())

    def stretches(self, since: datetime, until: datetime) -> list[Stretch]:
        """The time between, cut where somebody else is called."""
        edges = sorted({since, *(at for at in self._edges(since, until) if since < at < until), until})
        found: list[Stretch] = []
        for begins, ends in pairwise(edges):
            turns = self.turns(begins)
            if found and found[-1].turns == turns:
                found[-1] = Stretch(found[-1].begins, ends, turns)
            else:
                found.append(Stretch(begins, ends, turns))
        return found

    def last_day(self, since: date) -> date | None:
        """The last day on which somebody has said that they are there: `date.max` when no end is laid down, None when
        nobody has said so for that day or a later one."""
        days = [last_time(one) for one in self.shifts if one.there]
        days += [
            (one.ends - A_MOMENT).astimezone(self.zone).date() if one.ends else date.max
            for one in self.counting
            if any(each.there for each in one.named.all())
        ]
        return max((day for day in days if day >= since), default=None)

    @property
    def counting(self) -> list[CallingOrder]:
        """The orders that count when their time has come: those with an end, and of the others the newest."""
        endless = next((one for one in self.orders if one.ends is None), None)
        return [one for one in self.orders if one.ends or one is endless]

    def _shifts(self, at: datetime) -> list[Shift]:
        local = at.astimezone(self.zone)
        today, clock = local.date(), local.time()
        before = today - timedelta(days=1)
        return [
            one
            for one in self.shifts
            if (_held(one, today) and one.begins <= clock and (_overnight(one) or clock < one.ends))
            or (_held(one, before) and _overnight(one) and clock < one.ends)
        ]

    def _edges(self, since: datetime, until: datetime) -> Iterable[datetime]:
        for order in self.orders:
            yield order.starts
            if order.ends is not None:
                yield order.ends
        day, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        clocks = {datetime.min.time(), *(at for one in self.shifts for at in (one.begins, one.ends))}
        while day <= last:
            for clock in clocks:
                yield datetime.combine(day, clock, self.zone).astimezone(UTC)
            day += timedelta(days=1)


def last_time(shift: Shift) -> date:
    """The day on which its hours begin for the last time; `date.max` when it has no end."""
    if not hasattr(shift, "ending"):
        return date.max
    last = shift.ending.last
    return last - timedelta(days=(last.weekday() - shift.weekday) % 7)


def _overnight(shift: Shift) -> bool:
    return shift.ends <= shift.begins


def _held(shift: Shift, on: date) -> bool:
    last = shift.ending.last if hasattr(shift, "ending") else date.max
    return shift.weekday == on.weekday() and shift.first <= on <= last


def cover(sites: Iterable[Site], *, since: datetime, until: datetime | None = None) -> Mapping[UUID, Cover]:
    """What is laid down for each site for a moment, or for all the time until another; three queries for any number."""
    sites = list(sites)
    ids = [site.id for site in sites]
    until = until or since
    shifts: dict[UUID, list[Shift]] = {id: [] for id in ids}
    orders: dict[UUID, list[CallingOrder]] = {id: [] for id in ids}
    for shift in (
        Shift.objects.filter(site__in=ids)
        .exclude(ending__last__lt=since.date() - timedelta(days=2))
        .annotate(there=_last_word("shift"))
        .select_related("person", "site", "ending")
        .order_by("level", "id")
    ):
        shifts[shift.site_id].append(shift)
    named = Named.objects.annotate(there=_last_word("named")).select_related("person").order_by("place")
    for order in (
        CallingOrder.objects.filter(Q(ends__isnull=True) | Q(ends__gt=since), site__in=ids, starts__lte=until)
        .select_related("by")
        .prefetch_related(Prefetch("named", queryset=named))
        .order_by("-created", "-id")
    ):
        orders[order.site_id].append(order)
    return {one.id: Cover(ZoneInfo(one.zone), tuple(shifts[one.id]), tuple(orders[one.id])) for one in sites}


def _last_word(about: str) -> Subquery:
    """By whoever is named, so that nobody speaks for somebody else."""
    rows = Word.objects.filter(**{about: OuterRef("pk")}, by=OuterRef("person")).order_by("-created", "-id")
    return Subquery(rows.values("there")[:1])
