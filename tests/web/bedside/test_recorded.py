"""Do the chart and the record of a session hold what devices sent, as what it is, on paper and for another system?"""

from __future__ import annotations

import html
import json
from importlib import import_module

import pytest

from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms
from daybreak.web.bedside.models import Kind, Minute
from daybreak.web.switches.models import Function
from tests.web.bedside.monitor import NAME, Monitor
from tests.web.bedside.test_pump import bind, course, drip, pump, weighed
from tests.web.chronicle.test_record import fhir, make, text
from tests.web.conftest import signed_in
from tests.web.switches.samples import switch
from tests.web.treatment.steps import MINUTE

__all__ = ["course", "drip", "pump", "weighed"]


@pytest.fixture
def recorded(pump, drip, nurse):
    """Three minutes of a monitor with one of silence between, a pump that ran, and an alarm of its own."""
    monitor = Monitor(pump.at, store=pump.store, connection=2)
    monitor.came(monitor.says({"spo2": 97}, patients=()))
    bind(drip, nurse, monitor.at, NAME, Kind.MONITOR)
    for seconds, spo2 in ((60, 97), (60, 95), (60, 96)):
        for _ in range(seconds):
            monitor.came(monitor.says({"spo2": spo2, "pulse": 70}, patients=()))
        monitor.at += (spo2 == 95) * 3 * MINUTE
    monitor.came(monitor.says({"systolic": 120, "diastolic": 80}, patients=()))
    monitor.at += 2 * MINUTE
    monitor.came(monitor.says({"spo2": 96}, patients=()))
    pump.at = monitor.at
    pump.sends(delivered="10")
    pump.alarms()
    pump.sends(runs="not-infusing", flow="0", delivered="31.2")
    return drip


def test_the_chart_draws_the_minutes_as_a_line_of_its_own_and_its_table_says_whose_they_are(recorded, nurse) -> None:
    assert Minute.objects.count() > 6
    page = html.unescape(signed_in(nurse).get(f"/sessions/{recorded.id}/cockpit/", secure=True).text)
    assert page.count('class="live live-spo2"') == 2, "a minute of silence breaks the line"
    assert 'class="hr"' not in page, "nobody typed a pulse"
    assert "97 (monitor)" in page
    assert "120/80 (monitor)" in page
    assert "nobody entered them" in page


def test_the_record_holds_them_on_paper(recorded, nurse) -> None:
    said = text(make(recorded, nurse, Minute.objects.latest("minute").created + MINUTE))
    for one in (
        "What devices sent",
        "97 (97–97)",
        NAME,
        "Pump P52814: the pump says that it has stopped · delivered 31.2 mL",
        "its own alarm begins: the line is blocked · it writes “Occlusion” · its priority PH",
    ):
        assert one in said, one


def test_another_system_reads_each_with_its_device(recorded, nurse) -> None:
    row = make(recorded, nurse, Minute.objects.latest("minute").created + MINUTE)
    found = fhir(row)
    for one in found:
        kind = import_module(f"fhir.resources.R4B.{one['resourceType'].lower()}")
        getattr(kind, one["resourceType"]).model_validate(one)
    devices = {f"Device/{one['id']}": one for one in found if one["resourceType"] == "Device"}
    assert sorted(one["deviceName"][0]["name"] for one in devices.values()) == [NAME, "P52814"]
    series = [one for one in found if "valueSampledData" in one]
    assert {one["device"]["reference"] for one in series} <= devices.keys()
    spo2 = next(one for one in series if one["valueSampledData"]["origin"]["unit"] == "%")
    assert spo2["valueSampledData"]["data"].split()[:1] == ["97"]
    assert "E" in spo2["valueSampledData"]["data"].split(), "a minute without a value is said to be one"
    said = [one for one in found if one.get("valueString", "").startswith("Pump P52814")]
    assert [one["valueString"].split(": ")[1].split(" ·")[0] for one in said] == [
        "the pump says that it runs",
        "its own alarm begins",
        "the pump says that it has stopped",
    ]
    assert devices[said[0]["device"]["reference"]]["type"] == {"text": "pump"}
    twin = type(row).objects.exclude(pk=row.pk).get(about=row.about, kind="session")
    (chart,) = charts(json.loads(bytes(twin.bytes)), terms=terms(), place="test")
    assert not chart.ketamine, "what a pump says is no dose"


def test_what_is_switched_off_stands_in_neither(recorded, site, doctor, nurse) -> None:
    for one in (Function.VALUES, Function.PUMPS, Function.ALARMS):
        switch(site, one, doctor, on=False)
    row = make(recorded, nurse, Minute.objects.latest("minute").created + MINUTE)
    assert "What devices sent" not in text(row)
    assert "valueSampledData" not in json.dumps(fhir(row))
    assert 'class="live' not in signed_in(nurse).get(f"/sessions/{recorded.id}/cockpit/", secure=True).text
