"""Is every slip of programming found and named, and is a right programme left alone?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from daybreak.clinical.treatment.ladders import Strength
from daybreak.clinical.treatment.programmes import (
    CONCENTRATION,
    DOSE,
    HOURS,
    MG_FOR_ML,
    NO_NUMBER,
    OTHER_CONCENTRATION,
    OTHER_FIGURE,
    POUNDS,
    RATE,
    TEN,
    TIME,
    UNITS,
    VOLUME,
    WEIGHT,
    Programme,
    Slip,
    finding,
    ordered,
    slips,
)
from daybreak.clinical.treatment.units import rounded
from daybreak.knowledge import dosing
from daybreak.knowledge.sentences import language

D = Decimal
POUND = D("0.45359237")
STEP, PERCENT = dosing.rounding().ml_per_hour, dosing.programme_percent()
STRENGTHS = [D(1), D(10), *dosing.vials()]
USUAL = Programme(D(35), 40, D(1), D(70))
STRONG = Programme(D(35), 40, D(10), D(70))


def found(programme: Programme, **shown: Decimal | str) -> dict[str, tuple[str, ...]]:
    figures = {name: D(value) for name, value in shown.items()}
    told = {"concentrations": STRENGTHS, "pound_kg": POUND, "percent": PERCENT, "step": STEP}
    return {one.field: one.names for one in slips(programme, figures, **told)}


programmes = st.builds(
    Programme,
    st.decimals("10", "90", places=1),
    st.integers(20, 100),
    st.sampled_from([D("0.5"), D(1), D(2), D(10)]),
    st.decimals("40", "160", places=1),
)


@given(programmes)
@example(USUAL)
@example(STRONG)
def test_a_right_programme_as_a_pump_shows_it_raises_nothing(one: Programme) -> None:
    shown = {name: rounded(value, D("0.1")) for name, value in ordered(one).items()}
    assert found(one, **shown) == {}


@pytest.mark.parametrize(("shown", "slip"), [("0.35", False), ("0.4", True), ("0.3", True)])
def test_only_a_rate_and_a_volume_are_rounded_by_a_display(shown: str, slip: bool) -> None:
    """35 mg in 100 mL: half a step of the display would be a seventh of the concentration."""
    thin = Programme(D(35), 40, D("0.35"), D(70))
    assert (CONCENTRATION in found(thin, concentration=shown)) is slip


# Each slip with the fields in which it can happen, and the figure that it leaves there.
PLANTED = [
    (TEN, (*UNITS,), lambda right, name: right[name] * 10),
    (TEN, (*UNITS,), lambda right, name: right[name] / 10),
    (POUNDS, (RATE, VOLUME, DOSE, WEIGHT), lambda right, name: right[name] / Fraction(POUND)),
    (POUNDS, (RATE, VOLUME, DOSE, WEIGHT), lambda right, name: right[name] * Fraction(POUND)),
    (HOURS, (RATE, TIME), lambda right, name: right[name] * 60),
    (HOURS, (RATE, TIME), lambda right, name: right[name] / 60),
    (MG_FOR_ML, (RATE, VOLUME), lambda right, name: right[name] * right[CONCENTRATION]),
    (OTHER_CONCENTRATION, (RATE, VOLUME), lambda right, name: right[name] * right[CONCENTRATION] / 50),
    (OTHER_CONCENTRATION, (RATE, VOLUME), lambda right, name: right[name] * right[CONCENTRATION] / 1),
    (OTHER_CONCENTRATION, (CONCENTRATION,), lambda right, name: Fraction(10)),
    (OTHER_CONCENTRATION, (CONCENTRATION,), lambda right, name: Fraction(1)),
    (OTHER_FIGURE, (RATE,), lambda right, name: right[VOLUME]),
    (OTHER_FIGURE, (RATE,), lambda right, name: right[RATE] * right[CONCENTRATION] / right[WEIGHT]),
    (OTHER_FIGURE, (TIME,), lambda right, name: right[RATE]),
]


@pytest.mark.parametrize(("slip", "fields", "leaves"), PLANTED)
@given(one=programmes)
def test_every_planted_slip_is_found_and_named(slip, fields, leaves, one: Programme) -> None:
    right = ordered(one)
    for name in fields:
        wrong = rounded(leaves(right, name), D("0.001"))
        # where the slip makes no difference that a pump could show, there is none
        apart = abs(Fraction(wrong) - right[name])
        if wrong <= 0 or apart * 100 <= Fraction(PERCENT) * right[name] or apart <= Fraction(STEP) / 2:
            assume(wrong > 0)
            assert found(one, **{name: wrong}) == {}
        else:
            assert slip in found(one, **{name: wrong})[name], name


@pytest.mark.parametrize(
    ("programme", "shown", "expected"),
    [
        (USUAL, {RATE: "525"}, {RATE: (TEN,)}),
        (USUAL, {RATE: "5.25"}, {RATE: (TEN, OTHER_CONCENTRATION)}),
        (USUAL, {WEIGHT: "154.3"}, {WEIGHT: (POUNDS,)}),
        (USUAL, {RATE: "115.7", WEIGHT: "154.3", DOSE: "77.2"}, {RATE: (POUNDS,), WEIGHT: (POUNDS,), DOSE: (POUNDS,)}),
        (USUAL, {TIME: "2400"}, {TIME: (HOURS,)}),
        (STRONG, {RATE: "52.5"}, {RATE: (TEN, MG_FOR_ML, OTHER_CONCENTRATION)}),
        (USUAL, {CONCENTRATION: "50"}, {CONCENTRATION: (OTHER_CONCENTRATION,)}),
        (USUAL, {RATE: "0.75"}, {RATE: (OTHER_FIGURE,)}),
        (USUAL, {RATE: "61"}, {RATE: ()}),
        (USUAL, {RATE: "0"}, {RATE: (NO_NUMBER,)}),
        (USUAL, {RATE: "NaN"}, {RATE: (NO_NUMBER,)}),
        (USUAL, {RATE: "53"}, {}),
        (USUAL, {RATE: "53.6"}, {RATE: ()}),
    ],
)
def test_the_slips_by_name(programme, shown, expected) -> None:
    assert found(programme, **shown) == expected


@pytest.mark.parametrize("name", ["en", "zh-Hans"])
def test_what_is_said_of_a_slip(name: str) -> None:
    spoken = language(name)
    named = finding(Slip(RATE, D(525), Fraction("52.5"), (TEN,)))
    unnamed = finding(Slip(RATE, D(61), Fraction("52.5"), ()))
    none = finding(Slip(RATE, D("NaN"), Fraction("52.5"), (NO_NUMBER,)))
    assert {one.strength for one in (named, unnamed, none)} == {Strength.REFUSES}
    assert spoken.word("slip.ten") in spoken.say(named.reason)
    assert "525 mL/h" in spoken.say(named.reason)
    assert "52.5 mL/h" in spoken.say(unnamed.reason)
    assert spoken.say(none.reason).count("?") == 1
