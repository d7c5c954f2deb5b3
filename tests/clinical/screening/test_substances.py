"""Does the patient use substances actively: diagnoses, screens and tests together?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Reason, Term
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.substances import screened, substance_use
from tests.clinical.screening.build import condition, days_ago, missing, observation, refs, reviewed, view

SCREENS = (("audit", Decimal(8)), ("audit-c", Decimal(3)), ("dast-10", Decimal(3)))
WHAT = Term("concept.substance_use_disorder")


def asked(*records: Any) -> FactAnswer:
    return substance_use(view(*records), domains=("substance_use",), valid_days=90, screens=SCREENS, test_days=30)


def disorder(**fields: Any) -> Any:
    return condition("substance_use_disorder", text="Alcohol dependence", **fields)


def test_a_diagnosis_says_yes() -> None:
    record = disorder()
    answer = asked(record, *reviewed(), observation("audit", 0))
    values = {"what": WHAT, "found": ("Alcohol dependence active",), "days": None}
    assert (answer.value, answer.reason) == (True, Reason("condition.active", values))
    assert refs(answer.evidence) == [record.ref]


@pytest.mark.parametrize(
    "record",
    [
        disorder(clinical=None),
        disorder(verification="provisional"),
        observation("audit", 8),
        observation("audit-c", 3, days_ago(900)),
        observation("dast-10", 3),
        observation("drug_screen.cocaine", "positive"),
    ],
)
def test_a_positive_screen_or_test_leaves_it_open(record: Any) -> None:
    answer = asked(record, *reviewed())
    assert (answer.value, answer.reason.id, missing(answer)) == (None, "substance.open", ["ask.substance"])
    assert refs(answer.evidence) == [record.ref]
    assert len(answer.reason.values["found"]) == 1


def test_what_is_open_is_named_first() -> None:
    open_, positive = disorder(clinical=None), observation("audit", 9, text="AUDIT 9")
    negative = observation("dast-10", 0)
    answer = asked(open_, positive, negative)
    assert answer.reason.values == {"found": ("Alcohol dependence", "AUDIT 9")}
    assert refs(answer.evidence) == [open_.ref, positive.ref, negative.ref]


@pytest.mark.parametrize(
    "record", [observation("audit", UNREADABLE), observation("drug_screen.pcp", "negative", UNREADABLE, text="PCP")]
)
def test_a_screen_or_test_that_cannot_be_read_leaves_it_open(record: Any) -> None:
    answer = asked(record, *reviewed())
    assert (answer.value, answer.reason.id, missing(answer)) == (None, "substance.unread", ["substance.unread"])
    assert answer.missing == (answer.reason,)
    assert answer.reason.values == {"found": (record.text or "?",)}
    assert refs(answer.evidence) == [record.ref]


def test_a_review_clears_and_shows_the_screens() -> None:
    screen = observation("audit-c", 1)
    answer = asked(screen, *reviewed("substance_use"))
    assert (answer.value, answer.reason.id) == (False, "absent.reviewed")
    assert refs(answer.evidence) == ["List/substance_use", screen.ref]
    assert asked(disorder(clinical="remission"), *reviewed("substance_use")).value is False
    expired = asked(*reviewed("substance_use", day=days_ago(91).earliest))
    assert (expired.value, missing(expired)) == (None, ["review.expired"])


@pytest.mark.parametrize(
    ("alcohol", "drugs", "value"),
    [
        (observation("audit", 7), observation("dast-10", 2), False),
        (observation("audit-c", 2), observation("dast-10", 2), False),
        (observation("audit-c", 2, days_ago(90)), observation("dast-10", 2, days_ago(90)), False),
        (observation("audit-c", 2, days_ago(91)), observation("dast-10", 2), None),
        (observation("audit-c", 2), observation("dast-10", 2, days_ago(91)), None),
        (observation("audit-c", 2), observation("phq-9", 2), None),
        (observation("phq-9", 2), observation("dast-10", 2), None),
    ],
)
def test_negative_screens_of_both_halves_count_as_a_review(alcohol: Any, drugs: Any, value: bool | None) -> None:
    answer = asked(alcohol, drugs)
    assert answer.value is value
    if value is False:
        assert answer.reason == Reason("substance.screened")
        assert refs(answer.evidence) == [alcohol.ref, drugs.ref]
    else:
        assert missing(answer) == ["review.none"]
    nameless = asked(alcohol, drugs, condition(concepts=UNREADABLE))
    assert (nameless.value, nameless.reason.id) == (None, "condition.nameless")


def test_the_last_screen_is_that_of_drugs() -> None:
    no, unknown = FactAnswer(False, Reason("x")), FactAnswer(None, Reason("x"))
    assert screened([unknown, no, no])
    assert not screened([no, no, unknown])
    assert not screened([unknown, unknown, no])
