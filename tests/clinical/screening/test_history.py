"""Does the history hold a diagnosis: yes, no with somebody's review, or not to be known?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import Condition, Unmapped, on
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.history import (
    condition as asked,
)
from daybreak.clinical.screening.history import (
    history_reviewed,
    is_active,
    major_depression,
    unless_nameless,
)
from tests.clinical.screening.build import DAY, condition, days_ago, missing, refs, reviewed, view, when

PSYCHOSIS = Term("concept.psychosis")


def ask(*records: Any, unmapped: tuple[Unmapped, ...] = (), **arguments: Any) -> FactAnswer:
    given = {"concept": "psychosis", "domains": ("psychiatric_history", "conditions"), "valid_days": 365}
    return asked(view(*records, unmapped=unmapped), **{**given, **arguments})


def test_a_confirmed_diagnosis_was_there_whatever_became_of_it() -> None:
    for clinical in ("active", "resolved", None, UNREADABLE):
        record = condition("psychosis", text="Psychosis", clinical=clinical, onset=UNREADABLE)
        answer = ask(record, *reviewed())
        assert answer.value is True
        assert answer.reason.id == "condition.ever"
        assert answer.reason.values["what"] == PSYCHOSIS
        assert answer.reason.values["days"] is None
        assert refs(answer.evidence) == [record.ref]
        assert (answer.missing, answer.review_on) == ((), None)


@pytest.mark.parametrize(
    "fields",
    [
        {"verification": "provisional"},
        {"verification": None},
        {"verification": UNREADABLE},
        {"concepts": frozenset(), "possible": frozenset({"psychosis"})},
        {"concepts": UNREADABLE, "possible": frozenset({"psychosis"})},
    ],
)
def test_what_is_not_certain_leaves_it_open(fields: dict[str, Any]) -> None:
    record = condition("psychosis", text="Psychosis", **fields)
    answer = ask(record, *reviewed())
    assert answer.value is None
    assert refs(answer.evidence) == [record.ref]
    if fields.get("concepts") is not UNREADABLE:
        names = ("Psychosis active" + (" provisional" if fields.get("verification") == "provisional" else ""),)
        assert answer.reason == Reason("condition.ever-open", {"what": PSYCHOSIS, "found": names, "days": None})
        assert answer.missing == (Reason("ask.clarify", {"found": names}),)


def test_a_certain_record_decides_beside_an_open_one() -> None:
    sure, open_ = condition("psychosis"), condition("psychosis", verification="provisional")
    answer = ask(open_, sure)
    assert (answer.value, refs(answer.evidence)) == (True, [sure.ref])


def test_a_refuted_diagnosis_answers_for_its_own_code_only() -> None:
    refuted = condition("psychosis", verification="refuted")
    assert ask(refuted, *reviewed()).value is False
    assert ask(refuted).value is None
    assert ask(refuted, *reviewed(), concept="bipolar").value is False


def test_no_rows_is_no_history_only_where_somebody_reviewed() -> None:
    answer = ask(*reviewed("conditions"))
    day = DAY - timedelta(days=5)
    values = {"what": PSYCHOSIS, "domain": Term("domain.conditions"), "on": day, "by": "Dr Vale"}
    assert (answer.value, answer.reason) == (False, Reason("absent.reviewed", values))
    assert answer.evidence == (Evidence("List/conditions", "conditions: Dr Vale", day.isoformat()),)
    assert answer.missing == ()
    answer = ask()
    domains = (Term("domain.psychiatric_history"), Term("domain.conditions"))
    none = Reason("review.none", {"domains": domains})
    assert (answer.value, answer.missing) == (None, (none,))
    assert answer.reason == Reason("absent.not-reviewed", {"what": PSYCHOSIS, "why": none})


def test_a_review_without_a_name_says_so() -> None:
    answer = ask(*reviewed("conditions", by=None))
    assert answer.reason.values["by"] == Term("reviewer.not-recorded")
    assert answer.evidence[0].text == "conditions: ?"


def test_a_record_that_nobody_could_map_keeps_the_answer_open() -> None:
    odd = Unmapped("Condition/u", "X", "odd", domain="conditions")
    answer = ask(*reviewed(), unmapped=(odd,))
    assert (answer.value, missing(answer)) == (None, ["review.unread"])


def test_an_entry_that_says_not_what_keeps_the_answer_open() -> None:
    nameless = condition(concepts=UNREADABLE, ref="Condition/n")
    answer = ask(nameless, *reviewed())
    reason = Reason("condition.nameless", {"what": PSYCHOSIS, "records": ("Condition/n",)})
    assert (answer.value, answer.reason, answer.missing) == (None, reason, (reason,))
    assert refs(answer.evidence) == ["Condition/n"]
    assert ask(nameless, condition("psychosis")).value is True


def test_an_entry_whose_name_nobody_knows_keeps_the_answer_open() -> None:
    """A review says that the list is whole, not what its entries mean; what is surely over is no active one."""
    odd = condition(concepts=frozenset(), text="Weltschmerz", ref="Condition/o")
    answer = ask(odd, *reviewed())
    assert (answer.value, answer.reason.id) == (None, "condition.unmapped")
    assert (missing(answer), refs(answer.evidence)) == (["ask.clarify"], ["Condition/o"])
    assert ask(replace(odd, verification="refuted"), *reviewed()).value is False


@pytest.mark.parametrize(
    ("fields", "active"),
    [
        ({}, True),
        ({"clinical": "recurrence"}, True),
        ({"clinical": "relapse"}, True),
        ({"clinical": "inactive"}, False),
        ({"clinical": "remission"}, False),
        ({"clinical": "resolved"}, False),
        ({"clinical": None}, None),
        ({"clinical": UNREADABLE}, None),
        ({"abatement": DAY.isoformat(), "clinical": "resolved"}, False),
        ({"abatement": DAY.isoformat(), "clinical": None}, False),
        ({"abatement": DAY.isoformat()}, None),
        ({"abatement": DAY.isoformat(), "clinical": UNREADABLE}, None),
        ({"abatement": "2026-06-16", "clinical": "resolved"}, True),
        ({"abatement": "2026-06-16"}, True),
        ({"abatement": UNREADABLE, "clinical": "resolved"}, None),
        ({"abatement": UNREADABLE}, None),
        ({"onset": UNREADABLE}, None),
        ({"onset": UNREADABLE, "recorded": on(DAY)}, True),
        ({"onset": UNREADABLE, "recorded": when("2026")}, None),
        ({"onset": UNREADABLE, "recorded": days_ago(-1)}, None),
        ({"onset": None}, True),
    ],
)
def test_active_on_the_day(fields: dict[str, Any], active: bool | None) -> None:
    record = condition("psychosis", **fields)
    assert is_active(record, DAY) is active
    if record.onset is not UNREADABLE or active is not None:
        answer = ask(record, *reviewed(), state="active")
        assert answer.value is active
        ids = {True: "condition.active", False: "absent.reviewed", None: "condition.active-open"}
        assert answer.reason.id == ids[active]


@pytest.mark.parametrize(
    ("fields", "recent"),
    [
        ({"onset": days_ago(42)}, True),
        ({"onset": days_ago(43)}, False),
        ({"onset": when("2026")}, None),
        ({"onset": when("2025")}, False),
        ({"onset": UNREADABLE}, None),
        ({"onset": None}, None),
        ({"onset": None, "recorded": days_ago(43)}, False),
        ({"onset": None, "recorded": days_ago(42)}, None),
        ({"onset": UNREADABLE, "recorded": days_ago(43)}, None),
        ({"onset": None, "abatement": days_ago(43)}, False),
        ({"onset": None, "abatement": days_ago(42)}, None),
        ({"onset": None, "abatement": UNREADABLE}, None),
    ],
)
def test_recent_is_within_so_many_days(fields: dict[str, Any], recent: bool | None) -> None:
    answer = ask(condition("psychosis", **fields), *reviewed(), state="recent", within_days=42)
    assert answer.value is recent
    ids = {True: "condition.recent", False: "absent.reviewed", None: "condition.recent-open"}
    assert answer.reason.id == ids[recent]
    if recent is not False:
        assert answer.reason.values["days"] == 42


def test_the_first_day_on_which_a_recent_event_is_no_longer_recent() -> None:
    events = (condition("psychosis", onset="2026-06-01"), condition("psychosis", onset="2026-05-20"))
    answer = ask(*events, state="recent", within_days=42)
    assert answer.review_on == date(2026, 6, 1) + timedelta(days=43)
    later = view(*events, *reviewed(day=answer.review_on), as_of=answer.review_on)
    domains = ("conditions",)
    assert (
        asked(later, concept="psychosis", domains=domains, valid_days=1, state="recent", within_days=42).value is False
    )
    open_ = ask(condition("psychosis", onset=None), state="recent", within_days=42)
    assert open_.review_on is None


def depression(*records: Condition) -> tuple[bool | Any, str, list[str], list[str]]:
    answer = major_depression(view(*records))
    return answer.value, answer.reason.id, refs(answer.evidence), missing(answer)


def test_a_present_depression() -> None:
    md = condition("major_depression", text="MDD")
    other = condition("depression_unspecified")
    assert depression(other, md) == (True, "depression.present", [md.ref], [])
    assert major_depression(view(md)).reason.values == {"found": ("MDD active",)}


def test_a_depression_of_unknown_kind_leaves_it_open() -> None:
    other = condition("depression_unspecified")
    open_ = condition("major_depression", verification="provisional")
    unsure = condition("depression_unspecified", clinical=None)
    assert depression(other) == (None, "depression.open", [other.ref], ["ask.depression-kind"])
    assert depression(open_, other, unsure) == (
        None,
        "depression.open",
        [open_.ref, other.ref, unsure.ref],
        ["ask.depression-kind"],
    )
    both = condition("depression_unspecified", possible=frozenset({"major_depression"}))
    assert depression(both)[2] == [both.ref]


@pytest.mark.parametrize("concept", ["major_depression", "major_depression_in_remission"])
def test_a_past_depression_is_an_obstacle(concept: str) -> None:
    past = condition(concept, clinical="remission")
    assert depression(past) == (False, "depression.past", [past.ref], [])


def test_no_depression_on_record_is_not_none() -> None:
    assert depression() == (None, "depression.none", [], ["ask.depression"])


def test_every_domain_must_be_reviewed() -> None:
    domains = ("conditions", "allergies")
    answer = history_reviewed(view(*reviewed("conditions", "allergies")), domains=domains, valid_days=365)
    terms = (Term("domain.conditions"), Term("domain.allergies"))
    assert (answer.value, answer.reason) == (True, Reason("history.reviewed", {"domains": terms}))
    assert refs(answer.evidence) == ["List/conditions", "List/allergies"]
    answer = history_reviewed(view(*reviewed("conditions")), domains=domains, valid_days=365)
    why = (Reason("review.none", {"domains": (Term("domain.allergies"),)}),)
    assert (answer.value, answer.reason) == (None, Reason("history.not-reviewed", {"why": why}))
    assert (answer.missing, refs(answer.evidence)) == (why, ["List/conditions"])


def test_a_no_stands_only_if_every_present_entry_can_be_read() -> None:
    no = FactAnswer(False, Reason("x"), (Evidence("Observation/1", "no"),))
    nameless = condition(concepts=UNREADABLE, ref="Condition/n")
    over = condition(concepts=UNREADABLE, clinical="resolved")
    assert unless_nameless(view(over), PSYCHOSIS, no) is no
    answer = unless_nameless(view(nameless, over), PSYCHOSIS, no)
    assert (answer.value, answer.reason.id, missing(answer)) == (None, "condition.nameless", ["condition.nameless"])
    assert answer.reason.values == {"what": PSYCHOSIS, "records": ("Condition/n",)}
    assert refs(answer.evidence) == ["Observation/1", "Condition/n"]
    yes = FactAnswer(True, Reason("x"))
    assert unless_nameless(view(nameless), PSYCHOSIS, yes) is yes
