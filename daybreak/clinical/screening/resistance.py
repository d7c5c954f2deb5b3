"""Has this depression resisted treatment, as far as this chart tells? Trials of one chart under one rule set."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from daybreak.clinical.answers import NOT_MET, UNKNOWN, UNREADABLE, Reason, Term, Unreadable
from daybreak.clinical.records import Condition, When
from daybreak.clinical.screening.courses import window
from daybreak.clinical.screening.criteria import FactAnswer, Range
from daybreak.clinical.screening.history import is_active, sort_out
from daybreak.clinical.screening.levels import serum_levels
from daybreak.clinical.screening.measures import improvement
from daybreak.clinical.screening.psychotherapy import TherapyTrial, failures, psychotherapies
from daybreak.clinical.screening.rules import TrialRules
from daybreak.clinical.screening.staged import History, Models, Staged, stage
from daybreak.clinical.screening.trd import Improvements, Trd, assess
from daybreak.clinical.screening.trials import Label
from daybreak.clinical.screening.view import View

COUNTED = "trials.counted"  # of a reviewed history: without a review the count has no upper bound
UNREVIEWED = "trials.counted-unreviewed"  # what is on record, of a history that nobody reviewed


def episode_start(view: View) -> tuple[When | Unreadable | None, tuple[Reason, ...]]:
    """When the present episode began: as recorded, else the onset of the present depression, which is then an assumption.

    An onset that cannot be read is not replaced by another record's, and an entry that could be a later depression makes
    the start a span.
    """
    episode = view.chart.episode
    if episode is not None and episode.start is not None:
        return episode.start, ()
    found, open_ = sort_out(view, "major_depression", state="active")
    unspecified, unsure = sort_out(view, "depression_unspecified", state="active")
    certain = [c.onset for c in (found or unspecified)]
    nameless = [c for c in view.nameless_conditions if is_active(c, view.day) is not False]
    could = [c.onset for c in (*open_, *unsure, *nameless)]
    if not certain:
        return None, ()
    onsets = [o for o in (*certain, *could) if isinstance(o, When)]
    if len(onsets) < len(certain) + len(could):
        return UNREADABLE, ()
    start = max(onsets[: len(certain)], key=lambda o: (o.latest, o.earliest))
    rivals = [o for o in onsets[len(certain) :] if not found or o.latest > start.latest]
    start = When(min(o.earliest for o in (start, *rivals)), max(o.latest for o in (start, *rivals)))
    return start, (Reason("episode.assumed", {"on": str(start)}),)


def trd(view: View, rules_id: str) -> Trd:
    """The TRD answer of this chart under one rule set (answered once for each)."""
    key = ("trd", rules_id)
    if key not in view.answers:
        view.answers[key] = _assess(view, view.words.trial_rules[rules_id])
    answer: Trd = view.answers[key]
    return answer


def _assess(view: View, rules: TrialRules) -> Trd:
    start, assumed = episode_start(view)
    answer = assess(
        view.exposures,
        antidepressants=view.words.antidepressants,
        rules=rules,
        episode_start=start,
        index=view.day,
        improvements=_measured(view),
        assumed=assumed,
    )
    if answer.verdict is NOT_MET and view.unreadable_medicines:
        return replace(answer, verdict=UNKNOWN)  # a medicine that nobody could read may be the trial that is missing
    return answer


def failed_adequate_trials(
    view: View, *, rules: str, domains: tuple[str, ...], valid_days: int, sessions: int | None = None
) -> FactAnswer:
    """How many steps of treatment failed: the certain ones, up to those that could count.

    With `sessions`, a failed psychotherapy of at least so many sessions counts as a step too. A count from a history that nobody
    reviewed has no upper bound: earlier treatments may be missing.
    """
    answer = trd(view, rules)
    talks = _psychotherapies(view, answer.rules, sessions)
    talked, could = failures(talks)
    failed, possible = answer.steps.failed + talked, answer.steps.possible + could
    values = {
        "failed": failed,
        "possible": possible,
        "rules": Term(f"rules.{rules}"),
        "medicines": tuple(Term(f"medicine.{t.ingredient}") for t in answer.trials if t.label is Label.FAILED),
    }
    evidence = (*(e for t in answer.trials for e in t.evidence), *(t.evidence for t in talks))
    open_ = tuple(t.reason for t in answer.trials if t.label in (Label.POSSIBLE, Label.OPEN))
    review = view.reviewed(domains, valid_days)
    missing = (*open_, review) if isinstance(review, Reason) else open_
    complete = not isinstance(review, Reason)
    low = Decimal(failed)
    high = Decimal(failed + possible) if complete else Decimal("Infinity")
    reason = Reason(COUNTED if complete else UNREVIEWED, values)
    return FactAnswer(low if low == high else Range(low, high), reason, evidence, missing)


def _psychotherapies(view: View, rules: TrialRules, sessions: int | None) -> tuple[TherapyTrial, ...]:
    if sessions is None:
        return ()
    span = window(episode_start(view)[0], index=view.day)
    return psychotherapies(view.chart.therapies, minimum_sessions=sessions, rules=rules, span=span)


SEVERITY = (
    "severity_"  # concepts that say how severe the present episode is: `severity_` and a word of the Maudsley table
)


def severity(view: View) -> str | Unreadable | None:
    """How severe the present episode is: as recorded for it, else as the codes of the present depression say together."""
    episode = view.chart.episode
    if episode is not None and episode.severity is not None:
        return episode.severity
    sure, open_ = sort_out(view, "major_depression", state="active")
    words = {c.removeprefix(SEVERITY) for d in (*sure, *open_) for c in _severities(d)}
    return words.pop() if len(words) == 1 else UNREADABLE if words else None


def _severities(depression: Condition) -> list[str]:
    concepts = depression.concepts
    return [] if concepts is UNREADABLE else [c for c in concepts if c.startswith(SEVERITY)]


def staged(view: View, models: Models, rules_id: str) -> Staged:
    """The stagings of this chart, with trials by one rule set."""
    history = History(
        exposures=view.exposures,
        therapies=view.chart.therapies,
        episode_start=episode_start(view)[0],
        severity=severity(view),
        index=view.day,
        levels=serum_levels(view, models.agents),
    )
    rules = view.words.trial_rules[rules_id]
    return stage(history, rules=rules, models=models, improvements=_measured(view))


def _measured(view: View) -> Improvements:
    return lambda first, last, rules: improvement(
        view, first, last, scales=view.words.depression_scales, window=rules.score_window
    )
