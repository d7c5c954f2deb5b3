"""Is a pair of weights that do not fit named, with what explains it?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.treatment.ladders import Strength
from daybreak.clinical.treatment.weights import PUMP, RECORD, SCALE, weights
from daybreak.knowledge.sentences import language
from daybreak.knowledge.terms import terms

D = Decimal
KIND = terms().kinds["weight"]


def found(**told: str | Decimal | None) -> list[tuple[str, str]]:
    given = {name: D(kg) if kg is not None else None for name, kg in told.items()}
    every = weights(given, percent=KIND.change, pound_kg=KIND.units["lb"])
    return [(one.strength.value, language().say(one.reason)) for one in every]


def test_three_that_fit() -> None:
    assert found(scale="70.2", record="71", pump="70") == []
    assert found(scale="70", record="77") == []


def test_the_pair_that_differs_is_named() -> None:
    assert found(scale="70", record="80", pump="70") == [
        ("reason", "The weight in the record (80 kg) is 14 % above the weight on the scale (70 kg)."),
        ("reason", "The weight in the record (80 kg) is 14 % above the weight in the pump (70 kg)."),
    ]


def test_pounds_are_named_and_refused() -> None:
    assert found(scale="70", pump="154.3") == [
        (
            "refuses",
            "The weight in the pump (154.3 kg) and the weight on the scale (70 kg) fit when one of them is in pounds. "
            "Weigh again.",
        )
    ]


@pytest.mark.parametrize("nothing", [None, "NaN", "0", "-70", "Infinity"])
def test_a_weight_that_is_not_known_needs_a_reason(nothing: str | None) -> None:
    assert found(scale=nothing, record="70") == [("reason", "The weight on the scale is not known.")]


@given(st.decimals("30", "250", places=1), st.sampled_from([SCALE, RECORD, PUMP]))
def test_one_weight_in_pounds_is_always_found(kg: Decimal, which: str) -> None:
    told = {SCALE: kg, RECORD: kg, PUMP: kg}
    assert found(**told) == []
    told[which] = kg / KIND.units["lb"]
    wrong = weights(told, percent=KIND.change, pound_kg=KIND.units["lb"])
    assert [(one.strength, one.reason.id) for one in wrong] == [(Strength.REFUSES, "weighed.pounds")] * 2
