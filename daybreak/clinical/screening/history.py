"""Does the history hold a diagnosis: yes, no, or not to be known?

"No" needs somebody's review of that part of the history: no rows is not no history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import Condition, When
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.view import View, condition_evidence

ACTIVE = frozenset({"active", "recurrence", "relapse"})
OVER = frozenset({"inactive", "remission", "resolved"})


def condition(
    view: View,
    *,
    concept: str,
    domains: tuple[str, ...],
    valid_days: int,
    state: str = "ever",
    within_days: int | None = None,
) -> FactAnswer:
    """Is it there? `state` is `ever`, `active`, or `recent` (begun within `within_days`)."""
    what = Term(f"concept.{concept}")
    found, open_ = sort_out(view, concept, state=state, within_days=within_days)
    if found:
        latest = max((c.onset.latest for c in found if isinstance(c.onset, When)), default=None)
        review_on = latest + timedelta(days=within_days + 1) if within_days is not None and latest else None
        reason = Reason(f"condition.{state}", {"what": what, "found": names_of(found), "days": within_days})
        return FactAnswer(True, reason, evidence_of(found), review_on=review_on)
    if open_:
        reason = Reason(f"condition.{state}-open", {"what": what, "found": names_of(open_), "days": within_days})
        return FactAnswer(None, reason, evidence_of(open_), (Reason("ask.clarify", {"found": names_of(open_)}),))
    return absence(view, what, domains=domains, valid_days=valid_days, state=state)


def unless_nameless(view: View, what: Term, answer: FactAnswer) -> FactAnswer:
    """A "no", unless a present entry of the problem list cannot be read: it could be just this."""
    nameless = [c for c in view.nameless_conditions if is_active(c, view.day) is not False]
    if answer.value is not False or not nameless:
        return answer
    reason = Reason("condition.nameless", {"what": what, "records": tuple(c.ref for c in nameless)})
    return FactAnswer(None, reason, (*answer.evidence, *evidence_of(nameless)), (reason,))


def absence(view: View, what: Term, *, domains: tuple[str, ...], valid_days: int, state: str = "ever") -> FactAnswer:
    """Nothing on record. That is a "no" only where somebody reviewed the domain, nothing after it is unread, and no entry
    has a code or name that nobody here knows: a review says that the list is whole, not what its entries mean."""
    nameless = view.nameless_conditions
    if nameless:
        reason = Reason("condition.nameless", {"what": what, "records": tuple(c.ref for c in nameless)})
        return FactAnswer(None, reason, evidence_of(nameless), (reason,))
    unmapped = [c for c in view.unmapped_conditions if state != "active" or is_active(c, view.day) is not False]
    if unmapped:
        reason = Reason("condition.unmapped", {"what": what, "found": names_of(unmapped)})
        return FactAnswer(None, reason, evidence_of(unmapped), (Reason("ask.clarify", {"found": names_of(unmapped)}),))
    return not_on_record(view, what, domains=domains, valid_days=valid_days)


def not_on_record(view: View, what: Term, *, domains: tuple[str, ...], valid_days: int) -> FactAnswer:
    """ "No" if somebody reviewed one of these domains lately enough, else unknown with the reason."""
    review = view.reviewed(domains, valid_days)
    if isinstance(review, Reason):
        return FactAnswer(None, Reason("absent.not-reviewed", {"what": what, "why": review}), missing=(review,))
    return FactAnswer(False, Reason("absent.reviewed", {"what": what, **review.values}), (review.evidence,))


def sort_out(
    view: View, concept: str, *, state: str, within_days: int | None = None
) -> tuple[list[Condition], list[Condition]]:
    """The records that certainly say yes, and those that leave it open."""
    found: list[Condition] = []
    open_: list[Condition] = []
    for c in view.by_concept.get(concept, ()):
        there = _holds(c, view.day, state=state, within_days=within_days)
        if there is False:
            continue
        sure = there and c.verification == "confirmed" and c.concepts is not UNREADABLE and concept in c.concepts
        (found if sure else open_).append(c)
    return found, open_


def _holds(c: Condition, day: date, *, state: str, within_days: int | None) -> bool | None:
    if state == "active":
        return is_active(c, day)
    if state == "recent" and within_days is not None:
        return _recent(c, day, within_days)
    return True


def is_active(c: Condition, day: date) -> bool | None:
    """Was it active on that day? A date of ending after that day means that it still was."""
    if c.onset is UNREADABLE and not (c.recorded and c.recorded.latest <= day):
        return None  # it may have begun after that day
    if c.abatement is UNREADABLE:
        return None  # it may have ended before that day, or after it
    if isinstance(c.abatement, When):
        if c.abatement.earliest > day:
            return True
        if c.clinical in OVER or c.clinical is None:
            return False
        return None  # still called active although its end is recorded
    if c.clinical in ACTIVE:
        return True
    if c.clinical in OVER:
        return False
    return None


def _recent(c: Condition, day: date, within_days: int) -> bool | None:
    edge = day - timedelta(days=within_days)
    if isinstance(c.onset, When):
        if c.onset.earliest >= edge:
            return True
        return False if c.onset.latest < edge else None
    ended_before = isinstance(c.abatement, When) and c.abatement.latest < edge
    known_before = c.onset is None and c.recorded is not None and c.recorded.latest < edge
    return False if ended_before or known_before else None


def names_of(conditions: Sequence[Condition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(condition_evidence(c).text for c in conditions))


def evidence_of(conditions: Sequence[Condition]) -> tuple[Evidence, ...]:
    return tuple(condition_evidence(c) for c in conditions)


def major_depression(view: View) -> FactAnswer:
    """Is there a present major depressive disorder? A wording that leaves the kind open leaves the answer open."""
    found, open_ = sort_out(view, "major_depression", state="active")
    if found:
        return FactAnswer(True, Reason("depression.present", {"found": names_of(found)}), evidence_of(found))
    unspecified, unsure = sort_out(view, "depression_unspecified", state="active")
    open_ += [c for c in (*unspecified, *unsure) if c not in open_]
    if open_:
        reason = Reason("depression.open", {"found": names_of(open_)})
        return FactAnswer(None, reason, evidence_of(open_), (Reason("ask.depression-kind"),))
    past = [*view.by_concept.get("major_depression", ()), *view.by_concept.get("major_depression_in_remission", ())]
    if past:
        return FactAnswer(False, Reason("depression.past", {"found": names_of(past)}), evidence_of(past))
    return FactAnswer(None, Reason("depression.none"), missing=(Reason("ask.depression"),))


def history_reviewed(view: View, *, domains: tuple[str, ...], valid_days: int) -> FactAnswer:
    """Has somebody reviewed each of these parts of the history lately enough?"""
    evidence, missing = [], []
    for domain in domains:
        review = view.reviewed((domain,), valid_days)
        if isinstance(review, Reason):
            missing.append(review)
        else:
            evidence.append(review.evidence)
    terms = tuple(Term(f"domain.{d}") for d in domains)
    if missing:
        return FactAnswer(
            None, Reason("history.not-reviewed", {"why": tuple(missing)}), tuple(evidence), tuple(missing)
        )
    return FactAnswer(True, Reason("history.reviewed", {"domains": terms}), tuple(evidence))
