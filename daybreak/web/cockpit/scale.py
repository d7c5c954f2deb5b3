"""Where does a moment lie across the chart of a session, and a value up and down in its row?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from daybreak.web.cockpit.traced import Trace

WIDTH, LEFT, RIGHT = 984, 84, 20
LEAD = timedelta(minutes=15)  # before the first exposure
SHORTEST = timedelta(minutes=60)  # less is not stretched over the whole width
STEPS = tuple(timedelta(minutes=n) for n in (5, 10, 15, 30, 60, 120, 240, 480, 1440))
TICKS = 10  # at most


@dataclass(frozen=True, slots=True)
class Across:
    """The axis of time, in seconds of UTC: a clock that is put back at a site moves nothing."""

    first: datetime
    last: datetime
    zero: datetime | None
    zone: str

    def x(self, at: datetime) -> float:
        part = (at - self.first).total_seconds() / (self.last - self.first).total_seconds()
        return LEFT + min(max(part, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def said(self, at: datetime) -> str:
        """The time since the first exposure, as hours and minutes; before there is one, the hour at the site."""
        return elapsed(at - self.zero) if self.zero else self.hour(at)

    def hour(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(self.zone)):%H:%M}"

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Places on the axis with what stands beneath them."""
        step = next((s for s in STEPS if (self.last - self.first) / s <= TICKS), STEPS[-1])
        begin = self.zero or _whole(self.first, self.zone, step)
        at = begin + step * -((begin - self.first) // step)
        while at <= self.last:
            yield self.x(at), self.said(at)
            at += step


def across(trace: Trace) -> Across:
    """From a little before the first thing known to a little after the last thing planned."""
    moments = list(trace.moments())
    first, last = min(moments), max(moments)
    if trace.zero:
        first = min(first, trace.zero - LEAD)
    last = max(last, first + SHORTEST)
    edge = (last - first) / 60
    return Across(first - edge, last + edge, trace.zero, trace.zone)


def _whole(at: datetime, zone: str, step: timedelta) -> datetime:
    """The last whole hour at the site; a zone that is half an hour off has its own."""
    local = at.astimezone(ZoneInfo(zone))
    return at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def elapsed(since: timedelta) -> str:
    """Hours and minutes, "0:47"; before it began, with a minus."""
    minutes = int(abs(since).total_seconds()) // 60
    sign = "−" if since < timedelta(0) and minutes else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Upright:
    """One row of the chart, from `top` to `foot`, for values from `low` to `high`."""

    top: float
    foot: float
    low: Decimal
    high: Decimal

    def y(self, value: Decimal) -> float:
        """What no row has room for lies on its edge; what it is stands in words beside it."""
        part = float((value - self.low) / (self.high - self.low))
        return self.foot - min(max(part, 0.0), 1.0) * (self.foot - self.top)


def upright(
    top: float, foot: float, values: Iterable[Decimal], *, usual: tuple[int, int], widest: tuple[int, int], step: int
) -> Upright:
    """A row that shows the usual range, and more where a value asks for it, in whole steps; one typing error of ten
    times a number does not press all others into a line."""
    found = [Decimal(usual[0]), Decimal(usual[1]), *values]
    low = max(math.floor(min(found) / step) * step, widest[0])
    high = min(math.ceil(max(found) / step) * step, widest[1])
    return Upright(top, foot, Decimal(low), Decimal(high))
