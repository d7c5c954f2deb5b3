"""What is counted for each measure of a card, from the rows of a site? Each function counts one measure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from daybreak.clinical.clinic.quality import Count
from daybreak.clinical.treatment.events import Outcome, What
from daybreak.knowledge import card
from daybreak.knowledge.suicide import calling
from daybreak.web import zones
from daybreak.web.bedside.models import Binding, Kind, Why
from daybreak.web.card.treated import Treated, Treatment, in_course
from daybreak.web.courses.models import Booking, Course, CourseEnd, Visit
from daybreak.web.courses.models import What as Visited
from daybreak.web.letters.models import LEFT, Step
from daybreak.web.registry.courses import volunteers
from daybreak.web.requests.models import COMPLAINT, LAST, Event, Request
from daybreak.web.screening.models import TREAT
from daybreak.web.treatment import deviating

TRIALS, SUBSTANCE = "failed_adequate_trials", "no_active_substance_use"  # ids of criteria.yaml
BY_VEIN = "iv"


def share(all_of: Iterable[bool | None]) -> Count:
    """True, False, or None: nobody wrote it down."""
    told = list(all_of)
    return Count(told.count(True), len(told), told.count(None))


def counts(of: Treated, *, at: datetime) -> dict[str, Count]:
    """By measure. What is not counted here is not recorded."""
    return {measure: count(of, at) for measure, count in COUNTED.items()}


def _decisions(of: Treated, at: datetime) -> Count:
    return share(
        course.decision.outcome == TREAT and course.decision.created <= of.begun[course.id]
        for course in of.first_course.values()
    )


def _findings(course: Course) -> tuple[dict[str, str], set[str]]:
    """Of the signed decision: the verdict on each criterion of its protocol, and which kinds of observation it knew."""
    told = json.loads(course.decision.content)
    mine = next((one for one in told["decisions"] if one["protocol"]["id"] == course.protocol), {"findings": ()})
    verdicts = {one["criterion"]: one["verdict"] for one in mine["findings"]}
    return verdicts, {one["kind"] for kind, one in told["chart"] if kind == "observation"}


def _trials(of: Treated, at: datetime) -> Count:
    verdicts = (_findings(one)[0].get(TRIALS, "unknown") for one in of.first_course.values())
    return share(None if one == "unknown" else one == "met" for one in verdicts)


def _both(of: Treated, at: datetime) -> Count:
    """Suicide by a scale or screener that asks about it, substance use by a verdict that is known."""
    asks = set(calling().clear)

    def asked(course: Course) -> bool | None:
        verdicts, kinds = _findings(course)
        return True if kinds & asks and verdicts.get(SUBSTANCE, "unknown") != "unknown" else None

    return share(map(asked, of.first_course.values()))


def _minutes(of: Treated, at: datetime) -> Count:
    """From arriving to leaving, of all visits for an assessment before the first dose."""
    ids = [each for person in of.people for each in of.records(person)]
    rows = Booking.objects.filter(patient__in=ids, visit=Visit.ASSESSMENT).prefetch_related("events")
    seen: dict[UUID, list[tuple[datetime, int]]] = {}
    for row in rows:
        times = {one.what: one.happened for one in sorted(row.events.all(), key=lambda one: one.seq)}
        came, left = times.get(Visited.ARRIVED), times.get(Visited.LEFT)
        if came and left and left > came:
            seen.setdefault(row.patient_id, []).append((left, int((left - came) / timedelta(minutes=1))))
    values = []
    for person, course in of.first_course.items():
        mine = [n for each in of.records(person) for on, n in seen.get(each, ()) if on <= of.begun[course.id]]
        values += [sum(mine)] if mine else []
    return Count(of=len(of.people), values=tuple(values))


def _left(patients: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    found: dict[UUID, list[datetime]] = {}
    rows = Step.objects.filter(letter__patient__in=list(patients), what__in=LEFT)
    for patient, on in rows.values_list("letter__patient", "created"):
        found.setdefault(patient, []).append(on)
    return found


def _letter_before(of: Treated, at: datetime) -> Count:
    left = _left(each for person in of.people for each in of.records(person))
    return share(
        any(on <= of.begun[course.id] for each in of.records(person) for on in left.get(each, ()))
        for person, course in of.first_course.items()
    )


def _same(of: Treated, at: datetime) -> Count:
    def has(course: Course) -> UUID:
        taken = sorted(course.taken.all(), key=lambda one: (one.created, one.id))
        return taken[-1].by_id if taken else course.by_id

    return share(has(one) == one.decision.by_id for one in of.first_course.values())


def _registry(of: Treated, at: datetime) -> Count:
    agreed = volunteers({each: person for person in of.people for each in of.records(person)}, at=at)
    return share(str(person) in agreed for person in of.people)


def _numbers(of: Treated, at: datetime) -> Count:
    return Count(len(of.every), len(of.people))


def _ended(of: Treated) -> list[CourseEnd]:
    begins = zones.midnight(of.first, of.site.zone)
    ends = zones.midnight(of.last + timedelta(days=1), of.site.zone)
    rows = CourseEnd.objects.filter(course__site=of.site, created__gte=begins, created__lt=ends)
    return list(rows.select_related("course"))


def _letter_after(of: Treated, at: datetime) -> Count:
    ended = _ended(of)
    left = _left(one.course.patient_id for one in ended)
    return share(any(on >= one.created for on in left.get(one.course.patient_id, ())) for one in ended)


def _rounds(of: Treated, at: datetime) -> Count:
    """Courses in which nothing was ever given are none."""
    ns = tuple(in_course([one.course_id for one in _ended(of)]).values())
    return Count(of=len(ns), values=ns)


def _by_vein(of: Treated, at: datetime) -> Count:
    return share(one.route == BY_VEIN for one in of.every)


def _bindings(of: Treated, kind: Kind) -> dict[UUID, list[Binding]]:
    found: dict[UUID, list[Binding]] = {}
    for one in Binding.objects.filter(session__in=[one.session.id for one in of.every], kind=kind).select_related(
        "end"
    ):
        found.setdefault(one.session_id, []).append(one)
    return found


def _pump(of: Treated, at: datetime) -> Count:
    bound = _bindings(of, Kind.PUMP)
    return share(one.session.id in bound for one in of.every if one.infusion)


def _monitor(of: Treated, at: datetime) -> Count:
    """One monitor from before the dose until the end."""
    bound = _bindings(of, Kind.MONITOR)

    def held(row: Binding, one: Treatment) -> bool:
        end, over = getattr(row, "end", None), one.state.ended
        late = end is None or end.why == Why.SESSION_OVER or (over is not None and end.created >= over.at)
        return row.created <= one.first and late

    return share(any(held(row, one) for row in bound.get(one.session.id, ())) for one in of.every)


def _halted(of: Treated, at: datetime) -> Count:
    return share(
        one.state.stopped_early or any(each.what == What.PAUSED for each in one.events)
        for one in of.every
        if one.infusion
    )


def _pairs(of: Treated) -> list[tuple[Treatment, Treatment]]:
    return [pair for those in of.by_course.values() for pair in pairwise(those)]


def _changed(of: Treated, at: datetime) -> Count:
    """An amount that nobody knows is no other dose and not the same."""
    return share(
        None if None in (*before.most_mg, *one.most_mg) else sum(before.most_mg) != sum(one.most_mg)
        for before, one in _pairs(of)
    )


def _days(of: Treated, at: datetime) -> Count:
    values = tuple((one.first - before.first + timedelta(hours=12)).days for before, one in _pairs(of))
    return Count(of=len(values), values=values)


def _within(of: Treated, at: datetime) -> Count:
    odd = {now.session.id for now, _ in deviating.deviating(of.site.id, at=at).sessions}
    return share(one.session.id not in odd for one in of.every)


def _charted(of: Treated, at: datetime) -> Count:
    least = card.measure("state-charted")["least"]
    return share(len({each.at for each in one.state.checks if each.at >= one.first}) >= least for one in of.every)


def _hospital(of: Treated, at: datetime) -> Count:
    """Who left unseen may have gone there too, and so may whoever has no end."""
    unknown = (None, Outcome.UNSEEN)
    return share(None if one.state.outcome in unknown else one.state.outcome is Outcome.TRANSFERRED for one in of.every)


def _asked(of: Treated, kinds: Mapping[str, Any]) -> list[Request]:
    rows = Request.objects.filter(site=of.site, day__gte=of.first, day__lte=of.last, **kinds)
    return list(rows.prefetch_related(Prefetch("events", Event.objects.filter(what__in=LAST), "last")))


def _complaints(of: Treated, at: datetime) -> Count:
    return share(bool(one.last) for one in _asked(of, {"kind": COMPLAINT}))


def _requests(of: Treated, at: datetime) -> Count:
    """In days; what is open has waited until today."""
    rows = _asked(of, {"kind__in": ("records", "correction")})
    ends = [one.last[0].created if one.last else at for one in rows]
    values = tuple(max((zones.day(end, of.site.zone) - one.day).days, 0) for one, end in zip(rows, ends, strict=True))
    return Count(of=len(values), values=values)


COUNTED: Mapping[str, Callable[[Treated, datetime], Count]] = {
    "decision-signed": _decisions,
    "assessment-minutes": _minutes,
    "trials-documented": _trials,
    "both-screens": _both,
    "letter-before": _letter_before,
    "same-prescriber": _same,
    "numbers-treated": _numbers,
    "registry-volunteers": _registry,
    "letter-after": _letter_after,
    "by-vein": _by_vein,
    "pump-connected": _pump,
    "paused-or-stopped": _halted,
    "dose-changed": _changed,
    "days-between": _days,
    "within-rules": _within,
    "monitor-connected": _monitor,
    "state-charted": _charted,
    "treatments-in-course": _rounds,
    "to-hospital": _hospital,
    "complaints-answered": _complaints,
    "days-to-answer": _requests,
}
