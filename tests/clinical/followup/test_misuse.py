"""Does a sign that is simply the treatment count for nothing, and one sign never propose anything?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.followup.misuse import Dose, Rule, Seen, Standing, judge, proposal

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = Rule(24 * HOUR, 2, timedelta(days=90))
DOSE = Dose(NOON, NOON + HOUR)


def seen(sign: str = "eyes", at: datetime = NOON + 30 * HOUR, *, explained: bool | None = False, **other: bool) -> Seen:
    return Seen(sign, at, at, at, explained, **other)


def test_what_is_seen_within_a_day_of_a_dose_is_the_dose() -> None:
    for hours, worth in ((-1, "counts"), (0, "treatment"), (1, "treatment"), (25, "treatment"), (26, "counts")):
        assert judge(seen(at=NOON + hours * HOUR), [DOSE], RULE) == worth
    vague = Seen("eyes", NOON + 20 * HOUR, NOON + 44 * HOUR, NOON + 44 * HOUR, False)
    assert judge(vague, [DOSE], RULE) is Standing.TREATMENT, "perhaps within it"
    assert judge(vague, [], RULE) is Standing.COUNTS
    assert judge(seen("early", NOON, lasting=True), [DOSE], RULE) is Standing.COUNTS


def test_what_is_explained_does_not_count_and_what_nobody_asked_about_is_asked() -> None:
    assert judge(seen(explained=True), [DOSE], RULE) is Standing.EXPLAINED
    assert judge(seen(explained=None), [DOSE], RULE) is Standing.ASK


def test_one_sign_never_proposes_anything_however_often_it_is_seen() -> None:
    often = [seen(at=NOON + n * 26 * HOUR) for n in range(1, 9)]
    found = proposal(often, [DOSE], RULE, at=NOON + 300 * HOUR, since=None)
    assert (found.talk, found.counts, found.ask) == (False, ("eyes",), ())
    found = proposal([*often, seen("speech")], [DOSE], RULE, at=NOON + 300 * HOUR, since=None)
    assert (found.talk, found.counts) == (True, ("eyes", "speech"))
    found = proposal([*often, seen("speech", explained=None)], [DOSE], RULE, at=NOON + 300 * HOUR, since=None)
    assert (found.talk, found.ask) == (False, ("speech",))


def test_what_was_reviewed_or_is_long_past_is_not_taken_again() -> None:
    two = [seen(), seen("speech", NOON + 40 * HOUR)]
    late = [replace(one, noted=NOON + 60 * HOUR) for one in two]
    assert proposal(late, [], RULE, at=NOON + 70 * HOUR, since=NOON + 50 * HOUR).talk, "written down after the review"
    assert not proposal(two, [], RULE, at=NOON + 50 * HOUR, since=NOON + 30 * HOUR).talk
    assert not proposal(two, [], RULE, at=NOON + timedelta(days=91, hours=31), since=None).talk


SIGNS = st.builds(
    seen,
    st.sampled_from("abc"),
    st.integers(0, 99).map(lambda n: NOON + n * HOUR),
    explained=st.sampled_from([True, False]),
)


@given(st.lists(SIGNS), st.integers(0, 99))
def test_not_to_know_the_explanation_never_accuses_and_never_clears(found: list[Seen], place: int) -> None:
    known = proposal(found, [DOSE], RULE, at=NOON + 99 * HOUR, since=None)
    unknown = [replace(one, explained=None) if n == place % len(found) else one for n, one in enumerate(found)]
    now = proposal(unknown, [DOSE], RULE, at=NOON + 99 * HOUR, since=None)
    assert set(now.counts) <= set(known.counts)
    assert set(known.counts) <= set(now.counts) | set(now.ask)
