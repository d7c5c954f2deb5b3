"""What comes of an order, and what speaks against it? The published schemes as they are, and one step beside each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.dosing import ACTUAL, IDEAL, Last, Order, Person, Plan, Unit, ideal_kg
from daybreak.clinical.treatment.judged import plan, prefilled
from daybreak.clinical.treatment.ladders import Ladder, Rounding, Signed, Strength
from daybreak.knowledge import dosing

D = Decimal
ADULT = Person((50, 50), D(70), D(66))
OLD = replace(ADULT, ages=(70, 70))
SIGNED = Signed(D(50), D("0.2"), D(2))
NOTHING = Signed()
US, EU, IV, SC = "esketamine-nasal-us", "esketamine-nasal-eu", "ketamine-iv-consensus", "ketamine-sc-kads"
FIRST = Last(None, None, None)


def planned(ladder: str, order: Order, *, person=ADULT, last=None, signed=SIGNED) -> Plan:
    told = {"person": person, "last": last, "signed": signed, "rounding": dosing.rounding()}
    return plan(order, dosing.ladders()[ladder], **told)


def said(found: Plan) -> dict[str, str]:
    return {one.reason.id: one.strength.value for one in found.findings}


def spray(mg: str, *, first: bool = False, protocol: str = US) -> Order:
    return Order(D(mg), "mg", protocol, first)


def drip(
    amount: str = "0.5", *, minutes: int | None = 40, strength: str | None = "1", basis=ACTUAL, first=True
) -> Order:
    return Order(D(amount), "mg/kg", IV, first, basis, D(strength) if strength else None, minutes)


def shot(amount: str, *, first=False, strength: str | None = "50", protocol: str = SC, basis=ACTUAL) -> Order:
    return Order(D(amount), "mg/kg", protocol, first, basis, D(strength) if strength else None)


def test_the_example_of_a_pump() -> None:
    """0.5 mg/kg over 40 minutes at 70 kg: 35 mg, 52.5 mg/h, at 1 mg/mL 52.5 mL/h, 0.75 mg/kg/h."""
    found = planned("ketamine-iv", drip())
    assert (found.dose_mg, found.volume_ml, found.rate_ml_per_hour) == (D(35), D(35), D("52.5"))
    assert (found.mg_per_hour, found.mg_per_kg_per_hour) == (Fraction("52.5"), Fraction("0.75"))
    assert (found.ug_per_kg_per_min, found.minutes, found.devices) == (Fraction("12.5"), 40, ())
    assert (found.mg_per_kg_actual, found.mg_per_kg_ideal) == (Fraction("0.5"), Fraction(35, 66))
    assert (found.findings, found.refused, found.deviates, found.ceiling_mg) == ((), False, False, D(50))


def test_the_ideal_weight_is_a_choice_that_shows_both() -> None:
    found = planned("ketamine-iv", drip(basis=IDEAL))
    assert (found.dose_mg, found.mg_per_kg_ideal, said(found)) == (D(33), Fraction("0.5"), {})
    assert found.mg_per_kg_per_hour == Fraction("0.75")


@pytest.mark.parametrize(
    ("mg", "devices"),
    [("56", [(1, 0), (2, 5)]), ("84", [(1, 0), (2, 5), (3, 10)])],
)
def test_device_by_device(mg: str, devices: list[tuple[int, int]]) -> None:
    found = planned(US, spray(mg), signed=NOTHING)
    assert found.devices == tuple(Unit(n, D(28), minutes) for n, minutes in devices)
    assert said(found) == {}
    assert (found.volume_ml, found.rate_ml_per_hour, found.mg_per_hour) == (None, None, None)


REFUSED, REASON, SAYS = Strength.REFUSES.value, Strength.REASON.value, Strength.SAYS.value


@pytest.mark.parametrize(
    ("ladder", "order", "person", "last", "signed", "expected"),
    [
        (US, spray("84", first=True), ADULT, None, NOTHING, {"dose.note": SAYS}),
        (US, spray("56", first=True), ADULT, None, NOTHING, {}),
        (US, spray("28"), ADULT, FIRST, NOTHING, {"dose.not-named": REFUSED}),
        (US, spray("60"), ADULT, FIRST, NOTHING, {"dose.devices": REFUSED, "dose.not-named": REFUSED}),
        (US, spray("112"), ADULT, FIRST, NOTHING, {"dose.ceiling": REFUSED, "dose.not-named": REFUSED}),
        (US, spray("56", protocol=EU), ADULT, FIRST, NOTHING, {"dose.other-route": REASON}),
        (US, Order(D("0.5"), "mg/kg", US, True), ADULT, None, NOTHING, None),
        (US, spray("56"), replace(ADULT, ages=None), FIRST, NOTHING, {}),
        ("esketamine-nasal-us-mdd-si", spray("84", protocol="esketamine-nasal-us-mdd-si"), ADULT, None, NOTHING, {}),
        (
            "esketamine-nasal-us-mdd-si",
            spray("56", protocol="esketamine-nasal-us-mdd-si"),
            *(ADULT, None, NOTHING, {"dose.note": REASON}),
        ),
        (EU, spray("56", first=True, protocol=EU), ADULT, None, NOTHING, {}),
        (EU, spray("84", first=True, protocol=EU), ADULT, None, NOTHING, {"dose.not-named": REASON}),
        (EU, spray("28", first=True, protocol=EU), OLD, None, NOTHING, {}),
        (EU, spray("56", first=True, protocol=EU), OLD, None, NOTHING, {"dose.not-named": REASON}),
        (EU, spray("56", protocol=EU), OLD, Last(D(28), None, None), NOTHING, {}),
        (EU, spray("84", protocol=EU), OLD, Last(D(28), None, None), NOTHING, {"dose.step": REASON}),
        (EU, spray("28", protocol=EU), OLD, Last(D(84), None, None), NOTHING, {"dose.step": REASON}),
        (EU, spray("84", protocol=EU), ADULT, FIRST, NOTHING, {"dose.last-unknown": REASON}),
        (
            *(EU, spray("56", first=True, protocol=EU), replace(ADULT, ages=(64, 65)), None, NOTHING),
            {"dose.not-named": REASON},
        ),
        (EU, spray("84", protocol=EU), replace(ADULT, ages=(64, 65)), Last(D(84), None, None), NOTHING, {}),
        (
            *(EU, spray("56", first=True, protocol=EU), replace(ADULT, ages=None), None, NOTHING),
            {"dose.age-unknown": REASON, "dose.not-named": REASON},
        ),
        ("ketamine-iv", drip("0.1"), ADULT, None, SIGNED, {}),
        ("ketamine-iv", drip("0.09"), ADULT, None, SIGNED, {"dose.range": REASON}),
        ("ketamine-iv", drip("0.75"), replace(ADULT, actual_kg=D(60)), None, SIGNED, {}),
        ("ketamine-iv", drip("0.8"), replace(ADULT, actual_kg=D(60)), None, SIGNED, {"dose.range": REASON}),
        ("ketamine-iv", drip("0.8"), ADULT, None, SIGNED, {"dose.range": REASON, "dose.ceiling": REFUSED}),
        (
            *("ketamine-iv", drip("1"), replace(ADULT, actual_kg=D(50)), None, SIGNED),
            {"dose.range": REASON, "dose.anaesthetic": REFUSED},
        ),
        # thin: by the ideal weight it is below, by the actual one it is not
        (
            *("ketamine-iv", drip("0.7", basis=IDEAL), Person((40, 40), D(45), D(66)), None, SIGNED),
            {"dose.anaesthetic": REFUSED},
        ),
        ("ketamine-iv", drip(minutes=None), ADULT, None, SIGNED, {"dose.no-minutes": REFUSED}),
        ("ketamine-iv", drip(minutes=0), ADULT, None, SIGNED, {"dose.no-minutes": REFUSED}),
        ("ketamine-iv", drip(minutes=-40), ADULT, None, SIGNED, {"dose.no-minutes": REFUSED}),
        ("ketamine-iv", drip(minutes=1), ADULT, None, SIGNED, {"dose.minutes": REASON}),
        ("ketamine-iv", drip(minutes=101), ADULT, None, SIGNED, {"dose.minutes": REASON}),
        ("ketamine-iv", drip(minutes=39), ADULT, None, SIGNED, {"dose.faster": REASON}),
        ("ketamine-iv", drip(minutes=60), ADULT, None, SIGNED, {"dose.slower": SAYS}),
        ("ketamine-iv", drip(strength=None), ADULT, None, SIGNED, {"dose.no-concentration": REFUSED}),
        ("ketamine-iv", drip(strength="NaN"), ADULT, None, SIGNED, {"dose.no-concentration": REFUSED}),
        ("ketamine-iv", drip(strength="10"), ADULT, None, SIGNED, {"dose.concentration": REFUSED}),
        ("ketamine-iv", drip(), ADULT, None, NOTHING, {"dose.no-concentration-signed": REFUSED}),
        ("ketamine-iv", drip(), ADULT, None, Signed(D(50), D("0.2")), {"dose.no-concentration-signed": REFUSED}),
        ("ketamine-iv", drip(), replace(ADULT, actual_kg=None), None, SIGNED, {"dose.no-weight": REFUSED}),
        ("ketamine-iv", drip(), replace(ADULT, actual_kg=D("NaN")), None, SIGNED, {"dose.no-weight": REFUSED}),
        (
            *("ketamine-iv", drip(basis=IDEAL), replace(ADULT, ideal_kg=None), None, SIGNED),
            {"dose.no-ideal-weight": REFUSED},
        ),
        ("ketamine-iv", drip("NaN"), ADULT, None, SIGNED, {"dose.no-amount": REFUSED}),
        ("ketamine-iv", drip("Infinity"), ADULT, None, SIGNED, {"dose.no-amount": REFUSED}),
        ("ketamine-iv", drip("-0.5"), ADULT, None, SIGNED, {"dose.no-amount": REFUSED}),
        ("ketamine-iv", drip("0.0001"), ADULT, None, SIGNED, {"dose.range": REASON, "dose.too-little": REFUSED}),
        ("ketamine-iv", drip("0.503"), ADULT, None, SIGNED, {"dose.rounded": SAYS}),
        ("ketamine-sc", shot("0.5", first=True), ADULT, None, NOTHING, {}),
        ("ketamine-sc", shot("0.6", first=True), ADULT, None, NOTHING, {"dose.rung-first": REASON}),
        ("ketamine-sc", shot("0.6"), ADULT, Last(D(35), D("0.5"), D(49)), NOTHING, {}),
        ("ketamine-sc", shot("0.6"), ADULT, Last(D(35), D("0.5"), D(50)), NOTHING, {"dose.improved": REASON}),
        ("ketamine-sc", shot("0.6"), ADULT, Last(D(35), D("0.5"), None), NOTHING, {"dose.improved-unknown": REASON}),
        ("ketamine-sc", shot("0.75"), ADULT, Last(D(35), D("0.5"), D(0)), NOTHING, {"dose.rungs-left-out": REASON}),
        ("ketamine-sc", shot("0.5"), ADULT, Last(D(63), D("0.9"), None), NOTHING, {}),
        ("ketamine-sc", shot("0.55"), ADULT, Last(D(35), D("0.5"), D(0)), NOTHING, {"dose.no-rung": REASON}),
        ("ketamine-sc", shot("0.5"), ADULT, FIRST, NOTHING, {"dose.last-unknown": REASON}),
        (
            *("ketamine-sc", shot("0.95"), ADULT, Last(D(63), D("0.9"), D(0)), NOTHING),
            {"dose.ceiling": REFUSED, "dose.no-rung": REASON},
        ),
        # thin: 0.9 mg/kg of the ideal weight are 1.44 mg/kg of the actual one
        (
            *("ketamine-sc", shot("0.9", basis=IDEAL), Person((40, 40), D(50), D(80)), Last(D(40), D("0.75"), D(0))),
            *(NOTHING, {"dose.ceiling": REFUSED}),
        ),
        # nobody weighed: an ideal weight by a height in mm is that of nobody
        (
            *("ketamine-sc", shot("0.5", first=True, basis=IDEAL), Person((40, 40), None, D(1451)), None, NOTHING),
            {"dose.no-weight": REFUSED},
        ),
        (
            *("ketamine-iv", drip(basis=IDEAL), Person((40, 40), None, D(66)), None, SIGNED),
            {"dose.no-weight": REFUSED},
        ),
        ("ketamine-iv", drip(basis="lean"), ADULT, None, SIGNED, {"dose.no-ideal-weight": REFUSED}),
        # a factor of ten in the concentration is drawn up as ten times the dose
        ("ketamine-sc", shot("0.5", first=True, strength="5"), ADULT, None, NOTHING, {"dose.no-vial": REFUSED}),
        ("ketamine-sc", shot("0.5", first=True, strength="500"), ADULT, None, NOTHING, {"dose.no-vial": REFUSED}),
        ("ketamine-sc", shot("0.5", first=True, strength="100"), ADULT, None, NOTHING, {}),
        (
            *("ketamine-sc", shot("0.5", first=True, strength="5"), ADULT, None, Signed(None, D(2), D(10))),
            {},
        ),
        (
            *("ketamine-iv", drip("0.9999"), replace(ADULT, actual_kg=D("70.1")), None, Signed(None, D(1), D(1))),
            {"dose.range": REASON, "dose.rounded": SAYS, "dose.anaesthetic": REFUSED},
        ),
        *(
            ("ketamine-im", shot("0.5", protocol=IV), ADULT, None, Signed(D(most)), None)
            for most in ("Infinity", "NaN", "-3", "0")
        ),
        ("ketamine-sc", shot("0.5", strength=None), ADULT, Last(D(35), D("0.5"), None), NOTHING, None),
        ("ketamine-im", shot("0.5", protocol=IV), ADULT, None, NOTHING, None),
        ("ketamine-im", shot("0.5", protocol=IV, strength="1"), ADULT, None, SIGNED, {"dose.other-route": REASON}),
        (
            *("ketamine-oral", Order(D(2), "mg/kg", IV, True), replace(ADULT, actual_kg=D(25)), None, SIGNED),
            {"dose.other-route": REASON},
        ),
        (
            *("ketamine-oral", Order(D(20), "mg", IV, True), ADULT, None, SIGNED),
            {"dose.other-route": REASON, "dose.range": REASON},
        ),
        ("ketamine-oral", Order(D(25), "mg", IV, True), ADULT, None, SIGNED, {"dose.other-route": REASON}),
        (
            *("ketamine-sublingual", Order(D(25), "mg", IV, True), ADULT, None, SIGNED),
            {"dose.other-route": REASON, "dose.unsupported": REASON},
        ),
        (
            *("ketamine-nasal", Order(D(30), "mg", IV, True), ADULT, None, NOTHING),
            {"dose.other-route": REASON, "dose.not-named": REASON},
        ),
    ],
)
def test_what_speaks_against_it(ladder, order, person, last, signed, expected) -> None:
    found = planned(ladder, order, person=person, last=last, signed=signed)
    if expected is None:
        assert found.refused
    else:
        assert said(found) == expected
    assert found.refused is (REFUSED in said(found).values())
    assert found.deviates is (REASON in said(found).values())


def test_an_anaesthetic_dose_in_mg_needs_a_weight() -> None:
    ladder = replace(dosing.ladders()["ketamine-iv"], units=("mg",), range=None)
    told = {"last": None, "signed": SIGNED, "rounding": dosing.rounding()}
    order = Order(D(45), "mg", IV, True, ACTUAL, D(1), 40)
    assert said(plan(order, ladder, person=replace(ADULT, actual_kg=None), **told)) == {"dose.no-weight": REFUSED}
    assert said(plan(order, ladder, person=ADULT, **told)) == {}
    assert said(plan(order, ladder, person=replace(ADULT, actual_kg=D(45)), **told)) == {"dose.anaesthetic": REFUSED}


def test_a_concentration_is_asked_for_though_none_is_signed() -> None:
    ladder = replace(dosing.ladders()["ketamine-sc"], rungs=(D("0.5"), D("0.6")), unless_improved=None)
    found = plan(
        shot("0.6"), ladder, person=ADULT, last=Last(D(42), D("0.6"), None), signed=NOTHING, rounding=dosing.rounding()
    )
    assert said(found) == {}
    up = plan(
        shot("0.6"), ladder, person=ADULT, last=Last(D(35), D("0.5"), None), signed=NOTHING, rounding=dosing.rounding()
    )
    assert said(up) == {}


@pytest.mark.parametrize(
    ("ladder", "first", "ages", "last", "expected"),
    [
        (US, True, (50, 50), None, "56"),
        (US, False, None, D(84), "84"),
        (US, False, None, D(28), "56"),
        (EU, True, (70, 70), None, "28"),
        (EU, True, None, None, None),
        (EU, False, (50, 50), D(28), None),
        ("ketamine-iv", True, None, None, "0.5"),
        ("ketamine-iv", False, None, D(20), "0.5"),
        ("ketamine-im", True, None, None, None),
    ],
)
def test_what_the_form_begins_with(ladder, first, ages, last, expected) -> None:
    found = prefilled(dosing.ladders()[ladder], first=first, ages=ages, last_mg=last)
    assert found == (D(expected) if expected else None)


@pytest.mark.parametrize(
    ("height", "sex", "expected"),
    [
        ("177.8", "male", D(73)),
        ("177.8", "female", D("68.5")),
        ("152.4", "male", D(50)),
        ("152.3", "male", None),
        ("177.8", "other", None),
        ("177.8", None, None),
        (None, "male", None),
        ("NaN", "male", None),
    ],
)
def test_ideal_weight(height: str | None, sex: str | None, expected: Decimal | None) -> None:
    """70 inches: 50 + 10 × 2.3 kg, 45.5 + 10 × 2.3 kg (the worked example that calculators of the formula print)."""
    assert ideal_kg(D(height) if height else None, sex, dosing.ideal_weight()[1]) == expected


amounts = st.decimals("0.01", "8", places=3)
kilograms = st.decimals("30", "250", places=1)


@given(amounts, kilograms, kilograms, st.sampled_from(sorted(dosing.ladders())), st.sampled_from([ACTUAL, IDEAL]))
def test_what_passes_never_exceeds_a_highest_dose(amount, actual, ideal, ladder, basis) -> None:
    one: Ladder = dosing.ladders()[ladder]
    order = Order(amount, one.units[0], "", True, basis, D(1), 40)
    found = planned(ladder, order, person=Person((50, 50), actual, ideal))
    if not found.refused:
        assert found.dose_mg
        assert found.ceiling_mg is None or found.dose_mg <= found.ceiling_mg
        limit = one.anaesthetic_mg_per_kg
        assert limit is None or found.exact_mg / Fraction(actual) < limit
    unknown = planned(ladder, order, person=Person(None, None, None), signed=NOTHING)
    if one.units[0] == "mg/kg" or one.signs:
        assert unknown.refused


@given(amounts, kilograms, st.decimals("0.2", "2", places=2), st.integers(2, 100))
def test_a_fact_that_is_taken_away_clears_nobody(amount, kg, strength, minutes) -> None:
    """Whatever is refused stays so, and what passes with every fact passes with fewer only with a reason, or not at all."""
    order = Order(amount, "mg/kg", IV, True, ACTUAL, strength, minutes)
    whole = planned("ketamine-iv", order, person=Person((50, 50), kg, kg))
    for fewer in (
        planned("ketamine-iv", order, person=Person((50, 50), None, kg)),
        planned("ketamine-iv", order, person=Person((50, 50), kg, kg), signed=NOTHING),
        planned("ketamine-iv", replace(order, minutes=None), person=Person((50, 50), kg, kg)),
        planned("ketamine-iv", replace(order, concentration_mg_per_ml=None), person=Person((50, 50), kg, kg)),
    ):
        assert fewer.refused or not whole.refused
        assert fewer.refused


def test_rounding_never_passes_a_highest_dose() -> None:
    coarse = Rounding(D(1), D("0.01"), D("0.1"))
    ladder = replace(dosing.ladders()["ketamine-iv"], signs=())
    told = {"person": ADULT, "last": None, "rounding": coarse}
    assert plan(drip("0.52"), ladder, signed=Signed(D("36.5"), D(1), D(1)), **told).dose_mg == D(36)
    assert plan(drip("0.508"), ladder, signed=Signed(D("35.6"), D(1), D(1)), **told).dose_mg == D(35)
    assert plan(drip("0.508"), ladder, signed=Signed(D("36"), D(1), D(1)), **told).dose_mg == D(36)


def test_what_is_drawn_up_and_what_runs_never_passes_a_highest_dose_by_rounding() -> None:
    found = planned(
        "ketamine-sc", shot("0.9", strength="100"), person=replace(ADULT, actual_kg=D("69.9")), signed=NOTHING
    )
    assert (found.dose_mg, found.volume_ml) == (D("62.9"), D("0.62"))  # 0.63 mL would be 63 mg of at most 62.91
    order = Order(D("0.5"), "mg/kg", IV, True, ACTUAL, D(50), 40)
    slow = planned("ketamine-iv", order, signed=Signed(D(36), D(1), D(50)))
    assert (slow.volume_ml, slow.rate_ml_per_hour) == (D("0.70"), D("1.0"))  # 1.1 mL/h would be 36.7 mg in 40 minutes
