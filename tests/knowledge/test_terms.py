"""What do other people's codes and names mean in our words, and is everything else said to be not understood?"""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.records import Code
from daybreak.knowledge import scales
from daybreak.knowledge.store import load
from daybreak.knowledge.suicide import calling
from daybreak.knowledge.terms import CLASS, LOCAL, Names, terms

T = terms()


def concepts(text: str = "", **codes: str) -> tuple[set[str], set[str], bool]:
    match = T.condition(tuple(Code(s.replace("_", "-"), c) for s, c in codes.items()), text)
    return set(match.concepts), set(match.possible), match.understood


def medicine(text: str = "", *codes: Code) -> tuple[tuple[str, ...], bool]:
    match = T.medicine(codes, text)
    return match.ingredients, match.understood


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("trimipramine", "imipramine"),
        ("escitalopram", "citalopram"),
        ("desvenlafaxine", "venlafaxine"),
        ("esketamine", "ketamine"),
        ("levomilnacipran", "milnacipran"),
        ("dextroamphetamine", "amphetamine"),
        ("nortriptyline", "amitriptyline"),
        ("oxymorphone", "hydromorphone"),
    ],
)
def test_a_name_is_never_found_inside_another(long: str, short: str) -> None:
    for name in (long, short):
        for text in (name, name.upper(), f"{name} 20 mg tablet", f"TAB. {name.title()} (generic)", f"20mg/{name}"):
            assert medicine(text) == ((name,), True)
    assert set(medicine(f"{long} and {short}")[0]) == {long, short}
    assert medicine(f"x{short}") == ((), False)
    assert medicine(f"{short}x") == ((), False)
    assert medicine(f"{short}2") == ((), False)


def test_every_name_of_every_medicine_finds_that_medicine_only() -> None:
    for id_, entry in T.medicines.items():
        for name in entry["names"]:
            assert medicine(name) == ((id_,), True), name


def test_no_name_or_code_stands_for_two_medicines() -> None:
    for key in ("names", "rxnorm", "atc"):
        seen = [value.lower() for m in T.medicines.values() for value in m.get(key, ())]
        assert len(seen) == len(set(seen))


def test_a_code_decides_and_a_name_that_says_more_narrows_it() -> None:
    sertraline = Code("rxnorm", "36437")
    assert medicine("", sertraline) == (("sertraline",), True)
    assert medicine("Zoloft 50 mg", sertraline) == (("sertraline",), True)
    assert medicine("venlafaxine", sertraline)[1] is False
    assert medicine("selegiline patch", Code("rxnorm", "9639")) == (("selegiline_patch",), True)
    assert medicine("", Code("atc", "N06AB06")) == (("sertraline",), True)
    assert medicine("", Code("atc", "N06AX99")) == ((CLASS + "antidepressant",), True)
    assert medicine("", Code("atc", "N06AF99")) == ((CLASS + "maoi",), True)
    assert medicine("", Code("atc", "A01AA01")) == ((), False)
    assert medicine("", Code("rxnorm", "999999999")) == ((), False)
    assert medicine("", Code("ndc", "36437")) == ((), False)
    assert medicine("", Code("ndc", "1", "escitalopram 10 MG Oral Tablet")) == (("escitalopram",), True)


def test_chinese_names_need_no_spaces() -> None:
    assert medicine("盐酸舍曲林片") == (("sertraline",), True)
    assert medicine("艾司西酞普兰片") == (("escitalopram",), True)
    assert medicine("艾司氯胺酮鼻喷雾剂") == (("esketamine",), True)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("F32.2", {"major_depression"}),
        ("F33", {"major_depression"}),
        ("F322", {"major_depression"}),
        ("f33.1 ", {"major_depression"}),
        ("F32.4", {"major_depression_in_remission"}),
        ("F32.5", {"major_depression_in_remission"}),
        ("F33.40", {"major_depression_in_remission"}),
        ("F33.42", {"major_depression_in_remission"}),
        ("F32.A", {"depression_unspecified"}),
        ("F33.3", {"major_depression", "psychosis"}),
        ("F10.20", {"substance_use_disorder"}),
        ("F10.21", set()),
        ("F11.11", set()),
        ("I61.9", {"intracerebral_haemorrhage"}),
        ("E11.9", set()),
    ],
)
def test_icd_by_prefix_with_its_exceptions(code: str, found: set[str]) -> None:
    known, _, understood = concepts(icd_10_cm=code)
    ours = {"major_depression", "major_depression_in_remission", "depression_unspecified", "psychosis"}
    ours |= {"substance_use_disorder", "intracerebral_haemorrhage"}
    assert known & ours == found
    assert understood


