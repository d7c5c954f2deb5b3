"""Does each document say everything that somebody has to know, in each language, with the questions that check it?"""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from daybreak.knowledge import consents
from daybreak.knowledge.protocols import protocol_ids
from daybreak.knowledge.schema.consents import Question

DAY = date(2026, 11, 24)
TREATMENTS = [one for one in consents.documents(on=DAY) if one["protocols"]]


@pytest.mark.parametrize("document", TREATMENTS, ids=lambda one: one["id"])
def test_a_treatment_has_the_warnings_and_five_questions(document) -> None:
    said = {one["id"] for one in document["statements"]}
    assert {"mind", "breathing", "misuse", "suicide", "free", "way-home", "alternatives", "may-not-help"} <= said
    assert any("driving" in id for id in said)
    assert ("off-label" in said) is document["id"].startswith("ketamine")
    assert len(document["questions"]) == 5


def test_choices_beside_the_treatment_stand_by_themselves() -> None:
    beside = [one for one in consents.documents(on=DAY) if not one["protocols"]]
    assert [one["id"] for one in beside] == ["registry", "research"]
    assert all("sharing-free" in {said["id"] for said in one["statements"]} for one in beside)


def test_each_protocol_has_its_document_and_each_version_its_own_digest() -> None:
    assert all(consents.documents_for(one) for one in protocol_ids())
    assert consents.documents_for("nothing") == []
    versions = {consents.version(one) for one in consents.documents(on=DAY)}
    assert len(versions) == len(consents.documents(on=DAY))
    with pytest.raises(KeyError):
        consents.document("nothing", on=DAY)


@pytest.mark.parametrize("right", [[False, False], [True, True]])
def test_a_question_has_one_right_answer(right) -> None:
    words = {"en": "a", "zh-Hans": "一"}
    with pytest.raises(ValidationError, match="exactly one right answer"):
        Question(
            id="x",
            asks=words,
            answers=[{"says": words, "right": one} for one in right],
            explains=words,
            source={"id": "x", "where": "x"},
            standing="local_policy",
        )
