"""Does a rule read its facts in three-valued logic, and keep what led to the answer?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, Evidence, Reason, Term, Verdict
from daybreak.clinical.screening.criteria import (
    AllOf,
    AnyOf,
    Ask,
    AtLeast,
    AtMost,
    Below,
    FactAnswer,
    IsFalse,
    IsTrue,
    Node,
    Range,
    evaluate,
    fact,
)

D = Decimal
ASKED = fact("x")


def says(value: bool | Decimal | Range | None, **fields: object) -> Ask:
    answer = FactAnswer(value, Reason("r", {"a": 1}), **fields)  # type: ignore[arg-type]
    return lambda question: answer


def verdict(node: Node, value: bool | Decimal | Range | None) -> Verdict:
    return evaluate(node, says(value)).verdict


@pytest.mark.parametrize(
    ("value", "is_true", "is_false"), [(True, MET, NOT_MET), (False, NOT_MET, MET), (None, UNKNOWN, UNKNOWN)]
)
def test_true_and_false(value: bool | None, is_true: Verdict, is_false: Verdict) -> None:
    assert verdict(IsTrue(ASKED), value) is is_true
    assert verdict(IsFalse(ASKED), value) is is_false


@pytest.mark.parametrize(
    ("value", "at_least", "at_most", "below"),
    [
        (D(9), NOT_MET, MET, MET),
        (D(10), MET, MET, NOT_MET),
        (D(11), MET, NOT_MET, NOT_MET),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
        (True, UNKNOWN, UNKNOWN, UNKNOWN),
        (Range(D(9), D(10)), UNKNOWN, MET, UNKNOWN),
        (Range(D(10), D(11)), MET, UNKNOWN, NOT_MET),
        (Range(D(8), D(9)), NOT_MET, MET, MET),
        (Range(D(11), D(12)), MET, NOT_MET, NOT_MET),
        (Range(D(2), D("Infinity")), UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_numbers_against_ten(
    value: Decimal | Range | bool | None, at_least: Verdict, at_most: Verdict, below: Verdict
) -> None:
    assert verdict(AtLeast(ASKED, D(10)), value) is at_least
    assert verdict(AtMost(ASKED, D(10)), value) is at_most
    assert verdict(Below(ASKED, D(10)), value) is below


@pytest.mark.parametrize(
    ("node", "word"),
    [(AtLeast(ASKED, D(10)), "at_least"), (AtMost(ASKED, D(10)), "at_most"), (Below(ASKED, D(10)), "below")],
)
def test_the_reason_of_a_number_names_its_test_and_bound(node: Node, word: str) -> None:
    reason = evaluate(node, says(D(10))).reason
    assert (reason.id, reason.values) == ("r", {"a": 1, "test": Term(f"test.{word}"), "bound": D(10)})


def test_everything_that_led_to_an_answer_is_kept() -> None:
    evidence, missing = (Evidence("Observation/1", "text"),), (Reason("ask"),)
    answer = evaluate(IsTrue(ASKED), says(None, evidence=evidence, missing=missing, review_on=date(2027, 1, 1)))
    assert (answer.evidence, answer.missing, answer.review_on) == (evidence, missing, date(2027, 1, 1))
    assert answer.reason == Reason("r", {"a": 1})


def test_an_expired_clearance_is_unknown_and_an_expired_obstacle_stays() -> None:
    old = Reason("too-old")
    ask = says(False, expired=old, missing=(Reason("ask"),), evidence=(Evidence("a", "b"),), review_on=date(2027, 1, 1))
    cleared = evaluate(IsFalse(ASKED), ask)
    assert (cleared.verdict, cleared.reason, cleared.missing) == (UNKNOWN, old, (Reason("ask"), old))
    assert (cleared.evidence, cleared.review_on) == ((Evidence("a", "b"),), date(2027, 1, 1))
    obstacle = evaluate(IsTrue(ASKED), ask)
    assert (obstacle.verdict, obstacle.reason.id, obstacle.missing) == (NOT_MET, "r", (Reason("ask"),))
    assert evaluate(AtMost(ASKED, D(10)), says(D(10), expired=old)).verdict is UNKNOWN


def test_a_number_of_years_says_when_it_will_be_reached() -> None:
    born = date(2009, 6, 16)
    assert evaluate(AtLeast(ASKED, D(18)), says(D(17), grows_since=born)).review_on == date(2027, 6, 16)
    assert evaluate(AtLeast(ASKED, D(18)), says(Range(D(17), D(18)), grows_since=born)).review_on == date(2027, 6, 16)
    assert evaluate(AtLeast(ASKED, D(18)), says(D(18), grows_since=born)).review_on is None
    assert evaluate(AtLeast(ASKED, D(18)), says(D(17))).review_on is None


def table(answers: dict[str, FactAnswer]) -> Ask:
    return lambda question: answers[question.name]


A, B = fact("a"), fact("b")


def joined(first: bool | None, second: bool | None) -> Ask:
    def one(name: str, value: bool | None) -> FactAnswer:
        evidence = (Evidence(f"Condition/{name}", name), Evidence("Condition/both", "both"))
        return FactAnswer(
            value, Reason(name), evidence, (Reason(f"ask.{name}"),), date(2027, 1, 1 if name == "a" else 2)
        )

    return table({"a": one("a", first), "b": one("b", second)})


def test_all_of_and_any_of_say_who_decided() -> None:
    both = (IsTrue(A), IsTrue(B))
    answer = evaluate(AllOf(both), joined(True, False))
    assert (answer.verdict, answer.reason, answer.review_on) == (NOT_MET, Reason("b"), date(2027, 1, 2))
    assert [e.resource for e in answer.evidence] == ["Condition/a", "Condition/both", "Condition/b"]
    assert [m.id for m in answer.missing] == ["ask.a", "ask.b"]
    answer = evaluate(AnyOf(both), joined(True, False))
    assert (answer.verdict, answer.reason, answer.review_on) == (MET, Reason("a"), date(2027, 1, 1))
    answer = evaluate(AllOf(both), joined(False, False))
    assert (answer.verdict, answer.reason) == (NOT_MET, Reason("all", {"reasons": (Reason("a"), Reason("b"))}))
    assert answer.review_on == date(2027, 1, 2)
    assert evaluate(AllOf(both), joined(True, None)).verdict is UNKNOWN
    assert evaluate(AnyOf(both), joined(False, None)).verdict is UNKNOWN
    assert evaluate(AnyOf(both), joined(False, False)).verdict is NOT_MET


def test_without_a_date_in_any_branch_there_is_none() -> None:
    ask = table({"a": FactAnswer(True, Reason("a")), "b": FactAnswer(True, Reason("b"))})
    assert evaluate(AllOf((IsTrue(A), IsTrue(B))), ask).review_on is None


def test_the_same_question_is_the_same_object() -> None:
    assert fact("condition", concept="x", state="ever") is fact("condition", state="ever", concept="x")
    assert fact("condition", concept="x").arguments == {"concept": "x"}
    assert fact("condition", concept="x") is not fact("condition", concept="y")
