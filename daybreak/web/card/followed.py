"""Of whom was heard again, who had got better, and after how many treatments did something serious happen?"""

from __future__ import annotations

from datetime import datetime

from daybreak.clinical.clinic.quality import Count
from daybreak.clinical.followup.coverage import Covered, coverage
from daybreak.clinical.followup.coverage import Treated as Heard
from daybreak.clinical.treatment.adverse import UNKNOWN, YES
from daybreak.knowledge import card
from daybreak.knowledge.checkins import windows
from daybreak.web import zones
from daybreak.web.adverse.rates import rates
from daybreak.web.assessments.results import results
from daybreak.web.card.treated import Treated
from daybreak.web.checkins.followed import heard
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.steering import signals
from daybreak.web.steering.states import RESPONDS

DAY, FOUR_WEEKS = "day", "four-weeks"  # ids of the windows in checkins.yaml


def counts(of: Treated, *, at: datetime) -> dict[str, Count]:
    """By measure."""
    return {**_coverage(of, at), **_scores(of, at), "serious-events": _serious(of)}


def _coverage(of: Treated, at: datetime) -> dict[str, Count]:
    """Treatments whose time is not over count as well, and not as heard of: a card tells of times that are."""
    by_id = {one.id: one for one in windows()}
    ids = {one.session.patient_id for one in of.every}
    said = heard(ids, since=zones.midnight(of.first, of.site.zone))
    every = [Heard(one.first, said[one.session.patient_id]) for one in of.every]
    firsts = [Heard(those[0].first, said[those[0].session.patient_id]) for those in of.by_course.values()]
    (day,), (weeks,) = coverage([by_id[DAY]], every, now=at), coverage([by_id[FOUR_WEEKS]], firsts, now=at)
    return {"heard-next-day": _count(day), "heard-four-weeks": _count(weeks)}


def _count(one: Covered) -> Count:
    return Count(one.heard, one.treated + one.waiting)


def _scores(of: Treated, at: datetime) -> dict[str, Count]:
    """A complete score of the days before each treatment; a response in the last score of the weeks after the first course."""
    before = responded = unknown = 0
    for person, those in of.people.items():
        course = of.first_course[person]
        patient = course.patient
        chart = records.chart_of(patients.details(patient), records.current(patient))
        days = [zones.day(one.first, of.site.zone) for one in those]
        rated = [one for rows in results(patient, chart).by_scale.values() for one in rows if one.total is not None]
        before += sum(any(day - card.days("score_before") <= one.day <= day for one in rated) for day in days)
        mine = [zones.day(one.first, of.site.zone) for one in of.by_course[course.id]]
        until = mine[-1] + card.days("result")
        states = [
            each.state
            for one in signals.shown(course, mine, chart, at=at)
            for each in one.found
            if mine[-1] < each.day <= until
        ][-1:]
        responded += bool(states) and states[0] in RESPONDS
        unknown += not states
    return {
        "scored-before-dose": Count(before, len(of.every)),
        "response-after": Count(responded, len(of.people), unknown),
    }


def _serious(of: Treated) -> Count:
    """Whom nobody heard of again may have had one too."""
    every = rates(of.site, of.first, of.last).treated
    n = unknown = 0
    for one in every:
        told = {each.row.serious for each in one.events}
        if YES in told:
            n += 1
        elif not one.heard or UNKNOWN in told:
            unknown += 1
    return Count(n, len(every), unknown)
