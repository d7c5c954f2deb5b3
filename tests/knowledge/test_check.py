"""Is every disagreement between knowledge files found, once, with its place?"""

from __future__ import annotations

from pathlib import Path

import pytest

from daybreak.knowledge.check import FORBIDDEN, check_digit_fits, coverage, facts, problems_of
from tests.knowledge.conftest import Edit

US = "protocols/esketamine-nasal-us.yaml"
ADULT = "criteria/1 (adult)"


def test_the_knowledge_that_we_ship_agrees_with_itself() -> None:
    assert problems_of() == []
    counts = coverage()
    assert set(counts) <= {"label", "statute", "guideline", "study", "secondary", "local_policy"}
    assert sum(counts.values()) == len(list(facts())) > 700
    places = [place for place, _ in facts()]
    assert "protocols/esketamine-nasal-us/criteria/adult" in places
    assert "medicines/antidepressants/medicines/sertraline" in places


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (US, "{id: spravato-label, where: \"8.4\"}", "{id: hearsay, where: \"8.4\"}",
         "protocols/esketamine-nasal-us/criteria/adult: the source 'hearsay' does not stand in sources/"),
        (US, "bounds_source: {id: daybreak-policy", "bounds_source: {id: hearsay",
         "criteria/suicide_risk_assessed: the source 'hearsay' does not stand in sources/"),
        ("periods.yaml", "- {id: four-weeks, ", "- {id: history, ", "periods: the id 'history' stands 2 times; one is enough"),
        ("medicines/augmentation.yaml", "- {id: quetiapine", "- {id: sertraline", "the id 'sertraline' stands 2 times"),
        (US, "id: esketamine-nasal-us", "id: esketamine", "protocols/esketamine-nasal-us.yaml: its id is 'esketamine'"),
        (US, "trial_rules: sforzini-28d", "trial_rules: x", "protocols/esketamine-nasal-us: no rule set 'x' in trial_rules/"),
        (US, "criterion: alive", "criterion: awake", "criteria/0 (awake): no such criterion in criteria.yaml"),
        (US, 'bounds: {years: "18 a"}', "bounds: {}", f"{ADULT}: the bound 'years' is missing"),
        (US, 'years: "18 a"', 'years: "18 a", weeks: "3"', f"{ADULT}: the criterion has no bound 'weeks'; expected years"),
        (US, '"18 a"', '"18 mo"', f"{ADULT}: the bound 'years' is in 'mo', expected 'a'"),
        (US, '"18 a"', '"18"', f"{ADULT}: the bound 'years' is in '', expected 'a'"),
        (US, "valid_for: suicide", "valid_for: ever", "(suicide_risk_assessed): no period 'ever' in periods.yaml"),
        (US, "with: {rules: sforzini-28d}", "with: {rules: x}", "(failed_adequate_trials): no rule set 'x' in trial_rules/"),
        ("payers/cigna.yaml", "criterion: adult", "criterion: grown", "payers/cigna/criteria/0 (grown): no such criterion"),
        ("criteria.yaml", "{fact: alive, ", "{fact: awake, ", "criteria/alive: no fact 'awake'; expected one of age, alive, "),
        ("criteria.yaml", "{fact: alive, is: true, ", "{fact: alive, ",
         "criteria/alive: expected exactly one of is, at_least, at_most, below"),
        ("criteria.yaml", "concept: psychosis", "concept: madness", "criteria/no_psychosis: no concept 'madness' in conditions/"),
        ("criteria.yaml", "domains: [allergies]", "domains: [food]",
         "criteria/no_hypersensitivity: no domain 'food'; expected one of conditions, "),
        ("criteria.yaml", "is: false, period: history", "is: false, period: ever",
         "criteria/hypertension_controlled: no period 'ever' in periods.yaml"),
        ("consents/ketamine.yaml", "statements: [off-label, by-vein", "statements: [off-label, by-post",
         "consents/ketamine-by-vein: no 'by-post' among the statements of consents/"),
        ("consents/ketamine.yaml", "questions: [approved", "questions: [proved",
         "consents/ketamine-by-vein: no 'proved' among the questions of consents/"),
        ("consents/ketamine.yaml", "protocols: [ketamine-sc-kads]", "protocols: [ketamine-sc]",
         "consents/ketamine-under-the-skin: no protocol 'ketamine-sc' in protocols/"),
        ("consents/ketamine.yaml", "protocols: [ketamine-sc-kads]", "protocols: []",
         "protocols/ketamine-sc-kads: no document in consents/ is for it"),
        ("consents/sharing.yaml", "- id: registry-known", "- id: free", "consents: the id 'free' stands 2 times"),
        ("rems.yaml", "of: minutes", "of: hours", "rems/minutes: nothing of a session is 'hours'; expected about, before, "),
        ("rems.yaml", "evidence: {courses: [sedation]}", "evidence: {courses: [sleep]}", "rems/sedation: no criterion 'sleep'"),
        ("rems.yaml", "evidence: {fields: [pressure_before, spo2_before]}", "evidence: {fields: [first]}",
         "rems/acceptable_before: 'first' does not stand in every version of it"),
        ("rems.yaml", "new: new_medicines", "new: news", "rems/new: no question 'news'"),
        ("suicide.yaml", "kind: phq-9.item-9", "kind: phq-9.item-19", "suicide: no observation 'phq-9.item-19' in"),
        ("suicide.yaml", "item: worse-thoughts", "item: worst-thoughts",
         "suicide: no 'worst-thoughts' among the statements and questions of consents/"),
        ("observations.yaml", 'low: "40"', 'low: "30"',
         "watch/systolic: the limits of belief are other ones in observations.yaml"),
        ("sessions.yaml", "- {id: heart_rate, before", "- {id: puffs, before",
         "sessions/puffs: no sign 'puffs' in watch.yaml, so nobody knows which figures can be"),
        ("watch.yaml", "protocol: ketamine-iv-va", "protocol: ketamine-iv", "watch: no protocol 'ketamine-iv' in protocols/"),
        ("watch.yaml", "protocol: ketamine-iv-va", "protocol: ketamine-sc-kads",
         "watch: the protocol 'ketamine-sc-kads' stands 2 times; once is right"),
        ("watch.yaml", "{criterion: pre_dose_blood_pressure, ", "{criterion: adult, ",
         "watch/esketamine-nasal-us: no criterion 'adult' before each dose"),
        ("devices.yaml", "{number: 150301,", "{number: 150021,", "devices: the number 150021 stands 2 times; once is right"),
        ("devices.yaml", "sign: spo2, by: monitor", "sign: spo2, by: cuff",
         "devices/150456: no sign 'spo2' in watch.yaml with the source 'cuff'"),
        ("devices.yaml", "ucum: [kPa]", 'ucum: ["%"]', "devices: the unit '%' stands 2 times; once is right"),
        ("devices.yaml", '{is: "%",', '{is: "1/1",', "devices/MDC_DIM_PERCENT: no sign in watch.yaml is in '1/1'"),
        ("devices.yaml", "{number: 158014,", "{number: 157784,",
         "devices/pump: the number '157784' stands 2 times; once is right"),
        ("devices.yaml", "{means: 9,", "{means: 2,", "devices/recorder: '2' stands 2 times; once is right"),
        ("devices.yaml", "{means: 12, metric: 151562", "{means: 12, metric: 999999", "devices/recorder: no metric 999999"),
        ("devices.yaml", "{unit: 265987,", "{unit: 999999,", "devices/recorder: no unit 999999"),
        ("devices.yaml", "ucum: [kg]", "ucum: [min]", "devices/pump: the unit 'min' stands 2 times; once is right"),
        ("devices.yaml", "words: [pump-status-paused]", "words: [PUMP_DELIV_STOP]",
         "devices/pump: the word 'PUMP_DELIV_STOP' stands 2 times; once is right"),
        ("dose_tables/atrq.yaml", "citalopram:", "citalopran:", "dose_tables/atrq: no medicine 'citalopran' in medicines/"),
        ("staging/agents.yaml", "ingredient: quetiapine", "ingredient: quetiapin", "no medicine 'quetiapin' in medicines/"),
        ("trial_rules/sforzini-28d.yaml", "dose_table: atrq", "dose_table: x", "trial_rules/sforzini-28d: no dose table 'x'"),
        ("medicines/augmentation.yaml", "classes: [antipsychotic]", "classes: [x]", "quetiapine: no class 'x'"),
        ("observations.yaml", '"44250-9"', '"44250-8"', "phq-9.item-1: LOINC 44250-8 has a wrong check digit"),
        ("sentences/en.yaml", "  person.alive:", "  person.awake:", "'person.alive' of sentences stands in one language only"),
        ("sentences/zh-hans.yaml", "  sex.other:", "  sex.odd:", "'sex.odd' of terms stands in one language only"),
        ("sentences/en.yaml", "Died ({on}).", "Died ({day}).", "'person.died' uses ['on'], the English one ['day']"),
        ("sentences/en.yaml", "No record of death.", "Discontinue it.", "person.alive: “Discontinue” tells somebody to stop"),
        ("criteria.yaml", "Check the record of death.", "Taper off now.", "criteria/alive/change: “Taper off” tells somebody"),
        ("prompts.yaml", "TSH before calling it resistance.", "Stop taking it.", "thyroid/ask: “Stop taking” tells somebody"),
        ("sentences/zh-hans.yaml", "  person.died: ", "  person.died: 停药", "person.died: “停药” tells somebody"),
        ("periods.yaml", "days: 365", "days: 365 d", "periods.yaml:3: periods.0.days: "),
    ],
    ids=range(58),
)  # fmt: skip
def test_each_kind_of_problem(folder: Path, edit: Edit, file: str, old: str, new: str, problem: str) -> None:
    edit(file, old, new)
    found = problems_of(folder)
    assert any(problem in one for one in found), found
    assert len(found) <= 4  # a renamed thing may be missed by each file that uses it


def test_problems_of_all_files_come_before_those_between_them(folder: Path, edit: Edit) -> None:
    edit("periods.yaml", "days: 365", "days: x")
    edit("criteria.yaml", "title: {en: Is alive, ", "title: {")
    found = problems_of(folder)
    assert [one.split(":")[0] for one in found] == ["criteria.yaml", "periods.yaml"]


@pytest.mark.parametrize(
    "text", ["Stop the medicine.", "Discontinue it", "withhold", "come off", "停用", "骤停", "skip a dose"]
)
def test_forbidden_words(text: str) -> None:
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["do not stop suddenly", "Do not stop taking it.", "不可骤停", "a full stop"])
def test_words_that_may_be_said(text: str) -> None:
    assert not FORBIDDEN.search(text)


@pytest.mark.parametrize("code", ["8480-6", "8462-4", "44261-6", "2106-3", "93374-7"])
def test_check_digits(code: str) -> None:
    assert check_digit_fits(code)
    last = int(code[-1])
    assert not any(check_digit_fits(f"{code[:-1]}{n}") for n in range(10) if n != last)
