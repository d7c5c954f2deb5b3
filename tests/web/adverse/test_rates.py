"""Is an adverse event counted in the treatment that it is of, once, with whom nobody heard of again beside it?"""

from __future__ import annotations

import csv
import html
import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids, zones
from daybreak.web.adverse.rates import Rates, rates
from daybreak.web.audit.models import Entry
from daybreak.web.tasks.models import Event as TaskEvent
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.models import What as Did
from tests.web.adverse.samples import NOT_SERIOUS
from tests.web.adverse.test_events import NAUSEA, actions, tell
from tests.web.conftest import signed_in
from tests.web.rems.samples import over
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ended(session, nurse, noon):
    return over(session, nurse, noon)


def found(session, at) -> Rates:
    day = zones.day(at, session.site.zone)
    return rates(session.site, day - DAY, day + DAY)


def lines(of: Rates) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(one.by, one.which): (one.rate.n, one.rate.of, one.rate.unknown) for one in of.lines}


def call_reached(session, nurse, ended) -> None:
    """Somebody is called the next day, and reached."""
    call = Task.objects.filter(patient=session.patient_id).first()
    about = {"organisation_id": session.organisation_id, "created": ended + HOUR, "by": nurse, "happened": ended + HOUR}
    TaskEvent.objects.create(id=ids.new(), task=call, seq=9, what=Did.ATTEMPT, result="reached", **about)


def test_without_an_event_it_is_zero_and_whom_nobody_heard_of_is_not_zero(session, ended, nurse) -> None:
    now = found(session, ended)
    assert [(one.product, one.route, one.heard) for one in now.treated] == [("esketamine", "nasal", False)]
    assert lines(now)["any", ""] == (0, 1, 1)
    (one,) = [each for each in now.lines if each.by == "any"]
    assert (one.rate.per_hundred, one.rate.worst) == (0, 100)
    assert one.rate.interval(95) == pytest.approx((0, 97.5))
    call = Task.objects.filter(patient=session.patient_id).first()
    about = {"organisation_id": session.organisation_id, "created": ended + HOUR, "by": nurse}
    tried = {"task": call, "seq": 1, "what": Did.ATTEMPT, "result": "not_reached", "happened": ended + HOUR}
    TaskEvent.objects.create(id=ids.new(), **tried, **about)
    assert lines(found(session, ended))["any", ""] == (0, 1, 1)
    call_reached(session, nurse, ended)
    assert lines(found(session, ended))["any", ""] == (0, 1, 0)


def test_each_treatment_counts_once_by_what_its_newest_versions_tell(session, ended, patient, site, nurse) -> None:
    row = tell(patient, site, nurse, ended, session=session, told=replace(NAUSEA, serious={"hospital": "yes"}))
    tell(patient, site, nurse, ended, session=session)
    tell(patient, site, nurse, ended, session=session, told=replace(NAUSEA, term="", text="sneezed", grade=""))
    tell(patient, site, nurse, ended)
    now = found(session, ended)
    told = lines(now)
    assert told["any", ""] == told["grade", "2"] == told["grade", ""] == told["term", "nausea"] == (1, 1, 0)
    assert told["term", ""] == told["serious", "yes"] == (1, 1, 0)
    assert told["grade", "3"] == (0, 1, 1), "one nausea says nothing about what else came later"
    assert (now.beside, now.unjudged) == (1, 3)
    call_reached(session, nurse, ended)
    told = lines(found(session, ended))
    assert told["grade", "3"] == (0, 1, 1), "one of the events has no grade: it may be this one"
    assert told["any", ""] == (1, 1, 0)
    calm = {"told": replace(NAUSEA, serious=NOT_SERIOUS, grade="1"), "reason": "looked again", "key": ids.new()}
    actions.correct(row.root, replaces=row.id, by=nurse, at=ended + HOUR, **calm)
    told = lines(found(session, ended))
    assert told["serious", "yes"] == (0, 1, 0), "they were heard of, and of each event it is known that it is not"
    assert told["grade", "1"] == (1, 1, 0)
    day = zones.day(ended, site.zone)
    assert rates(site, day + DAY, day + 2 * DAY).treated == ()


def test_where_nothing_was_given_there_is_no_treatment_to_count(session, nurse, noon) -> None:
    assert found(session, noon).treated == ()


def test_the_page_tells_every_rate_and_names_whom_nobody_heard_of(session, ended, nurse, desk) -> None:
    tell(session.patient, session.site, nurse, ended - HOUR, session=session)
    client = signed_in(nurse)
    client.get("/adverse/rates/", secure=True)
    day = zones.day(ended, session.site.zone)
    address = f"/adverse/rates/?from={day - DAY}&to={day}"
    with CaptureQueriesContext(connection) as asked:
        page = html.unescape(client.get(address, secure=True).content.decode())
    assert len(asked) <= 15
    assert "1/1" in page
    assert "Of these nobody heard again" in page
    assert "Keller" in page
    assert Entry.objects.filter(object_type="adverse_rates", subject=session.patient_id).exists()
    told = json.loads(client.get(f"{address}&as=json", secure=True).content)
    assert told["interval"] == {"percent": 95, "method": "Clopper-Pearson"}
    first = told["rows"][0]
    assert (first["by"], first["n"], first["sessions"], first["per_100"], first["high"]) == ("any", 1, 1, 100, 100)
    assert "Keller" not in json.dumps(told)
    table = list(csv.reader(StringIO(client.get(f"{address}&as=csv", secure=True).content.decode())))
    assert len(table) == 1 + len(told["rows"])
    assert client.get(f"/adverse/rates/?from={day}&to={day - DAY}", secure=True).status_code == 422
    assert client.get("/adverse/rates/?from=soon&as=json", secure=True).status_code == 422
    assert client.get("/adverse/rates/?from=0001-01-01&to=9999-12-31", secure=True).status_code == 200
    assert signed_in(desk).get("/adverse/rates/", secure=True).status_code == 403
