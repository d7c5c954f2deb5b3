"""Does the patient use substances actively: what do diagnoses, screening scores and drug tests say together?"""

from __future__ import annotations

from collections.abc import Sequence

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.history import absence, evidence_of, names_of, sort_out
from daybreak.clinical.screening.measures import screen_result, toxicology
from daybreak.clinical.screening.view import View


def substance_use(
    view: View, *, domains: tuple[str, ...], valid_days: int, screens: tuple[tuple[str, object], ...], test_days: int
) -> FactAnswer:
    """Is there active substance use? A diagnosis says yes; a positive screen or test leaves it open until somebody asks;
    negative screens of alcohol and drugs together count as a review."""
    what = Term("concept.substance_use_disorder")
    found, open_ = sort_out(view, "substance_use_disorder", state="active")
    if found:
        reason = Reason("condition.active", {"what": what, "found": names_of(found), "days": None})
        return FactAnswer(True, reason, evidence_of(found))
    results = [screen_result(view, kind, cut, valid_days) for kind, cut in screens]
    tests = toxicology(view, test_days)
    positive = [r for r in (*results, *tests) if r.value is True]
    evidence = tuple(e for r in (*results, *tests) for e in r.evidence)
    if open_ or positive:
        names = (*names_of(open_), *(str(e.text) for r in positive for e in r.evidence))
        reason = Reason("substance.open", {"found": names})
        return FactAnswer(None, reason, (*evidence_of(open_), *evidence), (Reason("ask.substance"),))
    unread = [r for r in (*results, *tests) if r.value is None and r.evidence]
    if unread:
        reason = Reason("substance.unread", {"found": tuple(e.text for r in unread for e in r.evidence)})
        return FactAnswer(None, reason, evidence, (reason,))
    answered = absence(view, what, domains=domains, valid_days=valid_days, state="active")
    if answered.value is None and not view.nameless_conditions and screened(results):
        return FactAnswer(False, Reason("substance.screened"), evidence)
    return FactAnswer(answered.value, answered.reason, (*answered.evidence, *evidence), answered.missing)


def screened(results: Sequence[FactAnswer]) -> bool:
    """Were both halves (alcohol first, drugs second) asked about, each by at least one negative screen?"""
    return all(any(r.value is False for r in half) for half in (results[:-1], results[-1:]))


def screened_for_substances(view: View, *, valid_days: int, screens: tuple[tuple[str, object], ...]) -> FactAnswer:
    """Were alcohol and other drugs both asked about lately, whatever the answers were?"""
    results = [screen_result(view, kind, cut, valid_days) for kind, cut in screens]
    evidence = tuple(e for r in results for e in r.evidence)
    asked = all(any(r.value is not None for r in half) for half in (results[:-1], results[-1:]))
    if asked:
        return FactAnswer(True, Reason("substance.asked"), evidence)
    return FactAnswer(None, Reason("substance.not-asked"), evidence, (Reason("ask.substance"),))
