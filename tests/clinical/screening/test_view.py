"""What does a chart say as of one day, and what lies in the future of it?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import AsOf, Code, Coverage, Problem, Unmapped, on
from daybreak.clinical.screening.view import View, begins_after, condition_evidence, observation_evidence
from tests.clinical.screening.build import (
    DAY,
    at,
    condition,
    days_ago,
    exposure,
    ketamine,
    observation,
    reviewed,
    view,
    when,
)

TOMORROW = (DAY + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("day", "after"),
    [(DAY.isoformat(), False), (TOMORROW, True), ("2026", False), ("2027", True), (None, False), (UNREADABLE, False)],
)
def test_only_what_certainly_begins_later_lies_in_the_future(day: Any, after: bool) -> None:
    assert begins_after(when(day), DAY) is after


def test_records_of_the_future_are_not_seen() -> None:
    found = view(
        condition("psychosis", onset=TOMORROW),
        condition("psychosis", onset=None, recorded=on(DAY + timedelta(days=1))),
        exposure("lorazepam", start=TOMORROW),
        ketamine("bad", TOMORROW),
        observation("phq-9", 20, TOMORROW),
    )
    assert (found.conditions, found.exposures, found.ketamine, found.observations) == ((), (), (), {})


def test_records_of_the_day_itself_are_seen() -> None:
    today = DAY.isoformat()
    found = view(
        condition("psychosis", onset=today),
        condition("psychosis", onset="2020", recorded=on(DAY + timedelta(days=1))),
        condition("psychosis", onset=None, recorded=on(DAY)),
        exposure("lorazepam", start=today),
        ketamine("bad", today),
        observation("phq-9", 20),
    )
    assert len(found.conditions) == 3
    assert (len(found.exposures), len(found.ketamine), list(found.observations)) == (1, 1, ["phq-9"])


def test_an_entry_made_in_error_is_no_fact_and_a_refuted_one_answers_for_nothing() -> None:
    found = view(
        condition("psychosis", verification="entered-in-error"),
        condition("psychosis", verification="refuted"),
        condition("psychosis", ref="Condition/1", possible=frozenset({"bipolar"})),
        condition(concepts=UNREADABLE, ref="Condition/2"),
        condition(concepts=UNREADABLE, verification="refuted"),
    )
    assert len(found.conditions) == 4
    assert {c: [x.ref for x in cs] for c, cs in found.by_concept.items()} == {
        "psychosis": ["Condition/1"],
        "bipolar": ["Condition/1"],
    }
    assert [c.ref for c in found.nameless_conditions] == ["Condition/2"]


def test_with_a_moment_later_readings_of_the_day_are_not_seen() -> None:
    early = observation("systolic", 120, instant=at(9), ref="Observation/early")
    late = observation("systolic", 150, instant=at(11), ref="Observation/late")
    untimed = observation("systolic", 130, ref="Observation/untimed")
    moment = AsOf(DAY, at(10))
    assert refs_of(view(early, late, as_of=moment)) == ["Observation/early"]
    assert refs_of(view(early, replace_instant(late), as_of=moment)) == ["Observation/late"]
    assert refs_of(view(early, late, untimed, as_of=moment)) == ["Observation/early", "Observation/untimed"]
    assert refs_of(view(early, late)) == ["Observation/late"]


def replace_instant(o: Any) -> Any:
    return observation("systolic", 150, instant=at(10), ref=o.ref)


def refs_of(found: View) -> list[str]:
    return [o.ref for o in found.latest("systolic")]


def test_the_newest_reading_is_one_or_all_that_could_be() -> None:
    old = observation("phq-9", 20, "2026-05-01", ref="Observation/old")
    new = observation("phq-9", 10, "2026-06-01", ref="Observation/new")
    month = observation("phq-9", 12, "2026-06", ref="Observation/month")
    undated = observation("phq-9", 12, UNREADABLE, ref="Observation/undated")
    other = observation("madrs", 12, "2026-06-02", ref="Observation/other")

    def newest(*given: Any, kinds: tuple[str, ...] = ("phq-9",)) -> list[str]:
        return [o.ref for o in view(*given).latest(*kinds)]

    assert newest(old, new) == ["Observation/new"]
    assert newest(new, old) == ["Observation/new"]
    assert newest(old, new, month) == ["Observation/new", "Observation/month"]
    assert newest(old, undated) == ["Observation/old", "Observation/undated"]
    assert newest(undated) == ["Observation/undated"]
    assert newest() == []
    assert newest(new, other) == ["Observation/new"]
    assert newest(new, other, kinds=("phq-9", "madrs")) == ["Observation/other"]


def test_the_minute_orders_readings_of_one_day_only_when_all_have_one() -> None:
    first = observation("systolic", 150, instant=at(9), ref="Observation/first")
    second = observation("systolic", 120, instant=at(10), ref="Observation/second")
    untimed = observation("systolic", 130, ref="Observation/untimed")
    assert refs_of(view(first, second)) == ["Observation/second"]
    assert len(refs_of(view(first, second, untimed))) == 3


@pytest.mark.parametrize(
    ("day", "days", "fresh"),
    [
        (days_ago(30), 30, True),
        (days_ago(31), 30, False),
        (days_ago(0), 0, True),
        (days_ago(1), 0, False),
        (days_ago(9999), None, True),
        (None, None, False),
        (UNREADABLE, 30, False),
        (when("2026"), 30, False),
        (when("2026-06"), 30, True),
    ],
)
def test_undated_is_never_fresh(day: Any, days: int | None, fresh: bool) -> None:
    assert view().age_ok(day, days) is fresh


DOMAIN = (Term("domain.conditions"),)


def test_a_review_holds_for_so_many_days() -> None:
    def last(days: int) -> Coverage | Reason:
        found = view(*reviewed("conditions", day=DAY - timedelta(days=days))).reviewed(("conditions",), 365)
        return found if isinstance(found, Reason) else found.coverage

    assert last(365) == Coverage("conditions", DAY - timedelta(days=365), "Dr Vale", "List/conditions")
    values = {"domains": DOMAIN, "on": DAY - timedelta(days=366), "days": 365}
    assert last(366) == Reason("review.expired", values)
    assert last(-1) == Reason("review.none", {"domains": DOMAIN})
    assert isinstance(last(0), Coverage)


def test_the_newest_review_of_any_of_the_domains_counts() -> None:
    both = (*reviewed("conditions"), *reviewed("psychiatric_history", day=DAY), *reviewed("allergies", day=DAY))
    found = view(*both).reviewed(("conditions", "psychiatric_history"), 365)
    assert not isinstance(found, Reason)
    assert found.coverage.domain == "psychiatric_history"
    assert found.evidence.date == DAY.isoformat()
    assert view(*both).reviewed(("medicines",), 365) == Reason("review.none", {"domains": (Term("domain.medicines"),)})


def unread(domain: str, record: Any) -> object:
    key = "problems" if isinstance(record, Problem) else "unmapped"
    found = view(*reviewed(domain), **{key: (record,)}).reviewed((domain,), 365)
    if not isinstance(found, Reason):
        return None
    assert (found.id, found.values["on"]) == ("review.unread", DAY - timedelta(days=5))
    return found.values["record"]


@pytest.mark.parametrize(
    ("of", "spoiled"),
    [
        ("conditions", {"conditions", "psychiatric_history", "substance_use", "reproductive", "earlier_ketamine"}),
        ("medicines", {"medicines", "antidepressant_trials", "earlier_ketamine"}),
        ("allergies", {"allergies"}),
        ("observations", set()),
        (None, set()),
    ],
)
def test_an_unmapped_record_spoils_the_reviews_it_could_speak_to(of: str | None, spoiled: set[str]) -> None:
    record = Unmapped("Condition/u", "X1", "", domain=of)
    domains = ("conditions", "psychiatric_history", "substance_use", "reproductive", "medicines")
    domains += ("antidepressant_trials", "earlier_ketamine", "allergies")
    assert {d for d in domains if unread(d, record)} == spoiled


@pytest.mark.parametrize(
    ("recorded", "spoils"),
    [
        (None, True),
        (days_ago(5), False),
        (days_ago(4), True),
        (days_ago(0), True),
        (days_ago(-1), False),
        (when("2026-06"), True),
        (when("2026-05"), False),
    ],
)
def test_only_a_record_after_the_review_spoils_it(recorded: Any, spoils: bool) -> None:
    record = Unmapped("Condition/u", "X1", "odd", domain="conditions", recorded=recorded)
    assert unread("conditions", record) == ("Condition/u (odd)" if spoils else None)


def test_the_code_stands_in_for_a_text_that_is_missing() -> None:
    assert unread("conditions", Unmapped("Condition/u", "X1", "", domain="conditions")) == "Condition/u (X1)"


MEDICATION = ("", "Request", "Statement", "Dispense", "Administration")
OUTSIDE = ("Observation", "QuestionnaireResponse", "Patient", "Encounter", "Procedure", "List")


@pytest.mark.parametrize(
    ("place", "spoiled"),
    [
        ("a.json#Condition/1", {"conditions"}),
        ("a.json#AllergyIntolerance/1", {"allergies"}),
        *((f"a.json#Medication{kind}/1", {"medicines"}) for kind in MEDICATION),
        *((f"a.json#{kind}/1", set()) for kind in OUTSIDE),
        ("a.json#entry[3]", {"conditions", "allergies", "medicines"}),
        ("Condition/1", {"conditions"}),
    ],
)
def test_a_broken_record_spoils_the_reviews_it_could_speak_to(place: str, spoiled: set[str]) -> None:
    problem = Problem(place, Reason("fhir.untyped"))
    found = {d: unread(d, problem) for d in ("conditions", "allergies", "medicines")}
    assert {d for d, record in found.items() if record} == spoiled
    assert {record for record in found.values() if record} <= {place}


def test_a_diagnosis_in_a_line() -> None:
    coded = condition(
        "psychosis", text="Psychosis", codes=(Code("x", ""), Code("icd-10-cm", "F23")), onset="2012-03-01"
    )
    assert condition_evidence(coded) == Evidence(coded.ref, "Psychosis (F23) active", "2012-03-01")
    named = condition(
        "x", text="F23 psychosis", codes=(Code("icd-10-cm", "F23"),), clinical=None, verification="refuted",
        abatement="2012", onset=None, recorded=when("2013"),
    )  # fmt: skip
    assert condition_evidence(named) == Evidence(named.ref, "F23 psychosis refuted – 2012", "2013")
    bare = condition(text="", clinical=UNREADABLE, onset=UNREADABLE, abatement=UNREADABLE)
    assert condition_evidence(bare) == Evidence(bare.ref, "?", None)


def test_a_reading_in_a_line() -> None:
    plain = observation("phq-9", 12, "2026-06-01")
    assert observation_evidence(plain) == Evidence(plain.ref, "12", "2026-06-01")
    worded = observation("phq-9", 12, UNREADABLE, text="PHQ-9 12")
    assert observation_evidence(worded) == Evidence(worded.ref, "PHQ-9 12", None)
    assert [observation_evidence(observation("phq-9", value)).text for value in (None, UNREADABLE)] == ["?", "?"]
