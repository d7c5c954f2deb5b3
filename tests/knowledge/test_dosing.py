"""Is a ladder that bounds nothing, names nothing or contradicts another file refused, and are the figures the published ones?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.knowledge import dosing
from daybreak.knowledge.check import problems_of
from daybreak.knowledge.schedules import doses
from daybreak.knowledge.sentences import LANGUAGES
from daybreak.knowledge.store import load
from tests.knowledge.conftest import Edit

D = Decimal
US = "esketamine-nasal-us"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('[ceiling], source: {id: daybreak-policy, where: "what', '[concentration], source: {id: daybreak-policy, where: "what',
         "nothing bounds the dose"),
        ("anaesthetic: {mg_per_kg: \"1\"", "anaesthetic: {mg: \"1\"", "anaesthetic.mg_per_kg: "),
        ('{least: "0.1", most: "0.75"', '{least: "0.8", most: "0.75"', "the most, 0.75, is less than the least, 0.8"),
        ('["0.5", "0.6", "0.75", "0.9"]', '["0.5", "0.75", "0.6", "0.9"]', "the rungs stand from the lowest"),
        ('ceiling: {mg_per_kg: "0.9"', 'ceiling: {mg: "60", mg_per_kg: "0.9"', "a ceiling has one of mg and mg_per_kg"),
        ("usual: 40, least: 2", "usual: 40, least: 50", "the usual time lies between"),
        ('prefilled: "56"', 'prefilled: "70"', "70 mg is filled in and is none of the doses"),
        ("way: device", "way: mouth", "a device and its mg stand together"),
        ("way: injection", "way: infusion", "an infusion and its minutes stand together"),
        ("    other_doses: {strength: refuses", "    step: {mg: \"28\"", "allowed doses, and what becomes of others"),
        ("    unsupported: {", "    replacement: {", "no dose is named"),
        ("protocols: [ketamine-sc-kads]", "protocols: [ketamine-sc]", "dosing/ketamine-sc: no protocol 'ketamine-sc'"),
        ("protocols: [ketamine-sc-kads]", "protocols: []", "no ladder for the protocol 'ketamine-sc-kads'"),
        ("protocols: [ketamine-sc-kads]", f"protocols: [{US}, ketamine-sc-kads]", f"the product of '{US}' is esketamine"),
        ("{id: si-56,", "{id: us-84-first,", "the note 'us-84-first' stands 2 times"),
        ("id: ketamine-im", "id: ketamine-iv", "dosing: the id 'ketamine-iv' stands 2 times"),
        ('doses: ["56", "84"], prefilled: "84"', 'doses: ["84"], prefilled: "84"', "and schedules.yaml says 56 to 84"),
    ],
)  # fmt: skip
def test_each_kind_of_problem(folder: Path, edit: Edit, old: str, new: str, problem: str) -> None:
    edit("dosing.yaml", old, new)
    found = problems_of(folder)
    assert any(problem in one for one in found), found


def test_the_published_figures() -> None:
    ladders = dosing.ladders()
    assert [ladders[US].device.mg * n for n in (2, 3)] == [56, 84] == [doses(US).least, doses(US).most]
    assert ladders["ketamine-sc"].rungs == (D("0.5"), D("0.6"), D("0.75"), D("0.9"))
    assert (ladders["ketamine-iv"].usual, ladders["ketamine-iv"].minutes.usual) == (D("0.5"), 40)
    assert (ladders["ketamine-iv"].anaesthetic_mg_per_kg, ladders["ketamine-im"].anaesthetic_mg_per_kg) == (1, D("6.5"))
    assert (ladders["ketamine-oral"].range.least, ladders["ketamine-oral"].range_mg.most) == (D("0.25"), 300)
    assert dosing.vials() == [50, 100]
    assert dosing.rounding().mg == D("0.1")
    assert (dosing.ideal_weight()[0], dosing.programme_percent()) == ("Devine", 2)


def test_every_other_route_can_be_ordered_for_a_reason_but_never_another_label_of_the_same_device() -> None:
    assert [one.id for one in dosing.of_product("esketamine", US)] == [US]
    found = [one.id for one in dosing.of_product("ketamine", "ketamine-sc-kads")]
    assert found[0] == "ketamine-sc"
    assert {"ketamine-iv", "ketamine-im", "ketamine-nasal", "ketamine-oral", "ketamine-sublingual"} < set(found)


def test_no_figure_without_a_source_and_no_word_in_one_language() -> None:
    known = {one["id"] for file in load("sources").values() for one in file["sources"]}
    for id in dosing.ladders():
        assert dosing.sources(id)
        assert {source for source, _ in dosing.sources(id)} <= known
        assert all(dosing.title(id, name) for name in LANGUAGES)
    assert dosing.frequency(US, "induction", "en") == "twice a week"
    assert dosing.frequency(US, None, "en") == ""
    assert dict(dosing.not_full("zh-Hans"))["sneezed"] == "打喷嚏"
