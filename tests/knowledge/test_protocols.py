"""What does a protocol say on one day, and is its digest that of everything it says?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.clinical.screening.criteria import AllOf, AtLeast, IsFalse, IsTrue
from daybreak.clinical.screening.judge import Protocol
from daybreak.knowledge.protocols import (
    NotInForce,
    UnknownProtocol,
    bound,
    in_force,
    payer,
    payer_ids,
    protocol,
    protocol_ids,
)
from daybreak.knowledge.store import ROOT
from tests.knowledge.conftest import Edit

DAY = date(2026, 6, 15)
US = "esketamine-nasal-us"


def names(found: Protocol) -> list[str]:
    return [c.name for c in found.criteria]


def test_the_protocols_of_the_interface() -> None:
    assert set(protocol_ids()) == {
        "esketamine-nasal-us",
        "esketamine-nasal-us-mdd-si",
        "esketamine-nasal-eu",
        "ketamine-iv-consensus",
        "ketamine-iv-va",
        "ketamine-sc-kads",
    }
    assert len(payer_ids()) == 4


@pytest.mark.parametrize(
    ("day", "version", "beside"),
    [
        (date(2019, 3, 5), "2019-03-05", True),
        (date(2025, 1, 20), "2019-03-05", True),
        (date(2025, 1, 21), "2025-01-21", False),
        (DAY, "2025-01-21", False),
    ],
)
def test_another_antidepressant_was_needed_until_january_2025(day: date, version: str, beside: bool) -> None:
    found = protocol(US, as_of=day)
    assert found.version == version
    assert ("takes_another_antidepressant" in names(found)) is beside


def test_before_its_first_day_a_protocol_is_not_in_force() -> None:
    with pytest.raises(NotInForce) as caught:
        protocol(US, as_of=date(2019, 3, 4))
    assert str(caught.value) == "protocol esketamine-nasal-us is not in force on 2019-03-04: it begins on 2019-03-05"


def test_a_protocol_without_dates_is_undated() -> None:
    assert protocol("ketamine-iv-va", as_of=date(1999, 1, 1)).version == "undated"


@pytest.mark.parametrize("ask", [protocol, payer])
def test_an_unknown_id_names_the_known_ones(ask: object) -> None:
    with pytest.raises(UnknownProtocol, match=r"'x' is not one of .*, "):
        ask("x", as_of=DAY)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("fact", "holds"),
    [
        ({}, True),
        ({"from": "2026-06-15"}, True),
        ({"from": "2026-06-16"}, False),
        ({"until": "2026-06-16"}, True),
        ({"until": "2026-06-15"}, False),
        ({"from": "2026-01-01", "until": "2027-01-01"}, True),
    ],
)
def test_a_fact_holds_from_its_first_day_and_no_longer_on_the_last(fact: dict[str, str], holds: bool) -> None:
    assert in_force(fact, DAY) is holds


def test_a_line_becomes_a_criterion() -> None:
    found = {(c.name, c.when): c for c in protocol(US, as_of=DAY).criteria}
    adult = found["adult", "screening"]
    assert isinstance(adult.rule, AtLeast)
    assert (adult.rule.fact.name, adult.rule.fact.arguments, adult.rule.bound) == ("age", {}, Decimal(18))
    assert (adult.strength, adult.override, adult.standing, adult.layer) == ("absolute", "none", "secondary", US)
    assert (adult.source_id, adult.source_where, adult.other_sources) == ("spravato-label", "8.4", ())
    trials = found["failed_adequate_trials", "screening"].rule
    assert isinstance(trials, AtLeast)
    assert dict(trials.fact.arguments) == {
        "rules": "sforzini-28d",
        "domains": ("antidepressant_trials", "medicines"),
        "valid_days": 365,
    }
    alive = found["alive", "screening"].rule
    assert isinstance(alive, IsTrue)
    assert alive.fact.arguments == {}
    use = found["no_active_substance_use", "screening"]
    assert isinstance(use.rule, IsFalse)
    screens = (("audit", Decimal(8)), ("audit-c", Decimal(3)), ("dast-10", Decimal(3)))
    assert dict(use.rule.fact.arguments)["screens"] == screens
    assert dict(use.rule.fact.arguments)["test_days"] == 30
    policy = ("daybreak-policy", "protocols", "local_policy")
    assert use.other_sources == (policy, ("daybreak-policy", "periods", "local_policy"))
    pressure = found["pre_dose_blood_pressure", "before_each_dose"].rule
    assert isinstance(pressure, AllOf)
    assert [dict(node.fact.arguments) for node in pressure.nodes] == [  # type: ignore[union-attr]
        {"kind": "systolic", "valid_minutes": 30},
        {"kind": "diastolic", "valid_minutes": 30},
    ]


def test_equal_questions_of_two_protocols_are_one_object() -> None:
    def rule(id_: str) -> object:
        return next(c.rule for c in protocol(id_, as_of=DAY).criteria if c.name == "no_aneurysmal_disease")

    assert rule(US) is rule("esketamine-nasal-eu")


def test_a_bound_is_its_number() -> None:
    assert bound({"bounds": {"systolic": "140 mm[Hg]", "n": "-2.5"}}, "systolic") == 140
    assert bound({"bounds": {"n": "-2.5"}}, "n") == Decimal("-2.5")


def test_every_payer_can_be_asked() -> None:
    for id_ in payer_ids():
        found = payer(id_, as_of=DAY)
        assert found.criteria
        assert {c.layer for c in found.criteria} == {id_}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("protocols/esketamine-nasal-us.yaml", '"18 a"', '"19 a"'),
        ("conditions/obstacles.yaml", "[aortic aneurysm, ", "["),
        ("conditions/depression.yaml", "icd10cm: [F32, F33]", "icd10cm: [F32]"),
        ("medicines/antidepressants.yaml", '"36437"', '"36438"'),
        ("observations.yaml", '"44261-6"', '"44250-9"'),
        ("trial_rules/sforzini-28d.yaml", "minimum_days: 28", "minimum_days: 29"),
        ("dose_tables/atrq.yaml", 'sertraline: "50"', 'sertraline: "51"'),
        ("staging/scales.yaml", "[madrs, ", "["),
        ("periods.yaml", "days: 365", "days: 364"),
        ("criteria.yaml", "classes: [stimulant]", "classes: [pressor]"),
    ],
)
def test_the_digest_changes_with_everything_it_was_made_from(
    folder: Path, edit: Edit, file: str, old: str, new: str
) -> None:
    before = protocol(US, as_of=DAY, root=ROOT).digest
    edit(file, old, new)
    assert protocol(US, as_of=DAY, root=folder).digest != before


def test_the_digest_does_not_change_with_the_place_or_with_other_protocols(folder: Path, edit: Edit) -> None:
    edit("protocols/ketamine-iv-va.yaml", '"15"', '"16"')
    edit("sentences/en.yaml", "No record of death.", "Nothing says so.")
    assert protocol(US, as_of=DAY, root=folder).digest == protocol(US, as_of=DAY).digest
    assert protocol(US, as_of=DAY).digest != protocol("ketamine-iv-va", as_of=DAY).digest
    assert protocol(US, as_of=date(2025, 1, 20)).digest != protocol(US, as_of=DAY).digest
