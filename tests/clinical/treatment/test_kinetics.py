"""Does a model give what its paper prints, and does what goes in come out again?"""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.kinetics import CENTRAL, DEEP, OUT, Given, Model, Nasal, by_volumes, curve, mammillary
from daybreak.knowledge import kinetics

# Perez-Ruixo 2021, table 4: who, mg, highest concentration (ng/mL), area over 24 hours (ng h/mL). Of the older ones the age is
# not printed; 70 years is ours.
PRINTED = [
    ("", 28, 43.8, 147.3),
    ("", 56, 72.5, 254.7),
    ("", 84, 101.0, 362.2),
    ("asian", 28, 44.1, 158.2),
    ("asian", 56, 73.2, 275.9),
    ("asian", 84, 102.4, 393.5),
    ("asian japanese", 28, 57.5, 194.7),
    ("asian japanese", 56, 94.5, 335.1),
    ("asian japanese", 84, 131.3, 475.4),
    ("older", 28, 44.6, 160.4),
    ("older", 56, 73.8, 275.8),
    ("older", 84, 102.7, 391.2),
    ("older asian", 28, 44.9, 171.0),
    ("older asian", 56, 74.4, 296.3),
    ("older asian", 84, 103.8, 421.5),
    ("older asian japanese", 28, 58.8, 212.2),
    ("older asian japanese", 56, 96.5, 363.1),
    ("older asian japanese", 84, 133.8, 513.9),
]
DAY = tuple(range(24 * 60 + 1))
rates = st.floats(0.001, 1.0)
doses = st.lists(st.builds(Given, st.floats(1, 100), st.floats(0, 60), st.sampled_from([0.0, 1.0, 40.0])), min_size=1)


def sprayed(who: str) -> Nasal:
    (told,) = kinetics.models("esketamine", "nasal")
    age = 70 if "older" in who else 45
    return kinetics.nasal(told, age=age, asian="asian" in who, japanese="japanese" in who)


def area(values: tuple[float, ...]) -> float:
    """In ng h/mL, of values a minute apart."""
    return sum((one + other) / 2 for one, other in pairwise(values)) / 60


@pytest.mark.parametrize(("who", "mg", "highest", "whole"), PRINTED)
def test_the_printed_table_is_reproduced(who, mg, highest, whole) -> None:
    found = sprayed(who)
    values = curve(found.model(), found.devices([(28.0, 5.0 * n) for n in range(mg // 28)]), DAY)
    assert max(values) == pytest.approx(highest, rel=0.02)
    assert area(values) == pytest.approx(whole, rel=0.02)


def test_an_age_that_nobody_told_is_no_old_age() -> None:
    (told,) = kinetics.models("esketamine", "nasal")
    assert kinetics.nasal(told) == kinetics.nasal(told, age=60) != kinetics.nasal(told, age=61)


def test_what_is_swallowed_and_what_is_not_are_the_whole_device() -> None:
    found = sprayed("")
    nose, gut = found.devices([(28.0, 0.0)])
    assert nose.mg + gut.mg / found.past_gut == pytest.approx(28)


def test_one_compartment_is_the_formula_of_every_book() -> None:
    model = Model({(CENTRAL, OUT): 0.02}, litres=10)
    at_once = curve(model, [Given(50, 0)], [0, 30, 90])
    assert at_once == pytest.approx([5000 * math.exp(-0.02 * one) for one in (0, 30, 90)], rel=1e-12)
    evenly = curve(model, [Given(50, 0, 40)], [40])
    assert evenly == pytest.approx([50 / 40 / 0.02 * (1 - math.exp(-0.8)) / 10 * 1000], rel=1e-12)


def test_equal_rates_need_no_formula_of_their_own() -> None:
    """Where two rates are equal, a formula with differences below the line divides by nothing."""
    model = Model({(DEEP, CENTRAL): 0.05, (CENTRAL, OUT): 0.05}, litres=1)
    (found,) = curve(model, [Given(1, 0, into=DEEP)], [20])
    assert found == pytest.approx(1000 * 0.05 * 20 * math.exp(-1), rel=1e-12)


def test_nothing_given_is_nothing_there_and_nothing_asked_is_nothing_said() -> None:
    model = mammillary(litres=5, out=0.1, ways=[(0.2, 0.1)])
    assert curve(model, [], [0, 10]) == (0.0, 0.0)
    assert curve(model, [], []) == curve(model, [Given(1, 0)], []) == ()


def test_volumes_and_shares_tell_the_same() -> None:
    told = by_volumes(litres=25, out_l_per_h=84, beside=[(56, 161), (157, 79)])
    shares = [(161 / 25 / 60, 161 / 56 / 60), (79 / 25 / 60, 79 / 157 / 60)]
    same = mammillary(litres=25, out=84 / 25 / 60, ways=shares)
    assert curve(told, [Given(35, 0, 40)], DAY) == pytest.approx(curve(same, [Given(35, 0, 40)], DAY))


@given(rates, rates, rates, doses)
def test_all_that_goes_in_comes_out_or_is_there(out, there, back, given_now) -> None:
    """A compartment outside the body gathers what has left; beside the others nothing is lost."""
    flows = {(CENTRAL, "gone"): out, (CENTRAL, DEEP): there, (DEEP, CENTRAL): back}
    at = max(one.at + one.over for one in given_now) + 30
    seen = [curve(Model(flows, 1.0, seen), given_now, [at])[0] / 1000 for seen in (CENTRAL, DEEP, "gone")]
    assert sum(seen) == pytest.approx(sum(one.mg for one in given_now), rel=1e-9)
    assert min(seen) >= -1e-12


@given(rates, rates, rates, doses, st.floats(0.1, 10))
def test_twice_the_dose_is_twice_the_concentration_and_doses_add_up(out, there, back, given_now, factor) -> None:
    model = mammillary(litres=5, out=out, ways=[(there, back)])
    minutes = [0.0, 17.0, 61.0, 100.0]
    whole = curve(model, given_now, minutes)
    parts = [curve(model, [one], minutes) for one in given_now]
    assert whole == pytest.approx([sum(each) for each in zip(*parts, strict=True)], rel=1e-9, abs=1e-9)
    more = [Given(one.mg * factor, one.at, one.over) for one in given_now]
    assert curve(model, more, minutes) == pytest.approx([factor * one for one in whole], rel=1e-9, abs=1e-9)


@given(rates, rates, rates, st.floats(0.1, 239.9))
def test_the_steps_do_not_matter(out, there, back, between) -> None:
    model = mammillary(litres=5, out=out, ways=[(there, back)])
    (at_once,) = curve(model, [Given(35, 0, 40)], [240])
    assert curve(model, [Given(35, 0, 40)], [between, 240])[1] == pytest.approx(at_once, rel=1e-9)


@pytest.mark.parametrize(("id", "end", "later"), [("domino", 240, 36), ("clements", 177, 59), ("kamp", 253, 50)])
def test_the_models_of_an_infusion_are_the_programs_of_their_authors(id, end, later) -> None:
    """0.5 mg/kg in 40 minutes at 70 kg, as the programs that carry these parameters give it."""
    (told,) = (one for one in kinetics.models("ketamine", "iv") if one["id"] == id)
    found = curve(kinetics.by_weight(told, kg=70), [Given(35, 0, 40)], [40, 120])
    assert [round(one) for one in found] == [end, later]
