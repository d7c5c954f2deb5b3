"""Does not knowing ever clear anybody? The law of unknowns, for generated charts and every protocol.

`daybreak.clinical` decides for a person, so the law is tested where it decides: on statuses and on each criterion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, UNREADABLE, Verdict
from daybreak.clinical.records import (
    Allergy,
    Chart,
    Condition,
    Exposure,
    KetamineExposure,
    Observation,
    When,
)
from daybreak.clinical.screening.judge import Decision, decide
from tests.agreement.charts import PARTS, PAYERS, RULES, can_be_unreadable, charts, part_of, unreadable
from tests.clinical.screening.build import chart, cleared, patient, view, when

DAYS = ("start", "end")
TRIALS = {"failed_adequate_trials", "failed_trials_or_suicidal"}


def decisions(whole: Chart) -> list[Decision]:
    """What every protocol and every payer says, from a fresh view."""
    fresh = view(whole)
    return [decide(fresh, p) for p in RULES]


def verdicts(found: list[Decision], *, without: frozenset[str] | set[str] = frozenset()) -> dict[Any, Verdict]:
    return {
        (d.protocol.id, f.criterion.name, f.criterion.when): f.answer.verdict
        for d in found
        for f in d.findings
        if f.criterion.name not in without
    }


def assert_nothing_cleared(before: Chart, after: Chart, *, without: frozenset[str] | set[str] = frozenset()) -> None:
    """Nobody becomes eligible, and no criterion becomes met."""
    old, new = decisions(before), decisions(after)
    for was, now in zip(old, new, strict=True):
        assert now.status != "eligible" or was.status == "eligible", now.protocol.id
    known = verdicts(old)
    cleared_now = {k for k, verdict in verdicts(new, without=without).items() if verdict is MET and known[k] is not MET}
    assert cleared_now == set()


def with_unreadable_fields(whole: Chart, record: Any) -> Iterator[Chart]:
    """The chart with one field of that record unreadable, for each of its fields. Days that contradict each other are no two
    facts: neither is known, and one alone would be believed. They go together."""
    for field in can_be_unreadable(record):
        spoiled = unreadable(record, field)
        if field in DAYS and _contradict(record):
            spoiled = replace(record, **dict.fromkeys(DAYS, UNREADABLE))
        if record is whole.patient:
            yield replace(whole, patient=spoiled)
        elif record is whole.episode:
            yield replace(whole, episode=spoiled)
        else:
            part = part_of(record)
            yield replace(whole, **{part: tuple(spoiled if r is record else r for r in getattr(whole, part))})


def _contradict(record: Any) -> bool:
    days = [getattr(record, name, None) for name in DAYS]
    return all(isinstance(day, When) for day in days) and days[1].latest < days[0].earliest


def records(whole: Chart) -> list[Any]:
    return [r for part in PARTS for r in getattr(whole, part)]


@settings(max_examples=settings().max_examples * 4)
@given(charts(), st.data())
def test_a_field_that_becomes_unreadable_clears_nothing(whole: Chart, data: st.DataObject) -> None:
    everything = [whole.patient, *([whole.episode] if whole.episode else []), *records(whole)]
    record = data.draw(st.sampled_from(everything))
    for spoiled in with_unreadable_fields(whole, record):
        assert_nothing_cleared(whole, spoiled)


def test_no_single_field_of_the_cleared_chart_is_needed_twice() -> None:
    """The chart that everybody would treat: one unreadable field at a time never makes a criterion met that was not."""
    whole = cleared()
    assert {d.status for d in decisions(whole)} == {"eligible"}
    for record in [whole.patient, whole.episode, *records(whole)]:
        for spoiled in with_unreadable_fields(whole, record):
            assert_nothing_cleared(whole, spoiled)


def test_a_score_of_some_day_of_the_year_hides_none_that_was_surely_measured_lately() -> None:
    """And its date becoming unreadable clears nobody whom the date had stopped."""
    vague = Observation("Observation/x", "phq-9", Decimal(0), when("2026"))
    whole = cleared()
    whole = replace(whole, observations=(*whole.observations, vague))
    asked = {verdict for (_, name, _), verdict in verdicts(decisions(whole)).items() if name == "severity_measured"}
    assert asked == {MET}
    for spoiled in with_unreadable_fields(whole, vague):
        assert_nothing_cleared(whole, spoiled)


def test_a_count_of_a_history_that_nobody_reviewed_makes_nobody_eligible() -> None:
    """Not even for a payer that asks for little else: a medicine whose record went with its review may be the one that helped."""
    taken = Exposure("x", "sertraline", ("sertraline",), Decimal(300), None, None, "active", stop="intolerance")
    whole = cleared()
    whole = replace(whole, exposures=(*whole.exposures, taken))
    for decision in decisions(without_record(whole, taken)):
        assert decision.status != "eligible", decision.protocol.id


# What says that somebody looked: the domains reviewed, and the answers and screens that clear as a review does. Sex recorded as
# male, and that somebody cannot become pregnant, answer for pregnancy "until something else does", so they go with the record
# that was this something.
ASKED = ("pregnancy_status", "pregnancy_test", "breastfeeding_status", "c-ssrs-screen.risk", "phq-9.item-9")
ASKED += ("audit", "audit-c", "dast-10")
DOMAINS_OF = {
    Condition: {"conditions", "psychiatric_history", "substance_use", "reproductive", "earlier_ketamine", "allergies"},
    Exposure: {"medicines", "antidepressant_trials", "earlier_ketamine"},
    Allergy: {"allergies", "earlier_ketamine"},
    KetamineExposure: {"earlier_ketamine"},
}


def without_record(whole: Chart, record: Any) -> Chart:
    """The chart as it would be if nobody had recorded it, and nobody had looked."""
    part = part_of(record)
    gone = replace(whole, **{part: tuple(r for r in getattr(whole, part) if r is not record)})
    gone = replace(gone, coverage=tuple(c for c in gone.coverage if c.domain not in DOMAINS_OF[type(record)]))
    if isinstance(record, Condition):
        left = tuple(o for o in gone.observations if o.kind not in ASKED)
        able = tuple(
            c for c in gone.conditions if c.concepts is UNREADABLE or "cannot_become_pregnant" not in c.concepts
        )
        gone = replace(gone, conditions=able, observations=left, patient=replace(gone.patient, sex=None))
    return gone


@given(charts(), st.data())
def test_a_record_that_goes_with_its_review_clears_nothing(whole: Chart, data: st.DataObject) -> None:
    """Two things the law cannot ask. Measurements have no review: nobody can know of a reading that is not there. And the
    count of failed trials is of what is on record; it may grow when the record of a medicine that helped is taken away, or
    that of a later depression from which the episode was counted. That is why a count without a review has no upper bound,
    an assumed start allows at most a review, and a medicine list that nobody reviewed never lets a chart be eligible."""
    able = [r for r in records(whole) if type(r) in DOMAINS_OF]
    if able:
        record = data.draw(st.sampled_from(able))
        counted = TRIALS if isinstance(record, Condition | Exposure) else frozenset()
        assert_nothing_cleared(whole, without_record(whole, record), without=counted)


@given(charts())
def test_an_episode_that_nobody_recorded_clears_nothing(whole: Chart) -> None:
    """Its start is then assumed; the count of trials may change, but nobody becomes eligible by an assumption."""
    assert_nothing_cleared(whole, replace(whole, episode=None), without=TRIALS)


def test_an_empty_chart_is_never_eligible_and_clears_nothing_but_being_alive() -> None:
    """Being alive is the one thing that is taken for granted: no chart says "is not dead", and a screening of somebody whose
    death nobody has recorded goes on. Everything else needs somebody who looked."""
    for sex in (None, "female", "other"):
        for decision in decisions(chart(patient(birth=None, sex=sex))):
            hard = [f for f in decision.findings if f.criterion.strength in ("absolute", "required")]
            assert [f.criterion.name for f in hard if f.answer.verdict is MET] == ["alive"] * (
                decision.protocol not in PAYERS
            )
            assert decision.status == "needs_information"
            assert decision.trd.word == "indeterminate"
            assert {f.answer.verdict for f in decision.findings if f.criterion.name != "alive"} == {UNKNOWN}


@given(charts(), st.randoms(use_true_random=False))
def test_the_same_chart_has_the_same_answer_in_any_order(whole: Chart, random: Any) -> None:
    first = decisions(whole)
    assert decisions(whole) == first

    def shuffled(part: str) -> tuple[Any, ...]:
        found = list(getattr(whole, part))
        random.shuffle(found)
        return tuple(found)

    other = decisions(replace(whole, **{part: shuffled(part) for part in (*PARTS, "coverage")}))
    assert verdicts(other) == verdicts(first)
    assert [d.status for d in other] == [d.status for d in first]


def status_by_the_book(decision: Decision) -> str:
    """How a status follows from findings, written down a second time: first match."""
    screening = [f for f in decision.findings if f.criterion.when == "screening"]

    def some(strengths: str, *found: Verdict) -> bool:
        return any(f.criterion.strength in strengths.split() and f.answer.verdict in found for f in screening)

    if some("absolute required", NOT_MET):
        return "not_eligible"
    if some("absolute required", UNKNOWN):
        return "needs_information"
    unreviewed = any("trials.counted-unreviewed" in str(f.answer.reason) for f in decision.findings)
    if some("relative caution", NOT_MET, UNKNOWN) or decision.trd.assumed or unreviewed:
        return "eligible_with_review"
    return "eligible"


@given(charts())
def test_the_status_follows_from_the_findings(whole: Chart) -> None:
    for decision in decisions(whole):
        assert decision.status == status_by_the_book(decision)


def test_the_generated_charts_can_be_read() -> None:
    """The generators know every kind of record that a chart holds, and every field that can be unreadable."""
    kept = {"patient", "episode", "coverage", "encounters", "unmapped", "problems"}
    assert {*PARTS} | kept == set(Chart.__dataclass_fields__)
    whole = cleared()
    assert set(can_be_unreadable(whole.patient)) == {"birth", "sex", "deceased"}
    assert unreadable(whole.observations[0], "when").instant is None