def test_a_possible_code_leaves_it_open() -> None:
    known, possible, understood = concepts(icd_10_cm="Z86.79")
    assert "intracerebral_haemorrhage" not in known
    assert "intracerebral_haemorrhage" in possible
    assert understood


@pytest.mark.parametrize(
    ("system", "code", "sure", "open_"),
    [
        ("icd_10_cm", "I35.0", set(), {"unstable_heart_disease"}),
        ("icd_10_cm", "I64", set(), {"intracerebral_haemorrhage", "cardiovascular_event"}),
        ("icd_10_cm", "Q28.3", set(), {"arteriovenous_malformation", "aneurysmal_vascular_disease"}),
        ("icd_10_cm", "G91.1", {"raised_intracranial_pressure"}, set()),
        ("icd_10_cm", "G91.2", set(), {"raised_intracranial_pressure"}),
        ("icd_10_cm", "G91", set(), {"raised_intracranial_pressure"}),
        ("icd_10_cm", "K70.40", {"severe_hepatic_impairment", "liver_disease"}, set()),
        ("icd_10_cm", "K76.0", {"liver_disease"}, set()),
        ("icd_10_cm", "B18.2", {"liver_disease"}, set()),
        ("icd_10_cm", "O92.6", set(), {"lactation"}),
        ("icd_10_cm", "F05", {"delirium"}, set()),
        ("icd_10_cm", "G30.9", {"dementia"}, set()),
        ("icd_10_cm", "Z78.0", {"cannot_become_pregnant"}, set()),
        ("icd_10_cm", "Z90.710", {"cannot_become_pregnant"}, set()),
        ("icd_10_cm", "Z90.712", set(), {"cannot_become_pregnant"}),
        ("snomed", "10741871000119101", {"substance_use_disorder"}, {"pregnancy"}),
        ("snomed", "60573004", set(), {"unstable_heart_disease"}),
        ("snomed", "161800001", {"cannot_become_pregnant"}, set()),
    ],
)
def test_what_one_code_says(system: str, code: str, sure: set[str], open_: set[str]) -> None:
    known, possible, understood = concepts(**{system: code})
    assert (known, possible, understood) == (sure, open_, True)


def test_codes_that_were_misread_once() -> None:
    miscarriage = concepts(snomed="156073000")
    assert "pregnancy" not in miscarriage[0] | miscarriage[1]
    assert concepts(snomed="231468001") == (set(), set(), False)


@pytest.mark.parametrize("code", ["", "F", "F3", "32.2", "FF3", "F32.12345", "F3é", "F32-1", "no code"])
def test_what_is_no_icd_is_not_understood(code: str) -> None:
    assert concepts(icd_10_cm=code) == (set(), set(), False)


def test_names_decide_only_where_no_code_does() -> None:
    known, _, understood = concepts("Major depressive disorder, recurrent")
    assert (known >= {"major_depression"}, understood) == (True, True)
    assert concepts("Brain aneurysm", icd_10_cm="E11.9")[0] == {"unlisted"}
    known, possible, understood = concepts("Brain aneurysm", snomed="1")
    assert (known, understood) == (set(), False)
    assert "aneurysmal_vascular_disease" in possible
    assert concepts("a quiet afternoon") == (set(), set(), False)


@pytest.mark.parametrize(
    "text",
    [
        "no psychosis",
        "Denies psychosis",
        "family history of psychosis",
        "psychosis?",
        "rule out psychosis",
        "history of psychosis",
        "mother with psychosis",
        "possible psychosis",
        "r/o psychosis",
        "at risk of psychosis",
    ],
)
def test_a_line_that_takes_it_back_leaves_it_open(text: str) -> None:
    known, possible, _ = concepts(text)
    assert "psychosis" not in known
    assert "psychosis" in possible


def test_an_ignored_phrase_says_nothing() -> None:
    known, possible, _ = concepts("Major depressive disorder, severe, without psychotic features")
    assert "major_depression" in known
    assert "psychosis" not in known | possible


