"""What does the patient take now, what was tolerated badly, and what must be known about it before treatment?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from daybreak.clinical.answers import UNREADABLE, Evidence, Reason, Term
from daybreak.clinical.records import Allergy, Exposure, KetamineExposure, When
from daybreak.clinical.screening.courses import describe
from daybreak.clinical.screening.criteria import FactAnswer
from daybreak.clinical.screening.history import absence, not_on_record, sort_out
from daybreak.clinical.screening.view import Review, View, condition_evidence

INTOLERANCE = "intolerance"  # FHIR: the type of an adverse propensity that is no allergy
KETAMINE = frozenset({"ketamine", "esketamine"})


def taken_on(e: Exposure, day: date, *, washout_days: int = 0) -> bool | None:
    """Was it taken on that day, or does it still act (`washout_days` after the last one)? None: cannot be known."""
    if e.status == "planned" or (isinstance(e.start, When) and e.start.earliest > day):
        return False
    if e.status is UNREADABLE or e.status == "held" or e.end is UNREADABLE:
        return None
    if isinstance(e.end, When):
        edge = day - timedelta(days=washout_days)
        there = True if e.end.earliest >= edge else False if e.end.latest < edge else None
    else:
        there = True if e.status == "active" else False if e.status == "ended" else None
    return None if there and e.start is UNREADABLE else there  # it may begin after that day


def taking(
    view: View, *, classes: tuple[str, ...], domains: tuple[str, ...], valid_days: int, washout_days: int = 0
) -> FactAnswer:
    """Does the patient take a medicine of these classes?"""
    what = Term(f"class.{classes[0]}")
    sure, open_ = _of_classes(view, frozenset(classes), washout_days=washout_days)
    if sure:
        return FactAnswer(True, Reason("medicine.taken", {"what": what, "found": _names(sure)}), _evidence(sure))
    if open_:
        reason = Reason("medicine.open", {"what": what, "found": _names(open_)})
        return FactAnswer(None, reason, _evidence(open_), (Reason("ask.medicine", {"found": _names(open_)}),))
    return not_on_record(view, what, domains=domains, valid_days=valid_days)


def _of_classes(view: View, classes: frozenset[str], *, washout_days: int) -> tuple[list[Exposure], list[Exposure]]:
    sure: list[Exposure] = []
    open_: list[Exposure] = []
    for e in view.exposures:
        if e.ingredients is UNREADABLE:
            if taken_on(e, view.day, washout_days=washout_days) is not False:
                open_.append(e)
            continue
        if not any(classes & view.words.classes.get(i, frozenset()) for i in e.ingredients):
            continue
        now = taken_on(e, view.day, washout_days=washout_days)
        if now is not False:
            (sure if now else open_).append(e)
    return sure, open_


def another_antidepressant(view: View, *, domains: tuple[str, ...], valid_days: int) -> FactAnswer:
    """Does the patient take another antidepressant, for depression, today? A plan or a draft is no medicine taken."""
    what = Term("class.antidepressant")
    sure: list[Exposure] = []
    open_: list[Exposure] = []
    for e in view.exposures:
        now = taken_on(e, view.day)
        if now is False or e.indication == "other":
            continue
        if e.ingredients is UNREADABLE:
            open_.append(e)
        elif any(i in view.words.antidepressants for i in e.ingredients):
            (sure if now and e.indication is not UNREADABLE else open_).append(e)
    if sure:
        return FactAnswer(True, Reason("medicine.taken", {"what": what, "found": _names(sure)}), _evidence(sure))
    if open_:
        reason = Reason("medicine.open", {"what": what, "found": _names(open_)})
        return FactAnswer(None, reason, _evidence(open_), (Reason("ask.medicine", {"found": _names(open_)}),))
    return not_on_record(view, what, domains=domains, valid_days=valid_days)


def _names(exposures: Sequence[Exposure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.text or e.ref for e in exposures))


def _evidence(exposures: Sequence[Exposure]) -> tuple[Evidence, ...]:
    return tuple(Evidence(e.ref, describe(e), str(e.start) if isinstance(e.start, When) else None) for e in exposures)


def hypersensitive(view: View, *, substances: tuple[str, ...], domains: tuple[str, ...], valid_days: int) -> FactAnswer:
    """Is there an allergy to one of these substances? A resolved or doubtful entry, or an intolerance, leaves it open."""
    what = Term(f"medicine.{substances[0]}")
    sure: list[Allergy] = []
    open_: list[Allergy] = []
    kin = {c for s in substances for c in view.words.classes.get(s, frozenset())}
    for a in view.allergies:
        if a.substances is UNREADABLE:
            open_.append(a)
        elif a.substances & set(substances):
            (sure if _certain(a) and a.kind != INTOLERANCE else open_).append(a)
        elif any(view.words.classes.get(s, frozenset()) & kin for s in a.substances):
            open_.append(a)  # "a general anaesthetic": which one is not said
    listed, unsure = sort_out(view, "ketamine_allergy", state="ever")  # allergies stand on problem lists too
    if sure or listed:
        found = (*(a.text for a in sure), *(c.text for c in listed))
        evidence = (*_allergies(sure), *map(condition_evidence, listed))
        return FactAnswer(True, Reason("allergy.recorded", {"what": what, "found": found}), evidence)
    if open_ or unsure:
        found = (*(a.text or a.ref for a in open_), *(c.text or c.ref for c in unsure))
        evidence = (*_allergies(open_), *map(condition_evidence, unsure))
        return FactAnswer(
            None, Reason("allergy.open", {"what": what, "found": found}), evidence, (Reason("ask.allergy"),)
        )
    return absence(view, Term("what.allergy-to-ketamine"), domains=domains, valid_days=valid_days)


def _certain(a: Allergy) -> bool:
    return a.clinical in ("active", None) and a.verification in ("confirmed", "unconfirmed")


def _allergies(allergies: Sequence[Allergy]) -> tuple[Evidence, ...]:
    return tuple(Evidence(a.ref, a.text or "?", str(a.recorded) if a.recorded else None) for a in allergies)


def bad_response_to_ketamine(view: View, *, domains: tuple[str, ...], valid_days: int) -> FactAnswer:
    """Did ketamine or esketamine go badly before? Having had it is neither an allergy nor a bad response; an intolerance is."""
    what = Term("what.bad-response-to-ketamine")
    harmed, unsure = sort_out(view, "adverse_effect_of_ketamine", state="ever")
    bad = [k for k in view.ketamine if k.response == "bad"]
    maybe = [a for a in view.allergies if a.substances is UNREADABLE or a.substances & KETAMINE]
    badly = [a for a in maybe if a.kind == INTOLERANCE and _certain(a) and a.substances is not UNREADABLE]
    if bad or harmed or badly:
        found = (*(k.text for k in bad), *(c.text for c in harmed), *(a.text for a in badly))
        evidence = (*_doses(bad), *map(condition_evidence, harmed), *_allergies(badly))
        return FactAnswer(True, Reason("ketamine.bad", {"found": found}), evidence)
    review = view.reviewed(domains, valid_days)
    open_ = [k for k in view.ketamine if k.response not in ("good", "none") and not _answered_by(review, k)]
    if open_ or unsure or maybe:
        evidence = (*_doses(open_), *map(condition_evidence, unsure), *_allergies(maybe))
        return FactAnswer(None, Reason("ketamine.response-unknown"), evidence, (Reason("ask.ketamine-response"),))
    answer = absence(view, what, domains=domains, valid_days=valid_days)
    return FactAnswer(answer.value, answer.reason, (*_doses(view.ketamine), *answer.evidence), answer.missing)


def _answered_by(review: Review | Reason, k: KetamineExposure) -> bool:
    """A review of earlier ketamine after the dose, with nothing bad recorded, answers for it; what cannot be read stays open."""
    if k.response is not None or not isinstance(k.when, When) or isinstance(review, Reason):
        return False
    return k.when.latest <= review.coverage.reviewed_on


def _doses(doses: Sequence[KetamineExposure]) -> tuple[Evidence, ...]:
    return tuple(Evidence(k.ref, k.text, str(k.when) if isinstance(k.when, When) else None) for k in doses)
