"""How did each treatment go, and what harm was told of it: the rows of treatments and of events as the registry counts them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.events import GIVES, What, decimal
from daybreak.clinical.treatment.session import State, fold
from daybreak.outcomes import tables
from daybreak.web import zones
from daybreak.web.adverse import queries as adverse
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.rates import heard_again
from daybreak.web.limits import queries as limits
from daybreak.web.people.models import Site
from daybreak.web.protocols import reading
from daybreak.web.registry.courses import Treated
from daybreak.web.treatment import context, payload, queries
from daybreak.web.treatment.deviating import WROTE_DOWN
from daybreak.web.treatment.models import Session, SessionEvent

AT_ONCE = 2000
# What a row is made of; what was measured meanwhile is not.
TOLD = (
    *GIVES, What.INFUSION_ENDED, What.STOPPED, What.TIMED_OUT, What.READY, What.OBSERVING_AGAIN, What.ENDED, What.REOPENED,
    What.CORRECTED,
)  # fmt: skip


def sessions(sites: Collection[Site], of: Treated, *, at: datetime) -> Iterator[tables.Session]:
    """Every treatment in which something reached the patient, or may have, in order; so many are read at once."""
    zone = {one.id: one.zone for one in sites}
    rows = Session.objects.filter(site__in=zone).select_related("booking").order_by("created", "id").iterator(AT_ONCE)
    number: dict[UUID, int] = {}
    while some := {one.id: one for one in islice(rows, AT_ONCE)}:
        events: dict[UUID, list[SessionEvent]] = {}
        for event in SessionEvent.objects.filter(session__in=some, what__in=TOLD).order_by("session", "seq"):
            events.setdefault(event.session_id, []).append(event)
        states = {id: fold(payload.event(each) for each in those) for id, those in events.items()}
        given = {id: some[id] for id in some if id in states and states[id].first_exposure}
        heard = heard_again(given, states)
        deviated = _deviating(some, at=at)
        for id, one in given.items():
            number[one.course_id] = number.get(one.course_id, 0) + 1
            told = {"number": number[one.course_id], "deviations": deviated.get(id, 0), "heard": id in heard}
            yield _row(one, states[id], of, zone[one.site_id], told)


def _row(one: Session, state: State, of: Treated, zone: str, told: Mapping[str, Any]) -> tables.Session:
    file, order = reading.file(one.protocol), _order(state)
    least, most = _least_and_most(state)
    first = state.first_exposure
    assert first is not None
    step = one.booking.step
    return tables.Session(
        session=str(one.id),
        course=str(one.course_id),
        patient=str(of.person.get(one.patient_id, one.patient_id)),
        site=str(one.site_id),
        phase=None if step is None else of.phases.get(one.course_id, {}).get(step),
        day=zones.day(first, zone),
        product=str(file["product"]),
        route=str(file["route"]),
        dose_mg=least if least == most else None,
        dose_mg_least=least,
        dose_mg_most=most,
        planned_mg=_times(order.get("mg"), order.get("doses")),
        weight_kg=decimal(order.get("weight_kg")),
        minutes_to_ready=None if state.ready is None else int((state.ready.at - first).total_seconds() // 60),
        outcome=state.outcome and state.outcome.value,
        **told,
    )


def _order(state: State) -> Mapping[str, Any]:
    """What was gone through before the first dose."""
    return state.time_out.told.get("order") or {} if state.time_out else {}


def _times(mg: Any, doses: Any) -> Decimal | None:
    one = decimal(mg)
    return one * doses if one is not None and isinstance(doses, int) else None


def _least_and_most(state: State) -> tuple[Decimal | None, Decimal | None]:
    """Of all that was given; None where that of one dose is not known."""
    low = [one.mg_low for one in state.exposures]
    high = [one.mg_high if one.last is not None else None for one in state.exposures]
    return _sum(low), _sum(high)


def _sum(mg: list[Decimal | None]) -> Decimal | None:
    known = [one for one in mg if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(mg) else None


def _deviating(ids: Iterable[UUID], *, at: datetime) -> dict[UUID, int]:
    """How many deviations each has; of those in which none was written down there is none."""
    wrote = SessionEvent.objects.filter(WROTE_DOWN, session__in=list(ids)).values("session")
    found, signed = {}, {}
    for now in queries.these(wrote):
        site = now.session.site_id
        if site not in signed:
            signed[site] = limits.of_site(site)
        found[now.session.id] = len(deviations(now.events, context.rules(now.session, at=at, read=signed[site])))
    return found


def events(sites: Collection[Site], of: Treated) -> Iterator[tables.Event]:
    """Every adverse event as its newest version tells it; of treatments of these sites, or told here of none."""
    within = Q(site__in=[one.id for one in sites])
    for row in adverse.newest().filter(within).order_by("created", "id").iterator(AT_ONCE):
        told = tellings.read(row.told)
        yield tables.Event(
            event=str(row.root),
            patient=str(of.person.get(row.patient_id, row.patient_id)),
            site=str(row.site_id),
            session=str(row.session_id) if row.session_id else None,
            term=told.term or None,
            grade=told.grade or None,
            serious=row.serious,
            day=_day(told.onset),
        )


def _day(onset: str) -> date | None:
    try:
        return date.fromisoformat(onset[:10])
    except ValueError:
        return None
