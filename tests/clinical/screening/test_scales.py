"""Does every scale score as its cases say, and never say more than it knows?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.screening.scales import score
from daybreak.clinical.screening.scoring.form import safety_of, shown
from daybreak.knowledge import scales, store
from daybreak.knowledge.validate import read_yaml

CASES = Path(__file__).parents[2] / "cases" / "scales"
VECTORS = {
    "PHQ9": "phq-9",
    "PHQ2": "phq-2",
    "GAD7": "gad-7",
    "PCL5": "pcl-5",
    "QIDS_SR16": "qids-sr16",
    "HAMD17": "ham-d17",
    "MADRS": "madrs",
    "AUDIT": "audit",
    "AUDIT_C": "audit-c",
    "DAST10": "dast-10",
    "CSSRS_SCREEN": "c-ssrs-screen",
    "MDQ": "mdq",
    "ISI": "isi",
    "WHO5": "who-5",
    "WSAS": "wsas",
    "CADSS23": "cadss-23",
    "BPRS4": "bprs-4",
    "MOAAS": "moaa-s",
    "ALDRETE": "aldrete",
    "PADSS": "padss",
}
STATUSES = {"complete", "prorated", "incomplete", "partial", "inconsistent", "invalid"}
WITH_SAFETY_ITEM = ["phq-9", "qids-sr16", "ham-d17", "madrs"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=25) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=40,
)


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        content = read_yaml(path)
        for case in content["cases"]:
            scale = case.get("scale", content.get("scale"))
            found.append(pytest.param(scale, case["given"], case["expect"], id=f"{scale}: {case['name']}"))
    return found


def differences(result: dict[str, object], expect: dict[str, object]) -> dict[str, object]:
    """What differs, with 1 and True told apart."""
    return {key: (value, result.get(key)) for key, value in expect.items() if repr(result.get(key, "")) != repr(value)}


@pytest.mark.parametrize(("scale", "given", "expect"), cases())
def test_case(scale: str, given: list[object], expect: dict[str, object]) -> None:
    assert differences(score(scales.scale(scale), given), expect) == {}


def test_reference_examples(shared: Path) -> None:
    examples = json.loads((shared / "vectors" / "instruments.json").read_text())
    wrong = {
        case["id"]: found
        for name, cases in examples.items()
        for case in cases
        if (found := differences(score(scales.scale(VECTORS[name]), case["args"]), case["expect"]))
    }
    assert wrong == {}


def test_there_are_twenty_two_scales_and_two_of_them_are_one_level_without_vectors() -> None:
    assert scales.ids() == sorted([*VECTORS.values(), "cgi-i", "cgi-s"])
    assert [score(scales.scale(id), [3])["level"] for id in ("cgi-i", "cgi-s")] == [3, 3]
    assert score(scales.scale("cgi-i"), [8])["status"] == "invalid"


@pytest.mark.parametrize("id", sorted(VECTORS.values()))
def test_the_keys_of_a_result_do_not_depend_on_the_answers(id: str) -> None:
    scale = scales.scale(id)
    assert score(scale, []).keys() == score(scale, [[None] * len(scale.items)]).keys() == score(scale, 1).keys()
    assert score(scale, {})["status"] == score(scale, "x")["status"] == "invalid"
    assert score(scale, None)["problem"]


@given(id=st.sampled_from(sorted(VECTORS.values())), args=json_values)
def test_nothing_that_can_be_sent_raises(id: str, args: object) -> None:
    result = score(scales.scale(id), args)
    assert result["status"] in STATUSES
    assert (result["problem"] is None) == (result["status"] not in {"invalid", "inconsistent"})
    json.dumps(result)


@st.composite
def forms(draw: st.DrawFn, ids: list[str], *, blanks: bool = True) -> tuple[str, list[Any]]:
    """A form of one of these scales, filled in with allowed answers and perhaps blanks."""
    id = draw(st.sampled_from(ids))
    items = scales.scale(id).items
    choices = [st.sampled_from([*item, *([None] if blanks else [])]) for item in items]
    return id, list(draw(st.tuples(*choices)))


@given(form=forms(WITH_SAFETY_ITEM), place=st.integers(0, 50))
def test_a_blank_never_makes_a_positive_safety_item_negative(form: tuple[str, list[Any]], place: int) -> None:
    id, answers = form
    before = score(scales.scale(id), [answers])["safety"]
    fewer = [None if at == place % len(answers) else answer for at, answer in enumerate(answers)]
    after = score(scales.scale(id), [fewer])["safety"]
    assert after in ({"positive", "not answered"} if before == "positive" else {"negative", "not answered"})


@given(answers=st.lists(st.sampled_from([True, False, None]), min_size=7, max_size=7), place=st.integers(0, 6))
def test_a_due_blank_never_makes_a_screener_reassuring(answers: list[Any], place: int) -> None:
    scale = scales.scale("c-ssrs-screen")
    before = score(scale, answers)
    fewer = [None if at == place else answer for at, answer in enumerate(answers)]
    after = score(scale, fewer)
    skipped = (place in (2, 3, 4) and not answers[1]) or (place == 6 and not answers[5])
    if not skipped:
        assert after["safety"] != "negative" or fewer == answers
    if after["risk"] is not None and not skipped:
        assert after["risk"] == before["risk"] or before["risk"] is None


@given(form=forms(["phq-9", "gad-7", "pcl-5", "ham-d17", "madrs", "isi", "who-5", "aldrete", "dast-10"]))
def test_a_total_only_when_complete(form: tuple[str, list[Any]]) -> None:
    id, answers = form
    result = score(scales.scale(id), [answers])
    assert (result["total"] is not None) == (result["status"] == "complete") == (None not in answers)
    assert result["missing"] == answers.count(None)


@given(form=forms(["phq-9", "gad-7", "pcl-5", "ham-d17", "madrs", "isi", "bprs-4"], blanks=False))
def test_a_complete_sum_is_the_sum(form: tuple[str, list[Any]]) -> None:
    id, answers = form
    assert score(scales.scale(id), [answers])["total"] == sum(answers)
    assert score(scales.scale(id), (tuple(answers),))["total"] == sum(answers)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**5000, "a very long number"),
        (float("nan"), "nan"),
        ("x" * 31, f'"{"x" * 30}…"'),
        ([], "a list"),
        ({}, "an object"),
        (False, "false"),
        (True, "true"),
        (None, "null"),
    ],
    ids=range(8),
)
def test_every_value_can_be_shown(value: object, words: str) -> None:
    assert shown(value) == words


def test_a_scale_without_a_safety_item_says_nothing_about_safety() -> None:
    assert safety_of(scales.scale("phq-2"), [3, 3]) is None
    assert "safety" not in score(scales.scale("phq-2"), [[3, 3]])


def test_an_unknown_scale_names_the_nearest() -> None:
    with pytest.raises(scales.UnknownScale, match=r"Did you mean phq-9\?.*aldrete, audit"):
        scales.scale("PHQ9")
    with pytest.raises(scales.UnknownScale, match=r"^There is no scale \"zzzzzz\". Known"):
        scales.scale("zzzzzz")


def test_what_is_out_of_the_total_is_out_of_every_band() -> None:
    """Every total from 0 to the highest has a name in every set of bands."""
    for id in scales.ids():
        data = scales.data(id)
        top = sum(max(item.values(), default=0) for item in scales.scale(id).items)
        for bands in data["bands"]:
            assert bands["steps"][-1]["to"] == (27 if id == "qids-sr16" else top), id


def loinc_codes(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(loinc_codes, value.values()))
    if isinstance(value, list):
        return set().union(*map(loinc_codes, value))
    return {value} if isinstance(value, str) else set()


def check_digit(code: str) -> str:
    """The mod-10 digit: every second digit from the right is doubled, the digits of the results are added.

    The letters of an answer code (LA…) add 5; that is what the published answer codes have in common.
    """
    number = code.partition("-")[0]
    digits = number.removeprefix("LA")
    doubled = "".join(str(int(digit) * (2 if at % 2 == 0 else 1)) for at, digit in enumerate(reversed(digits)))
    return str(-(sum(map(int, doubled)) + (5 if number != digits else 0)) % 10)


def test_loinc_check_digits() -> None:
    found = {
        code
        for data in store.load("scales").values()
        for name, part in data.get("loinc", {}).items()
        if name not in {"source", "standing"}
        for code in loinc_codes(part)
    }
    assert len(found) > 50
    assert {code for code in found if not code.endswith(f"-{check_digit(code)}")} == set()
    assert check_digit("69689-6") == "8"  # a repository has the last item of the GAD-7 as 69689-6


def test_every_source_is_listed() -> None:
    known = {source["id"] for file in store.load("sources").values() for source in file["sources"]}
    sections = [store.load("scales"), store.load("wordings")]
    assert {id for section in sections for id in source_ids(section)} <= known


def source_ids(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["source"]["id"]} if "source" in value else set()
        return own.union(*map(source_ids, value.values()))
    return set().union(*map(source_ids, value)) if isinstance(value, list) else set()


def test_wordings_fit_their_scales() -> None:
    for name, wording in store.load("wordings").items():
        scale = scales.scale(wording["scale"])
        assert scales.data(scale.id)["licence"]["tier"] == "ship"
        assert len(wording["items"]) == len(scale.items), name
        sizes = [len(points) for points in scale.items]
        given = [len(one) for one in wording["anchors"]] or [len(wording["answers"])] * len(sizes)
        assert all(n in (0, size) for n, size in zip(given, sizes, strict=True)), name
        assert name == f"{wording['scale']}.{wording['language'].lower()}"


def test_the_first_answer_of_the_gad_7_is_not_at_all() -> None:
    assert store.load("wordings")["gad-7.en"]["answers"][0] == "Not at all"


def test_qids_conversion_has_every_total() -> None:
    rows = scales.data("qids-sr16")["conversion"]["rows"]
    assert [row["total"] for row in rows] == list(range(28))
    assert all(rows[at]["ids_sr30"][0] == rows[at - 1]["ids_sr30"][1] + 1 for at in range(1, 28))
