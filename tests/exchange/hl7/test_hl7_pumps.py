"""Is what an infusion or a syringe pump sends read as figures in our units, and nothing that is unclear as a figure?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from daybreak.clinical.treatment.pump import Runs
from daybreak.exchange.hl7 import read
from daybreak.exchange.hl7.pumped import of_a_pump, shown
from tests.exchange.hl7.build import message, obx
from tests.exchange.hl7.pump import ALARM, RATE, SYRINGE, figure


def only(lines, trigger="R01"):
    (found,) = read(message(lines, trigger=trigger, patient=""))
    return found


def test_a_syringe_pump_is_read_by_its_numbers_in_our_units() -> None:
    report = only(SYRINGE)
    found = shown(report)
    assert of_a_pump(report)
    assert report.device == "P52814"
    # The dose by weight and minute: 12.5 µg/kg/min are 0.75 mg/kg/h; 2,400 s are 40 minutes.
    told = {"rate": "52.5", "flow": "52.5", "volume": "35", "left": "3.8", "delivered": "31.2", "concentration": "1"}
    told |= {"dose": "35", "minutes": "40", "weight": "70", "mg_per_kg_hour": "0.75"}
    assert found.figures == {name: Decimal(one) for name, one in told.items()}
    assert (found.drug, found.product, found.runs) == ("Ketamine 1 mg/mL", "ketamine", Runs.RUNS)
    assert found.unreadable == frozenset()


@pytest.mark.parametrize(
    ("line", "unreadable"),
    [
        (figure(RATE, "52.5", "mL^mL^UCUM"), {"rate"}),
        (figure(RATE, "52.5", ""), {"rate"}),
        (figure(RATE, "---", "mL/h^mL/h^UCUM"), {"rate"}),
        (figure(RATE, "9" * 21, "mL/h^mL/h^UCUM"), {"rate"}),
        (figure("68063^MDC_ATTR_PT_WEIGHT^MDC", "154", "[lb_av]^lb^UCUM"), set()),
    ],
)
def test_a_unit_that_nobody_knows_makes_no_figure_of_it(line, unreadable) -> None:
    found = shown(only([line]))
    assert found.unreadable == unreadable
    assert "rate" not in found.figures
    assert not found.figures or found.figures["weight"] == Decimal("154") * Decimal("0.45359237")


def test_two_channels_that_say_different_things_say_nothing() -> None:
    both = [figure(RATE, one, "mL/h^mL/h^UCUM", place=place) for one, place in (("52.5", "1.1.2.5"), ("5", "1.1.3.5"))]
    assert (shown(only(both)).figures, shown(only(both)).unreadable) == ({}, {"rate"})
    dose = [figure("157924^MDC_RATE_DOSE^MDC", one, "mg/h^mg/h^UCUM") for one in ("52.5", "5")]
    assert (shown(only(dose)).figures, shown(only(dose)).unreadable) == ({}, {"dose_rate"})
    status = [
        obx(n, "184519^MDC_PUMP_INFUSING_STATUS^MDC", f"^pump-status-{one}", "").replace("|NM|", "|CWE|")
        for n, one in enumerate(("infusing", "not-infusing"))
    ]
    assert shown(only(status)).runs is None


def test_what_a_device_says_that_it_pretends_or_has_not_is_no_figure() -> None:
    demo = figure(RATE, "52.5", "mL/h^mL/h^UCUM").replace("|||||R", "||DEMO|||R")
    assert shown(only([demo])).figures == {}


@pytest.mark.parametrize(
    ("event", "runs"),
    [
        ("197288^MDC_EVT_PUMP_DELIV_START^MDC", Runs.RUNS),
        ("0^MDCX_PUMP_DELIV_STOP^MDC", Runs.STANDS),
        ("197292^MDC_EVT_PUMP_DELIV_COMP^MDC", Runs.STANDS),
        ("197334^MDC_EVT_VOL_INFUS_NEAR_COMP^MDC", None),
    ],
)
def test_an_event_says_whether_it_runs_where_it_has_no_status(event, runs) -> None:
    line = obx(1, "68487^MDC_ATTR_EVT_COND^MDC", event, "").replace("|NM|", "|CWE|")
    report = only([line], "R42")
    assert of_a_pump(report)
    assert shown(report).runs is runs
    assert shown(only([line, *SYRINGE], "R42")).runs is Runs.RUNS


def test_an_alarm_of_a_pump_keeps_its_words_and_its_priority() -> None:
    alarm = only(ALARM, "R40").alarm
    assert alarm is not None
    assert (alarm.name, alarm.text, alarm.phase, alarm.priority) == (
        "MDC_EVT_FLUID_LINE_OCCL",
        "Occlusion",
        "start",
        "PH",
    )
    assert not of_a_pump(only([obx(1)]))
