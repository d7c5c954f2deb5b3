"""May a clinic's own policy only make a protocol stricter?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daybreak.clinical.screening.criteria import AtLeast, Criterion
from daybreak.knowledge.overlay import TooLoose, policy_file
from daybreak.knowledge.protocols import protocol
from daybreak.knowledge.sentences import language
from daybreak.knowledge.validate import Invalid

DAY = date(2026, 6, 15)
US = "esketamine-nasal-us"
HEAD = """
id: our-clinic
title: {{en: Our clinic, zh-Hans: 本诊所}}
about: {{en: Stricter., zh-Hans: 更严。}}
product: esketamine
route: nasal
source: {{id: daybreak-policy, where: ours}}
standing: local_policy
{over}
criteria:
"""
LINE = "  - {{criterion: {name}, {rest}, source: {{id: daybreak-policy, where: ours}}, standing: local_policy}}\n"
ADULT = {"criterion": "adult", "rest": 'strength: absolute, override: none, bounds: {years: "18 a"}'}
PRESSURE = 'bounds: {systolic: "140 mm[Hg]", diastolic: "90 mm[Hg]", days_needed: "2", days_looked_at: "3", review_days: "365 d"}'


@pytest.fixture
def policy(tmp_path: Path) -> Any:
    def written(*lines: tuple[str, str], over: str = f"over: {US}") -> Path:
        path = tmp_path / "policy.yaml"
        text = HEAD.format(over=over) + "".join(LINE.format(name=name, rest=rest) for name, rest in lines)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def laid(path: Path, id_: str = US) -> dict[tuple[str, str], Criterion]:
    return {(c.name, c.when): c for c in protocol(id_, as_of=DAY, overlay=policy_file(path)).criteria}


def refused(path: Path) -> list[str]:
    with pytest.raises(Invalid) as caught:
        protocol(US, as_of=DAY, overlay=policy_file(path))
    return caught.value.problems


def test_a_bound_a_strength_and_an_override_may_be_raised(policy: Any) -> None:
    path = policy(
        ("adult", 'strength: absolute, override: none, bounds: {years: "21 a"}'),
        ("no_psychosis", "strength: absolute, override: none, valid_for: history"),
        ("no_maoi", 'strength: caution, override: two_signatures, bounds: {washout_days: "14 d"}, valid_for: suicide'),
    )
    found = laid(path)
    rule = found["adult", "screening"].rule
    assert isinstance(rule, AtLeast)
    assert (rule.bound, found["adult", "screening"].layer) == (21, "our-clinic")
    assert found["adult", "screening"].source_where == "ours"
    assert (found["no_psychosis", "screening"].strength, found["no_psychosis", "screening"].override) == (
        "absolute",
        "none",
    )
    assert dict(found["no_maoi", "screening"].rule.fact.arguments)["valid_days"] == 14  # type: ignore[union-attr]
    assert found["alive", "screening"].layer == US
    before = protocol(US, as_of=DAY)
    assert len(found) == len(before.criteria)
    assert protocol(US, as_of=DAY, overlay=policy_file(path)).digest != before.digest


def test_a_criterion_may_be_added_and_a_period_left_out(policy: Any) -> None:
    added = ("no_bladder_symptoms", "strength: caution, override: prescriber, valid_for: history")
    again = ("no_psychosis", "when: before_each_dose, strength: relative, override: two_signatures, valid_for: history")
    kept = ("no_bipolar", "strength: required, override: prescriber")
    found = laid(policy(added, again, kept))
    assert found["no_bladder_symptoms", "screening"].layer == "our-clinic"
    assert found["no_psychosis", "before_each_dose"].layer == "our-clinic"
    assert found["no_psychosis", "screening"].layer == US
    assert dict(found["no_bipolar", "screening"].rule.fact.arguments)["valid_days"] == 365  # type: ignore[union-attr]
    assert len(found) == len(protocol(US, as_of=DAY).criteria) + 2


def test_what_a_protocol_no_longer_asks_for_may_be_asked_for_again(policy: Any) -> None:
    again = ("takes_another_antidepressant", "strength: required, override: prescriber, valid_for: medicines")
    assert ("takes_another_antidepressant", "screening") not in {
        (c.name, c.when) for c in protocol(US, as_of=DAY).criteria
    }
    assert laid(policy(again))["takes_another_antidepressant", "screening"].layer == "our-clinic"


def test_a_policy_over_another_protocol_changes_nothing_here(policy: Any) -> None:
    path = policy(("adult", 'strength: absolute, override: none, bounds: {years: "21 a"}'), over="over: ketamine-iv-va")
    assert laid(path)["adult", "screening"].layer == US
    assert laid(path, "ketamine-iv-va")["adult", "screening"].layer == "our-clinic"


@pytest.mark.parametrize(
    ("name", "rest", "problem"),
    [
        ("adult", 'strength: required, override: none, bounds: {years: "18 a"}',
         "adult: strength 'required' is weaker than 'absolute'; an overlay may only raise it"),
        ("adult", 'strength: absolute, override: prescriber, bounds: {years: "18 a"}',
         "adult: override 'prescriber' is weaker than 'none'; an overlay may only raise it"),
        ("adult", 'strength: absolute, override: none, bounds: {years: "17 a"}',
         "adult: the bound 'years' may become higher, not 17 a from 18 a"),
        ("adult", 'strength: absolute, override: none, bounds: {years: "18 mo"}',
         "adult: the bound 'years' is in 'mo', expected 'a'"),
        ("adult", "strength: absolute, override: none", "adult: the bound 'years' is missing"),
        ("adult", 'strength: absolute, override: none, bounds: {years: "18 a", height: "2"}',
         "adult: the criterion has no bound 'height'; expected years"),
        ("adult", 'strength: absolute, override: none, bounds: {years: "18 a"}, with: {x: 1}',
         "adult: `with` may not be changed ({} is given)"),
        ("adult", 'strength: absolute, override: none, bounds: {years: "18 a"}, until: 2027-01-01',
         "adult: `until` may not be changed"),
        ("adult", 'strength: absolute, override: none, bounds: {years: "18 a"}, from: 2020-01-01',
         "adult: `from` may not be changed"),
        ("hypertension_controlled", f"strength: relative, override: prescriber, {PRESSURE.replace('140', '141')}",
         "hypertension_controlled: the bound 'systolic' may become lower, not 141 mm[Hg] from 140 mm[Hg]"),
        ("suicide_risk_assessed", "strength: required, override: two_signatures, bounds: {item_from: \"3\"}, valid_for: history",
         "suicide_risk_assessed: valid_for 'history' is longer than 'suicide'"),
        ("suicide_risk_assessed", "strength: required, override: two_signatures, bounds: {item_from: \"3\"}, valid_for: ever",
         "suicide_risk_assessed: no period 'ever' in periods.yaml"),
        ("no_active_substance_use",
         'strength: relative, override: prescriber, bounds: {audit: "8", audit-c: "3", test_days: "30 d"}',
         "no_active_substance_use: the bound 'dast-10' (3) is missing; repeat it or make it stricter"),
        ("is_rich", "strength: required, override: none",
         "is_rich: no such criterion; expected one of those that `daybreak knowledge list` shows"),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_looser_is_refused_with_its_sentence(policy: Any, name: str, rest: str, problem: str) -> None:
    assert refused(policy((name, rest))) == [f"policy.yaml: {problem}"]


def test_a_new_bound_may_not_be_added(policy: Any, tmp_path: Path) -> None:
    path = policy(("phq9_severe_enough", 'strength: required, override: two_signatures, bounds: {phq-9: "15"}'))
    assert laid(path)["phq9_severe_enough", "screening"].layer == "our-clinic"
    path = tmp_path / "other.yaml"
    bounds = 'bounds: {systolic: "140 mm[Hg]", diastolic: "90 mm[Hg]"}'
    text = HEAD.format(over="over: ketamine-iv-va")
    line = ("pre_dose_blood_pressure", f"when: before_each_dose, strength: relative, override: prescriber, {bounds}")
    path.write_text(text + LINE.format(name=line[0], rest=line[1]), encoding="utf-8")
    assert laid(path, "ketamine-iv-va")["pre_dose_blood_pressure", "before_each_dose"].layer == "our-clinic"


def test_everything_that_is_refused_is_named_at_once(policy: Any) -> None:
    weak = ("adult", 'strength: caution, override: prescriber, bounds: {years: "1 a"}')
    assert len(refused(policy(weak, ("x", "strength: caution, override: none")))) == 4


@pytest.mark.parametrize(
    ("over", "words"),
    [("over: esketamine", "`over` is 'esketamine'; expected one of esketamine-nasal-eu, "), ("", "`over` is missing; expected")],
)  # fmt: skip
def test_a_policy_must_name_its_protocol(policy: Any, over: str, words: str) -> None:
    (problem,) = refused(policy((ADULT["criterion"], ADULT["rest"]), over=over))
    assert problem.startswith(f"policy.yaml: {words}")


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: [", "not readable as YAML"), ("- 1", "the whole file"), ("id: x", "field required"), ("", "the whole file")],
)
def test_a_policy_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    assert words in refused(path)[0]


def test_a_policy_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"id: caf\xe9")
    assert "not readable as YAML" in refused(path)[0]
    with pytest.raises(FileNotFoundError):
        protocol(US, as_of=DAY, overlay=policy_file(tmp_path / "nowhere.yaml"))


@pytest.mark.parametrize(
    ("name", "rest", "english"),
    [
        ("adult", 'strength: required, override: none, bounds: {years: "18 a"}',
         "“At least 18 years old”: required is weaker than absolute. A local policy may only make it stricter."),
        ("adult", 'strength: absolute, override: none, bounds: {years: "17 a"}',
         "“At least 18 years old”: age may only become higher, not 17 a instead of 18 a."),
        ("suicide_risk_assessed", "strength: required, override: two_signatures, bounds: {item_from: \"3\"}, valid_for: history",
         "asked about again: an answer may not count for longer (365 d) than it does (14 d)."),
    ],
    ids=("strength", "bound", "period"),
)  # fmt: skip
def test_what_is_looser_can_be_said_in_every_language(policy: Any, name: str, rest: str, english: str) -> None:
    with pytest.raises(TooLoose) as caught:
        protocol(US, as_of=DAY, overlay=policy_file(policy((name, rest))))
    (reason,) = caught.value.reasons
    assert english.split(": ", 1)[1] in language("en").say(reason)
    assert "\u4e00" <= language("zh-Hans").say(reason)[1] <= "\u9fff"
