"""Is a pump that is not set as ordered named by its slip, and does the unknown agree with nothing?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from daybreak.clinical.treatment import pump
from daybreak.clinical.treatment.limits import Level
from daybreak.clinical.treatment.programmes import Programme
from daybreak.clinical.treatment.pump import Fits, Plan, Runs, Screen, Shown

# 0.5 mg/kg over 40 minutes: 70 kg, 35 mg, 52.5 mg/h, at 1 mg/mL 52.5 mL/h.
ORDER = Programme(Decimal(35), 40, Decimal(1), Decimal(70))
PLAN = Plan(ORDER, "ketamine", Decimal("70.4"))
LEVELS = dict.fromkeys(("figure", "inconsistent", "pounds", "drug"), Level.ALARM)
LEVELS |= dict.fromkeys(("weight", "unreadable"), Level.CAUTION)
SCREEN = Screen((Decimal(50),), Decimal("0.45359237"), Decimal(2), Decimal(10), Decimal("0.1"), LEVELS)
RIGHT = {"rate": "52.5", "volume": "35", "concentration": "1", "weight": "70", "mg_per_kg_hour": "0.75"}


def shown(runs: Runs | None = Runs.RUNS, *, drug: str = "", **figures: str) -> Shown:
    return Shown({name: Decimal(one) for name, one in figures.items()}, product=drug, drug=drug, runs=runs)


def wrong(one: Shown, plan: Plan = PLAN) -> list[str]:
    return [f"{id} {each.level.name}" for id, each in sorted(pump.says(one, plan, SCREEN).items())]


def test_a_pump_that_is_set_as_ordered_says_nothing_wrong() -> None:
    assert wrong(shown(drug="ketamine", **RIGHT)) == []
    assert wrong(shown(**RIGHT | {"rate": "52.4"})) == []


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ({"rate": "525"}, ["pump.rate.ten ALARM"]),
        ({"rate": "0.88"}, ["pump.rate.hours ALARM"]),
        ({"rate": "44"}, ["pump.rate.differs ALARM"]),
        ({"flow": "525"}, ["pump.rate.ten ALARM"]),
        ({"rate": "0", "flow": "525"}, ["pump.rate.ten ALARM"]),
        ({"rate": "1.05"}, ["pump.rate.other-concentration+other-figure ALARM"]),
        ({"concentration": "10"}, ["pump.concentration.ten ALARM"]),
        ({"concentration": "50"}, ["pump.concentration.other-concentration ALARM"]),
        ({"volume": "0"}, ["pump.volume.no-number ALARM"]),
        ({"minutes": "4"}, ["pump.minutes.ten ALARM"]),
        ({"weight": "154.3"}, ["pump.weight.pounds ALARM"]),
        ({"weight": "80"}, ["pump.weight.differs CAUTION"]),
        ({"mg_per_hour": "525"}, ["pump.dose_rate.differs ALARM"]),
        ({"mg_per_hour": "52.5"}, []),
        ({"rate": "-52.5"}, ["pump.rate.no-number ALARM"]),
        ({"rate": "0", "flow": "-52.5"}, ["pump.rate.no-number ALARM"]),
        (
            {"rate": "52.5", "concentration": "1", "weight": "80", "mg_per_kg_hour": "7.5"},
            ["pump.dose_rate.inconsistent ALARM", "pump.weight.differs CAUTION"],
        ),
        ({"rate": "52.5", "concentration": "1", "mg_per_hour": "60"}, ["pump.dose_rate.inconsistent ALARM"]),
        ({"rate": "52.5", "mg_per_kg_hour": "0.75"}, []),
        ({"rate": "52.5", "concentration": "1", "weight": "70", "mg_per_kg_hour": "0.75"}, []),
        (
            {"rate": "52.5", "concentration": "1", "weight": "154.3", "mg_per_kg_hour": "0.75"},
            ["pump.weight.pounds ALARM"],
        ),
    ],
)
def test_each_slip_of_the_hand_has_its_name(figures, found) -> None:
    assert wrong(shown(**figures)) == found


def test_what_nobody_can_read_hides_no_dose_that_does_not_fit_the_rate() -> None:
    told = shown(rate="52.5", concentration="1", mg_per_hour="525")
    assert wrong(Shown(told.figures, frozenset({"delivered"}), runs=Runs.RUNS)) == [
        "pump.delivered.unreadable CAUTION",
        "pump.dose_rate.inconsistent ALARM",
    ]


def test_what_is_wrong_stands_beside_what_was_ordered() -> None:
    said = pump.says(shown(rate="525"), PLAN, SCREEN)["pump.rate.ten"]
    assert said.line is not None
    assert (said.value, said.line.absolute, said.sources) == (Decimal(525), Decimal("52.5"), frozenset({"pump"}))


def test_a_pump_in_pounds_that_fits_itself_is_found_by_the_scale_and_by_the_order() -> None:
    """A rate that was worked out from 154 'kg' fits the pump's own figures."""
    heavy = shown(rate="115.5", concentration="1", weight="154", mg_per_kg_hour="0.75")
    assert wrong(heavy) == ["pump.rate.pounds ALARM", "pump.weight.pounds ALARM"]
    assert wrong(heavy, Plan(None, "", Decimal(70))) == ["pump.weight.pounds ALARM"]
    assert wrong(heavy, Plan()) == []


