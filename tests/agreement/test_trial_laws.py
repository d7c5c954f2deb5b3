"""Can an unknown ever make a history look more resistant, or hide that it could be? The law of unknowns on generated histories.

A field made `UNREADABLE` may turn a failed step into a possible one, never the other way; and what the whole record shows
must stay among what the poorer record calls possible. `None` is "not recorded": the same law where that says nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daybreak.clinical.answers import MET, NOT_MET, UNREADABLE
from daybreak.clinical.records import Exposure, When, on
from daybreak.clinical.screening.rules import DoseTable, TrialRules
from daybreak.clinical.screening.staged import History, Staged, stage
from daybreak.clinical.screening.trd import Trd, assess
from daybreak.knowledge.rules import models, trial_rules

INDEX = date(2025, 1, 1)
START = date(2024, 1, 1)
SINCE = on(START)
CLASSES = {"sertraline": "ssri", "fluoxetine": "ssri", "venlafaxine": "snri"}
RULES = TrialRules(
    id="r",
    dose_table=DoseTable("t", dict.fromkeys(CLASSES, Decimal(50))),
    minimum_days=28,
    bridge=14,
    failed_below=Decimal(25),
    failed_inclusive=False,
    response_from=Decimal(50),
    combination_start=14,
    combination_overlap=28,
    score_window=14,
    adherence_from=Decimal(80),
    steps_needed=2,
)
FIELDS = ("ingredients", "dose", "start", "end", "status", "stop", "improvement", "indication", "adherence")
# where "not recorded" does not say something of its own
FIELDS_THAT_MAY_BE_MISSING = ("dose", "start", "stop")

# Days near each other, so that gaps, overlaps and combinations come up often.
days = st.integers(-40, 380).map(lambda n: START + timedelta(days=n)) | st.sampled_from(
    [START + timedelta(days=n) for n in (0, 13, 14, 15, 27, 28, 29, 41, 42, 43, 60, 90)]
)


@st.composite
def exposures(draw: Any, *, known: bool = False) -> Exposure:
    start = draw(days)
    length = draw(st.sampled_from([1, 13, 14, 15, 27, 28, 29, 42, 60, 90, 200]))
    rest = [] if known else [UNREADABLE]
    running = draw(st.booleans()) and not known
    return Exposure(
        ref=f"M/{draw(st.integers(0, 10**9))}",
        text="x",
        ingredients=(draw(st.sampled_from(sorted(CLASSES))),),
        dose=Decimal(draw(st.sampled_from([25, 49, 50, 100]))),
        start=on(start),
        end=None if running else on(start + timedelta(days=length - 1)),
        status="active" if running else draw(st.sampled_from(["ended", "ended", "ended", "planned"])),
        stop=draw(st.sampled_from(["no effect", "intolerance", "other", None, *rest])),
        improvement=draw(st.sampled_from([None, *map(Decimal, (-10, 0, 10, 24, 25, 30, 49, 50, 60)), *rest])),
        indication=draw(st.sampled_from([None, None, None, "depression", "other"])),
        adherence=draw(st.sampled_from([None, None, None, Decimal(100), Decimal(79)])),
        kind=draw(st.sampled_from(["course", "course", "dispense"])),
    )


histories = st.lists(exposures(), min_size=1, max_size=5, unique_by=lambda e: e.ref)
rule_sets = st.builds(
    lambda intolerance, classes, needed, inclusive: replace(
        RULES,
        intolerance_counts=intolerance,
        classes_needed=classes,
        steps_needed=needed,
        failed_inclusive=inclusive,
    ),
    st.booleans(),
    st.sampled_from([1, 2]),
    st.sampled_from([1, 2, 3]),
    st.booleans(),
)


def answer(history: list[Exposure], rules: TrialRules = RULES, start: Any = SINCE) -> Trd:
    return assess(history, antidepressants=CLASSES, rules=rules, episode_start=start, index=INDEX)


def never_more_certain(poorer: Trd, whole: Trd) -> None:
    assert poorer.steps.failed <= whole.steps.failed
    if whole.verdict is not MET:
        assert poorer.verdict is not MET


def still_possible(poorer: Trd, whole: Trd) -> None:
    assert poorer.steps.failed + poorer.steps.possible >= whole.steps.failed
    if whole.verdict is MET:
        assert poorer.verdict is not NOT_MET


@given(histories, st.integers(0, 4), st.sampled_from(FIELDS), rule_sets)
def test_a_field_that_cannot_be_read(history: list[Exposure], which: int, field: str, rules: TrialRules) -> None:
    i = which % len(history)
    poorer = [replace(e, **{field: UNREADABLE}) if j == i else e for j, e in enumerate(history)]
    never_more_certain(answer(poorer, rules), answer(history, rules))
    if field != "ingredients":  # a short one that is unnamed and had helped may hide the middle of another
        still_possible(answer(poorer, rules), answer(history, rules))


@given(histories, st.integers(0, 4), st.sampled_from(FIELDS_THAT_MAY_BE_MISSING))
def test_a_field_that_is_not_recorded(history: list[Exposure], which: int, field: str) -> None:
    i = which % len(history)
    poorer = [replace(e, **{field: None}) if j == i else e for j, e in enumerate(history)]
    if field == "stop" and history[i].improvement is not None:
        return  # then the number decides, and a contradiction goes with the reason
    never_more_certain(answer(poorer), answer(history))
    still_possible(answer(poorer), answer(history))


@given(histories, st.integers(0, 4), st.sampled_from(("start", "end")), st.integers(0, 60), st.integers(0, 60))
def test_a_date_that_is_only_roughly_known(history: list[Exposure], which: int, field: str, a: int, b: int) -> None:
    i = which % len(history)
    day = getattr(history[i], field)
    if day is None:
        return
    rough = When(day.earliest - timedelta(days=a), day.latest + timedelta(days=b))
    poorer = [replace(e, **{field: rough}) if j == i else e for j, e in enumerate(history)]
    never_more_certain(answer(poorer), answer(history))
    still_possible(answer(poorer), answer(history))


@given(histories, days, st.sampled_from([None, UNREADABLE]) | st.integers(0, 400), rule_sets)
def test_an_episode_whose_start_is_not_known(
    history: list[Exposure], start: date, poorer: Any, rules: TrialRules
) -> None:
    whole = answer(history, rules, start=on(min(start, INDEX)))
    rough = When(min(start, INDEX) - timedelta(days=poorer), start) if isinstance(poorer, int) else poorer
    unsure = answer(history, rules, start=rough)
    never_more_certain(unsure, whole)
    still_possible(unsure, whole)


@given(histories, st.randoms(use_true_random=False), rule_sets)
def test_the_order_of_records_does_not_matter(history: list[Exposure], random: Any, rules: TrialRules) -> None:
    shuffled = random.sample(history, len(history))
    one, other = answer(history, rules), answer(shuffled, rules)
    assert (one.verdict, one.steps) == (other.verdict, other.steps)
    by_name = [{t.ingredient: (t.label, t.days, t.dates) for t in a.trials} for a in (one, other)]
    assert by_name[0] == by_name[1]


@given(histories, st.integers(1, 99), st.integers(0, 99))
def test_a_higher_bar_for_helping_finds_no_fewer_failures(history: list[Exposure], low: int, more: int) -> None:
    strict = replace(RULES, failed_below=Decimal(min(low, 50)))
    looser = replace(strict, failed_below=Decimal(min(low + more, 50)), failed_inclusive=min(low + more, 50) < 50)
    one, other = answer(history, strict), answer(history, looser)
    assert other.steps.failed >= one.steps.failed
    assert other.steps.failed + other.steps.possible >= one.steps.failed + one.steps.possible


@given(histories, st.integers(7, 56), st.integers(0, 30))
def test_fewer_days_asked_for_make_no_fewer_adequate(history: list[Exposure], days_: int, more: int) -> None:
    strict, looser = replace(RULES, minimum_days=days_ + more), replace(RULES, minimum_days=days_)
    sure = {t.ingredient for t in answer(history, strict).trials if t.adequate}
    assert sure <= {t.ingredient for t in answer(history, looser).trials if t.adequate or t.days is None}


@given(histories)
def test_nothing_certain_comes_of_nothing(history: list[Exposure]) -> None:
    found = answer(history)
    assert 0 <= found.steps.failed <= found.failed_medicines <= found.adequate <= len(found.trials)
    assert found.steps.failed + found.steps.possible <= len(found.trials)
    for trial in found.trials:
        assert (trial.days or 0) <= (INDEX - START).days + 1


@given(histories, st.sampled_from(sorted(trial_rules())), st.integers(0, 4), st.sampled_from(FIELDS))
def test_staging_of_a_poorer_record(history: list[Exposure], rules: str, which: int, field: str) -> None:
    def staged(given_: list[Exposure]) -> Staged:
        whole = History(tuple(given_), (), on(START), "moderate", INDEX)
        return stage(whole, rules=trial_rules()[rules], models=models())

    i = which % len(history)
    poorer = staged([replace(e, **{field: UNREADABLE}) if j == i else e for j, e in enumerate(history)])
    full = staged(history)
    assert poorer.mgh_s <= full.mgh_s
    if full.msm.total is not None and poorer.msm.low is not None:
        assert poorer.msm.low <= full.msm.total
        if field != "ingredients":
            assert poorer.msm.high is not None
            assert full.msm.total <= poorer.msm.high
