"""Is every question that the source article tells people to ask a clinic among ours, once?"""

from __future__ import annotations

import pytest

from daybreak.knowledge import card, clinic_questions
from daybreak.knowledge.check import problems_of
from daybreak.knowledge.store import load
from daybreak.knowledge.validate import Invalid

# Point 11 of the article, question by question as it asks them, and of point 10 what a clinic can be asked. Counted by hand.
EVALUATION = {"who", "qualified", "time", "contact", "misuse", "same"}
EXPERIENCE = {"qualified", "infusions", "numbers", "results", "registry", "during", "after", "coordinate"}
ADMINISTRATION = {"vein", "pump", "during", "over", "often", "standard", "vitals", "mind-during", "mind-after"}
COST = {"price", "insurance", "rounds"}
BEFORE = {"suicide", "tried", "health"}
ARTICLE = {
    f"{point}-{one}"
    for point, ones in {
        "evaluation": EVALUATION,
        "experience": EXPERIENCE,
        "administration": ADMINISTRATION,
        "cost": COST,
        "before": BEFORE,
    }.items()
    for one in ones
}


def asks():
    return [ask for head in clinic_questions.heads() for one in head["questions"] for ask in one["asks"]]


def test_every_question_of_the_article_is_asked_once() -> None:
    places = [ask["article"] for ask in asks()]
    assert len([one for one in ARTICLE if not one.startswith("before")]) == 26
    assert sorted(places) == sorted(ARTICLE)


def test_there_are_twelve_under_the_heads_of_the_article() -> None:
    found = {head["id"]: len(head["questions"]) for head in clinic_questions.heads()}
    assert found == {"evaluation": 3, "experience": 3, "administration": 4, "cost": 2}


def test_a_yes_to_screening_needs_suicide_and_substance_use() -> None:
    needing = {one["id"]: one for head in clinic_questions.heads() for one in head["questions"] if one.get("needs")}
    assert {id: [need["id"] for need in one["needs"]] for id, one in needing.items()} == {
        "screening": ["suicide", "substance"]
    }


def test_what_a_card_answers_about_the_article_stands_beside_a_question() -> None:
    heads = {one["id"]: one["head"] for one in card.data()["questions"]}
    ours = {ask["card"] for ask in asks() if "card" in ask}
    assert {
        id for id, head in heads.items() if head in ("evaluation", "experience", "administration", "cost")
    } - ours == {
        "equipment"  # a statement of ours; the article does not ask for it
    }


def test_a_question_asked_twice_and_one_that_no_card_knows_are_found(folder, edit) -> None:
    edit("clinic_questions.yaml", "card: who-decides", "card: who-decided")
    assert any("no question 'who-decided' in card.yaml" in one for one in problems_of(folder))
    edit("clinic_questions.yaml", "head: evaluation", "head: elsewhere")
    assert any("no head 'elsewhere' in card.yaml" in one for one in problems_of(folder))
    edit("clinic_questions.yaml", "article: evaluation-time", "article: evaluation-who")
    with pytest.raises(Invalid, match="asked twice: evaluation-who"):
        load("clinic_questions", folder)
