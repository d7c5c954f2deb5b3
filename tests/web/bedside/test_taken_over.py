"""Does a person take over into a check what is live on the monitor, and nothing else, and does the entry say where it is from?"""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.bedside.models import Minute
from daybreak.web.cockpit import made
from daybreak.web.treatment import queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.bedside.monitor import NAME, SECOND
from tests.web.chronicle.test_record import fhir, make
from tests.web.conftest import signed_in
from tests.web.treatment.steps import MINUTE


@pytest.fixture
def minute(monitor, bound, session):
    """A minute of everything, and a moment more; the medians differ from the newest values."""
    monitor.at = monitor.at.replace(second=0, microsecond=0) + MINUTE
    monitor.sends(1, spo2=96, systolic=121, diastolic=79)
    monitor.sends(58, spo2=96, pulse=64)
    monitor.sends(3, spo2=99, pulse=90)
    return monitor


def offered(session, at, *, take: bool = True) -> dict[str, str]:
    """What stands in the fields of the sheet."""
    now = queries.now(Session.objects.get(pk=session.pk))
    sheet = made.cockpit(now, at=at, language="en", typed={}, take=take).sheets[0]
    return {one.name: one.typed for one in sheet.figures if one.typed}


def test_the_medians_of_what_is_live_stand_in_the_fields_and_nothing_does_unasked(minute, session) -> None:
    assert offered(session, minute.at) == {"systolic": "121", "diastolic": "79", "heart_rate": "64", "spo2": "96"}
    assert offered(session, minute.at, take=False) == {}
    later = minute.at + 15 * SECOND
    assert offered(session, later) == {"systolic": "121", "diastolic": "79"}, "old, not to be taken; a cuff is not yet"
    assert offered(session, minute.at + timedelta(minutes=30)) == {}


def test_what_is_frozen_or_no_number_or_half_a_pressure_is_never_offered(minute, session) -> None:
    minute.came(minute.says({"spo2": "---", "pulse": 64}))
    assert "spo2" not in offered(session, minute.at)
    assert "heart_rate" in offered(session, minute.at)
    minute.came(minute.says({"pulse": 64, "systolic": "---"}))
    assert not offered(session, minute.at).keys() & {"systolic", "diastolic"}


def keeps(session, nurse, **fields) -> list[dict]:
    """What is kept of the sheet, as its events tell it."""
    told = {"sheet": "vitals", "key": str(ids.new()), **fields}
    assert signed_in(nurse).post(f"/sessions/{session.id}/checks/", told, secure=True).status_code == 302
    rows = SessionEvent.objects.filter(session=session, what=What.CHECK).order_by("seq")
    return [json.loads(one.told) for one in rows]


def test_a_value_that_is_kept_as_it_was_says_where_it_is_from_and_one_that_was_changed_does_not(
    minute, session, nurse
) -> None:
    lines = {one.sign: str(one.pk) for one in Minute.objects.all() if one.sign != "spo2" or one.median == "96"}
    fields = {"systolic": "121", "diastolic": "79", "spo2": "96", "heart_rate": "65"}
    told = {one["row"]: one for one in keeps(session, nurse, **fields, **{f"from-{k}": v for k, v in lines.items()})}
    assert (told["spo2"]["origin"]["device"], told["spo2"]["origin"]["source"]) == (NAME, "monitor 150456")
    assert told["pressure"]["origin"]["source"] == "cuff 150021"
    assert "origin" not in told["heart_rate"], "another figure than the monitor's is the person's own"
    page = html.unescape(signed_in(nurse).get(f"/sessions/{session.id}/", secure=True).text)
    assert f"96 %, taken over from the monitor {NAME}" in page.replace(" · ", ", ")
    found = fhir(make(session, nurse, minute.at + MINUTE))
    checks = [one for one in found if one["resourceType"] == "Observation" and one.get("device") == {"display": NAME}]
    assert len(checks) == 2


@pytest.mark.parametrize("line", ["x", "", "01a22889-36e4-7e54-9f39-1a3476cfdaf0"])
def test_an_origin_that_is_none_is_not_believed(minute, session, nurse, line) -> None:
    (told,) = keeps(session, nurse, spo2="96", **{"from-spo2": line})
    assert told == {"row": "spo2", "value": "96"}
    other = Minute.objects.filter(sign="heart_rate").first()
    assert "origin" not in keeps(session, nurse, spo2=other.median, **{"from-spo2": str(other.pk)})[-1]


def test_one_tap_on_the_page_fills_the_sheet_without_a_script(monitor, bound, session, nurse) -> None:
    monitor.at = datetime.now(UTC).replace(second=0, microsecond=0) - MINUTE
    until = datetime.now(UTC) - SECOND
    while monitor.at < until:
        monitor.sends(1, spo2=96)
    client, page = signed_in(nurse), f"/sessions/{session.id}/cockpit/"
    plain = client.get(page, secure=True).text
    assert "Take over from the monitor" in plain
    assert 'name="from-spo2"' not in plain
    filled = html.unescape(client.get(f"{page}?take=monitor", secure=True).text)
    assert re.search(r'name="spo2"[^>]*value="96"', filled)
    assert "monitor, median of a minute" in filled
    step = html.unescape(client.get(f"/sessions/{session.id}/?step=vitals&take=monitor", secure=True).text)
    assert re.search(r'name="spo2"[^>]*value="96"', step), "before the dose too"
    (line,) = re.findall(r'name="from-spo2" value="([^"]+)"', step)
    kept = {"do": "vitals", "spo2": "96", "from-spo2": line, "key": str(ids.new())}
    assert client.post(f"/sessions/{session.id}/", kept, secure=True).status_code == 302
    (row,) = SessionEvent.objects.filter(session=session, what=What.CHECK)
    assert json.loads(row.told)["origin"]["device"] == NAME