@given(
    st.text(max_size=12), st.sampled_from(["icd-10-cm", "icd-10", "snomed", "rxnorm", "atc", "x"]), st.text(max_size=20)
)
def test_any_code_is_matched_or_said_to_be_not_understood(code: str, system: str, text: str) -> None:
    match = T.condition((Code(system, code),), text)
    assert not (match.concepts & match.possible)
    if not match.understood:
        assert not match.concepts  # nothing is certain that was not understood
    drug = T.medicine((Code(system, code),), text)
    assert drug.understood <= bool(drug.ingredients)
    for ingredient in drug.ingredients:
        assert ingredient in T.classes
    assert T.substances((Code(system, code),), text) == (frozenset(drug.ingredients), drug.understood)


@given(st.permutations([Code("icd-10-cm", "F33.2"), Code("snomed", "58214004"), Code("x", "1")]))
def test_the_order_of_codes_does_not_matter(codes: list[Code]) -> None:
    assert T.condition(tuple(codes), "") == T.condition((codes[1], codes[0], codes[2]), "")


def test_names_are_found_longest_first() -> None:
    for order in permutations(["depression", "major depression", "抑郁", "抑郁症"]):
        names = Names({name: name for name in order})
        assert names.find("Major depression, depression") == [("major depression",) * 2, ("depression",) * 2]
        assert names.find("重度抑郁症") == [("抑郁症", "抑郁症")]
    assert Names({}).find("anything") == []


def test_observations_by_code_and_by_whole_name() -> None:
    phq = T.observation([Code("loinc", "44261-6")])
    assert phq is not None
    assert (phq.id, phq.low, phq.high) == ("phq-9", Decimal(0), Decimal(27))
    own = next(k for k in load("observations")["observations"]["kinds"] if k["local"])
    assert T.observation([Code(LOCAL, own["local"][0])]) is T.kinds[own["id"]]
    assert T.observation([Code("x", "44261-6")]) is None
    assert T.observation([], "MADRS item 3") is None
    assert T.ignored_observation([Code("loinc", "8302-2")])
    assert not T.ignored_observation([Code("loinc", "44261-6"), Code("x", "8302-2")])


def test_questionnaire_items_and_answers() -> None:
    for link in ("44260-8", "/44260-8", "x/44260-8"):
        item = T.items(link)
        assert item is not None
        assert item.id == "phq-9.item-9"
    assert T.items("1-1") is None
    assert [T.answer(f"LA{n}") for n in ("6568-5", "6569-3", "6570-1", "6571-9", "0-0")] == [0, 1, 2, 3, None]


def test_reviews_and_nothing_known() -> None:
    problems = Code("loinc", "11450-4")
    assert T.review([problems, problems]) == ("conditions",)  # a problem list is no psychiatric history
    assert T.review([Code("loinc", "10160-0")]) == ("medicines",)
    assert T.no_known([Code("snomed", "787481004")]) == ("medicines",)
    assert T.review([Code("x", "11450-4")]) == ()
    none = Code("snomed", "716186003")
    assert T.no_known([none]) == ("allergies",)
    unknown = Code("absent-unknown", "no-allergy-info")
    assert (T.no_known([unknown]), T.says_nothing_known([unknown])) == ((), True)
    assert not T.says_nothing_known([problems])


def test_stop_reasons_indications_and_procedures() -> None:
    assert T.stop_reason([Code("snomed", "58848006")], "") == "no effect"
    assert T.stop_reason([], "Stopped: lack of efficacy") == "no effect"
    assert T.stop_reason([Code("x", "1", "side effects")], "") == "intolerance"
    assert T.stop_reason([], "moved house") is None
    assert T.indication([], "neuropathic pain") == "other"
    assert T.indication([], "Major depressive disorder") == "depression"
    assert T.procedure([Code("cpt", "90870")], "") == "ect"
    assert T.procedure([], "rTMS course") == "tms"
    assert T.procedure([], "appendectomy") is None
    assert T.stop_reason([], "symptoms resolved") == "helped"
    assert T.told_by_procedure("Clipping of intracranial aneurysm") == {"aneurysmal_vascular_disease"}
    assert T.told_by_procedure("Depression screening") == frozenset()


def test_code_systems_have_short_names() -> None:
    assert T.system("http://snomed.info/sct") == "snomed"
    assert T.system("urn:x") == "urn:x"


def test_the_safety_item_of_every_scale_can_stand_in_the_record_and_calls_for_somebody() -> None:
    asked = {f"{id}.item-{scales.data(id)['safety']['item']}" for id in scales.ids() if "safety" in scales.data(id)}
    assert {"phq-9.item-9", "ham-d17.item-3", "madrs.item-10", "qids-sr16.item-12"} <= asked
    assert asked <= terms().kinds.keys() & calling().clear.keys()