def test_a_pump_that_stands_is_no_slip_because_its_rate_is_nothing() -> None:
    assert wrong(shown(Runs.STANDS, rate="0", flow="0")) == []
    assert wrong(shown(Runs.RUNS, rate="0", flow="0")) == []
    assert wrong(shown(None, rate="0", flow="525")) == []


def test_another_medicine_is_named_and_an_unknown_name_agrees_with_nothing() -> None:
    assert wrong(shown(drug="esketamine")) == ["pump.drug.differs ALARM"]
    assert wrong(shown(drug="esketamine"), Plan(ORDER)) == []
    assert wrong(shown()) == []


def test_what_nobody_can_read_is_said_and_does_not_take_the_place_of_what_was_known() -> None:
    before = shown(rate="525", drug="ketamine")
    after = pump.merged(before, Shown(unreadable=frozenset({"rate"})))
    assert wrong(after) == ["pump.rate.ten ALARM", "pump.rate.unreadable CAUTION"]
    assert (after.runs, after.product) == (Runs.RUNS, "ketamine")
    rate = Shown(unreadable=frozenset({"dose_rate"}))
    assert pump.merged(rate, shown(mg_per_hour="52.5")).unreadable == frozenset()
    again = pump.merged(after, shown(Runs.STANDS, rate="52.5", drug="other"))
    assert (wrong(again), again.runs, again.drug) == (["pump.drug.differs ALARM"], Runs.STANDS, "other")


def test_a_programme_that_was_cleared_is_not_known_any_more_and_the_counter_is() -> None:
    found = pump.cleared(shown(Runs.STANDS, rate="525", delivered="12", drug="ketamine"))
    assert (found.figures, found.drug, found.runs) == ({"delivered": Decimal(12)}, "", Runs.STANDS)
    assert pump.cleared(shown(rate="525")).figures == {}


def test_each_figure_agrees_differs_or_is_not_known() -> None:
    def fits(one: Shown, plan: Plan = PLAN) -> dict[str, Fits]:
        return {each.name: each.fits for each in pump.compared(one, plan, SCREEN)}

    known = fits(shown(**RIGHT | {"concentration": "10"}))
    assert known["rate"] is Fits.AGREES
    assert known["concentration"] is Fits.DIFFERS
    assert known["dose_rate"] is Fits.AGREES
    assert fits(shown(**RIGHT | {"mg_per_kg_hour": "1"}))["dose_rate"] is Fits.DIFFERS
    assert known["minutes"] is Fits.UNKNOWN
    assert set(fits(shown(**RIGHT), Plan()).values()) == {Fits.UNKNOWN}
    assert "dose_rate" not in fits(shown(rate="52.5"))
    tenfold = fits(shown(rate="525", concentration="1", mg_per_hour="525"))
    assert (tenfold["rate"], tenfold["dose_rate"]) == (Fits.DIFFERS, Fits.DIFFERS), "fits itself, and not the order"


@pytest.mark.parametrize(
    ("told", "ml"),
    [
        ([("stands", "0"), ("runs", "0.1"), ("stands", "31.2")], "31.2"),
        ([("stands", "12"), ("runs", "12"), ("paused", "20"), ("runs", "20"), ("stands", "43.2")], "31.2"),
        ([("stands", "12"), ("runs", "0.2"), ("stands", "31.2")], "31.2"),
        ([("paused", "5"), ("runs", "6")], "1"),
        ([("stands", "0")], "0"),
        ([("runs", "0.1"), ("stands", "31.2")], None),
        ([(None, "0"), ("stands", "31.2")], None),
        ([("stands", None), ("stands", "31.2")], None),
        ([("stands", "0"), ("runs", None), ("stands", "31.2")], None),
        ([], None),
    ],
)
def test_what_its_counter_held_before_is_of_nobody(told, ml) -> None:
    lines = [(Runs(runs) if runs else None, Decimal(one) if one else None) for runs, one in told]
    assert pump.given_ml(lines) == (Decimal(ml) if ml else None)


@pytest.mark.parametrize(
    ("runs", "recorded", "paused", "found"),
    [
        (Runs.RUNS, True, False, ""),
        (Runs.RUNS, False, False, "runs"),
        (Runs.RUNS, True, True, "runs"),
        (Runs.STANDS, True, False, "stands"),
        (Runs.PAUSED, True, False, "stands"),
        (Runs.PAUSED, True, True, ""),
        (Runs.STANDS, False, False, ""),
        (None, True, False, ""),
    ],
)
def test_what_it_says_is_held_against_what_the_record_says(runs, recorded, paused, found) -> None:
    assert pump.apart(runs, recorded=recorded, paused=paused) == found
