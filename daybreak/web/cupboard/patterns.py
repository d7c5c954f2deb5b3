"""What of the last weeks at a site does the cupboard's keeper look at? Rows become what `clinical.treatment.diversion` judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.clinical.treatment.diversion import CountLine, Finding, Limits, Taken, findings
from daybreak.clinical.treatment.ledger import TAKES, Kind
from daybreak.knowledge import cupboard as knowledge
from daybreak.web import zones
from daybreak.web.courses import queries as courses
from daybreak.web.cupboard import counts
from daybreak.web.cupboard.models import Entry
from daybreak.web.people.models import Site
from daybreak.web.treatment.models import Session, SessionEvent

NOTHING = Decimal(0)
MOST_COUNTS = 500
BACK = (Kind.RETURNED, Kind.QUARANTINED, Kind.LOST)  # it is accounted for, though neither given nor wasted


def limits() -> Limits:
    """From when on somebody is asked to look, as the knowledge says."""
    waste, short, unbooked = (knowledge.pattern(one) for one in ("waste", "short", "unbooked"))
    return Limits(
        waste_takes=waste["least_takes"],
        waste_times=waste["times"],
        waste_points=waste["points"],
        checks=knowledge.pattern("unwatched")["least_checks"],
        unaccounted=timedelta(hours=knowledge.pattern("unaccounted")["hours"]),
        short_counts=short["least_counts"],
        short_times=short["times"],
        unbooked_takes=unbooked["least_takes"],
        unbooked_times=unbooked["times"],
    )


def found(site: Site, *, at: datetime) -> tuple[Finding, ...]:
    """Everything of the last weeks at the site; people by the text of their id."""
    since = at - knowledge.time("patterns")
    rows = list(Entry.objects.filter(site=site, created__gte=since).select_related("lot").order_by("seq"))
    return findings(_taken(site, rows), _counted(site, rows, since), limits(), now=at)


def _taken(site: Site, rows: Iterable[Entry]) -> list[Taken]:
    firsts = [one for one in rows if one.kind in TAKES]
    sums: dict[UUID | None, Counter[str]] = {}
    for one in rows:
        sums.setdefault(one.take, Counter())[one.kind] += one.mg  # type: ignore[assignment]
    wanted = {one.session_id for one in firsts if one.session_id}
    known = set(Session.objects.filter(site=site, pk__in=wanted).values_list("pk", flat=True))
    checks = Counter(SessionEvent.objects.filter(session__in=known, what="check").values_list("session_id", flat=True))
    booked = _booked(site, (one for one in firsts if one.session_id not in known))
    hours, zone = knowledge.pattern("unbooked"), ZoneInfo(site.zone)
    told = []
    for one in firsts:
        went, session = sums[one.take], one.session_id if one.session_id in known else None
        out = sum((went[kind] for kind in (Kind.GIVEN, Kind.WASTED, *BACK)), NOTHING)
        told.append(
            Taken(
                take=str(one.pk),
                product=one.lot.product,
                by=str(one.by_id),
                at=one.happened,
                given_mg=went[Kind.GIVEN] + NOTHING,
                wasted_mg=went[Kind.WASTED] + NOTHING,
                left_mg=sum((went[kind] for kind in TAKES), NOTHING) - out,
                session=str(session or ""),
                checks=checks[session] if session else None,
                booked=session is not None or (one.patient_id, zones.day(one.happened, site.zone)) in booked,
                closed=not hours["opens"] <= one.happened.astimezone(zone).hour < hours["closes"],
            )
        )
    return told


def _booked(site: Site, rows: Iterable[Entry]) -> set[tuple[UUID | None, date]]:
    """Who was booked on the days of these, with the day."""
    days = {zones.day(one.happened, site.zone) for one in rows}
    return {(one.booking.patient_id, day) for day in days for one in courses.on(site, day)}


def _counted(site: Site, rows: Iterable[Entry], since: datetime) -> list[CountLine]:
    """Each lot of each count that both people made, with who had taken from the lot since the count before."""
    states = [one for one in counts.newest(site, most=MOST_COUNTS) if one.counted and one.count.created >= since]
    taken = [one for one in rows if one.kind in TAKES]
    lines, before = [], since
    for state in reversed(states):
        for line in state.lines:
            took = {str(one.by_id) for one in taken if one.lot_id == line.lot.pk and before < one.created <= state.last}
            lines.append(CountLine(str(state.count.pk), line.short, frozenset(took)))
        before = state.last
    return lines
