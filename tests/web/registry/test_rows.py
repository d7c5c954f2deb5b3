"""Do the clinic's records become the rows that a person would write, and does nobody's name become one of them?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.records import Observation, on
from daybreak.outcomes.counting import RESPONSE
from daybreak.outcomes.shares import Share
from daybreak.web import ids, zones
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode
from daybreak.web.patients import actions as charts
from daybreak.web.patients.queries import details
from daybreak.web.registry.courses import patients, treated
from daybreak.web.registry.ratings import ratings
from daybreak.web.registry.sessions import events, sessions
from daybreak.web.registry.stored import counted, stored
from tests.web.adverse.test_events import tell
from tests.web.adverse.test_rates import ended
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "ended", "noon", "nurse", "patient", "session", "watched"]
DAY = timedelta(days=1)


def rate(patient, site, nurse, total: int, at) -> None:
    told = Observation("", "phq-9", Decimal(total), on(zones.day(at, site.zone)), at)
    charts.add(patient, told, by=nurse, at=at, key=ids.new())


@pytest.fixture
def whole(session, ended, patient, site, nurse) -> Iterator[dict[str, list]]:
    """Before the treatment 20 points, four weeks after it 8, and an event in between."""
    rate(patient, site, nurse, 20, ended - DAY)
    tell(patient, site, nurse, ended, session=session)
    rate(patient, site, nurse, 8, ended + 28 * DAY)
    at = ended + 60 * DAY
    of = treated([site])
    return {
        "patients": list(patients(of, at=at)),
        "courses": list(of.courses),
        "sessions": list(sessions([site], of, at=at)),
        "ratings": list(ratings(of)),
        "events": list(events([site], of)),
    }


def test_every_table_tells_what_is_recorded(whole, session, ended, site, patient) -> None:
    (person,), (course,), (row,), (event,) = (whole[one] for one in ("patients", "courses", "sessions", "events"))
    day = zones.day(ended, site.zone)
    assert (person.patient, person.volunteer) == (str(patient.id), False)
    assert (course.number, course.started, course.product, course.route) == (1, day, "esketamine", "nasal")
    assert (row.session, row.course, row.day, row.number) == (str(session.id), course.course, day, 1)
    assert row.dose_mg == row.dose_mg_most == row.planned_mg
    assert row.dose_mg is not None
    assert row.outcome == "discharged"
    assert row.minutes_to_ready is not None
    assert row.minutes_to_ready >= 120
    assert (event.session, event.term, event.day) == (str(session.id), "nausea", None)
    assert [(one.day, one.total) for one in whole["ratings"]][-2:] == [(day - DAY, 20), (day + 28 * DAY, 8)]


def test_no_row_holds_a_name_or_a_day_of_birth(whole, patient) -> None:
    told = json.dumps([asdict(one) for rows in whole.values() for one in rows], default=str)
    who = details(patient)
    assert who.birth[:4] in told
    assert all(text not in told for text in (who.family_name, who.given_names, who.birth))


def test_what_was_asked_and_not_answered_stands_in_its_place(whole, ended, site, patient, nurse) -> None:
    assert {one.door for one in whole["ratings"]} == {None}
    at = ended + 60 * DAY
    shares = {one.window: one.shares for one in counted([site], at=at).outcomes if one.scale == "phq-9"}
    assert shares["four-weeks"][RESPONSE] == Share(1, 1, 1)
    told = {"mode": Mode.DESK, "language": "en", "by": nurse, "at": ended + 30 * DAY, "key": ids.new()}
    forms.ask(patient, "assessment:phq-9", **told)
    rows = list(ratings(treated([site])))
    assert [(one.total, one.door) for one in rows if one.total is None] == [(None, "desk")]
    shares = {one.window: one.shares for one in counted([site], at=at).outcomes if one.scale == "phq-9"}
    assert shares["four-weeks"][RESPONSE] == Share(0, 0, 1)


def test_questions_do_not_grow_with_the_rows(whole, site, patient, nurse, ended, session) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found, stored([site], at=ended + 60 * DAY) as store:
            assert store.execute("SELECT count(*) FROM sessions").fetchall() == [(1,)]
        return len(found)

    before = asked()
    for n in range(5):
        rate(patient, site, nurse, 9, ended + (30 + n) * DAY)
        tell(patient, site, nurse, ended, session=session)
    assert asked() == before
