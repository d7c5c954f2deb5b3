"""Is every question of the card answered by one measure, and is a substitute refused?"""

from __future__ import annotations

import re
from string import Formatter

import pytest

from daybreak.clinical.clinic.quality import Kind
from daybreak.knowledge import card
from daybreak.knowledge.store import load
from daybreak.knowledge.validate import Invalid

MAY = {
    "share": {"n", "of", "least"},
    "middle": {"value", "n", "of"},
    "total": {"n", "of"},
    "harm": {"n", "of", "worst"},
}


def test_each_question_has_one_measure_and_each_measure_its_question() -> None:
    asked = card.asked()
    served = {one["id"]: one["answers"] for one in card.data()["measures"]}
    for question, measure in asked.items():
        assert question in served[measure.id]
    assert all(len(questions) == 1 for questions in served.values()), "no measure serves two: none says so"
    assert set(card.stated()) == {one.id for one in asked.values() if one.kind is Kind.STATED}


def test_no_other_measure_can_be_put_in_the_place_of_one(folder, edit) -> None:
    edit("card.yaml", "measure: both-screens", "measure: trials-documented")
    with pytest.raises(Invalid, match="have to name each other"):
        load("card", folder)


def test_a_measure_serves_two_questions_only_where_both_sides_say_so(folder, edit) -> None:
    edit("card.yaml", "measure: letter-after", "measure: letter-before")
    edit("card.yaml", "answers: [talks-to-others]", "answers: [talks-to-others, coordinate]")
    edit("card.yaml", "answers: [coordinate]", "answers: []")
    with pytest.raises(Invalid, match="at least 1 item"):
        load("card", folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("head: cost", "head: price", "there is no head"),
        ("population: treatments", "population: nobody", "there is no population"),
        ("[365, 730, 1825]", "[730, 365]", "shortest"),
        ("id: how-long, head", "id: how-many, head", "have to name each other"),
        ("kind: stated", "kind: share", "has a sentence"),
    ],
)
def test_what_does_not_fit_is_refused(folder, edit, old, new, said) -> None:
    edit("card.yaml", old, new)
    with pytest.raises(Invalid, match=said):
        load("card", folder)


def test_a_sentence_tells_its_figures_in_both_languages() -> None:
    for one in card.data()["measures"]:
        for language, words in one.get("words", {}).items():
            told = {name for _, name, _, _ in Formatter().parse(words) if name}
            assert told <= MAY[one["kind"]], one["id"]
            assert "of" in told or one["id"] == "days-between", (one["id"], language)


def test_nothing_ranks_and_nothing_is_sold() -> None:
    text = str(card.data())
    assert not re.search(r"\b(rank|rating|stars?|paid|sponsor|best)\b", text)
