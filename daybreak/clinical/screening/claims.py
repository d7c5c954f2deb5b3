"""Would a published claims rule call this treatment-resistant? A proxy from dispensing: it knows no dose and no outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN, UNREADABLE, Unreadable, Verdict
from daybreak.clinical.records import Exposure, When
from daybreak.clinical.screening.history import sort_out
from daybreak.clinical.screening.view import View


@dataclass(frozen=True, slots=True)
class ClaimsRule:
    """`window_days` back from the index day, both ends included.

    `antidepressants` distinct ones (of which `before_index` begun before the index day), or `antipsychotics` distinct
    antipsychotics; `with_antipsychotic` and `with_esketamine`: so many antidepressants are enough beside one of those.
    Any of `diagnosis` must be there and none of `excluded`, when the rule names them.
    """

    id: str
    window_days: int
    antidepressants: int | None = None
    antipsychotics: int | None = None
    before_index: int | None = None
    with_antipsychotic: int | None = None
    with_esketamine: int | None = None
    diagnosis: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Count:
    """Distinct ingredients taken in the window: certainly, and possibly."""

    sure: int
    hoped: int


def claims(
    exposures: Iterable[Exposure],
    *,
    rule: ClaimsRule,
    antidepressants: Mapping[str, str],
    antipsychotics: frozenset[str],
    index: date,
    diagnosed: Callable[[str], Verdict] = lambda concept: UNKNOWN,
) -> Verdict:
    """MET when the rule would count this person, NOT_MET when not, UNKNOWN when missing dates decide.

    `diagnosed` answers whether a concept is on record (MET: it is).
    """
    first = date.fromordinal(max(index.toordinal() - rule.window_days, 1))
    taken = list(exposures)
    ads = _count(taken, frozenset(antidepressants), first, index)
    begun = _count(taken, frozenset(antidepressants), first, index, begun_before=True)
    aps = _count(taken, antipsychotics, first, index)
    esketamine = _count(taken, frozenset({"esketamine"}), first, index)
    ways = [
        [_enough(ads, rule.antidepressants), _enough(begun, rule.before_index or 0)],
        [_enough(aps, rule.antipsychotics)],
        [_enough(ads, rule.with_antipsychotic), _enough(aps, 1)],
        [_enough(ads, rule.with_esketamine), _enough(esketamine, 1)],
    ]
    answers = [_all(way) for way in ways]
    conditions = [_any([diagnosed(concept) for concept in rule.diagnosis])] if rule.diagnosis else []
    conditions += [_not(diagnosed(concept)) for concept in rule.excluded]
    return _all([_any(answers), *conditions])


def charted(view: View, *, rule: ClaimsRule) -> Verdict:
    """The answer of a claims rule for a chart. It reads codes: what is certainly on record is there, all else is not."""

    def diagnosed(concept: str) -> Verdict:
        certain, _ = sort_out(view, concept, state="ever")
        return MET if certain else NOT_MET

    return claims(
        view.exposures,
        rule=rule,
        antidepressants=view.words.antidepressants,
        antipsychotics=frozenset(i for i, classes in view.words.classes.items() if "antipsychotic" in classes),
        index=view.day,
        diagnosed=diagnosed,
    )


def _enough(count: _Count, needed: int | None) -> Verdict:
    if needed is None or count.hoped < needed:
        return NOT_MET
    return MET if count.sure >= needed else UNKNOWN


def _all(verdicts: list[Verdict]) -> Verdict:
    return NOT_MET if NOT_MET in verdicts else UNKNOWN if UNKNOWN in verdicts else MET


def _any(verdicts: list[Verdict]) -> Verdict:
    return MET if MET in verdicts else UNKNOWN if UNKNOWN in verdicts else NOT_MET


def _not(verdict: Verdict) -> Verdict:
    return {MET: NOT_MET, NOT_MET: MET}.get(verdict, UNKNOWN)


def _count(
    exposures: Iterable[Exposure],
    ingredients: frozenset[str],
    first: date,
    index: date,
    *,
    begun_before: bool = False,
) -> _Count:
    sure: set[str] = set()
    hoped: set[str] = set()
    for e in exposures:
        if e.status == "planned":
            continue
        if e.ingredients is UNREADABLE:
            hoped.add(e.ref)
            continue
        mine = ingredients & set(e.ingredients)
        there = _in_window(e, first, index, begun_before) if mine else False
        if there is not False:
            hoped |= mine
        if there is True:
            sure |= mine
    return _Count(len(sure), len(hoped))


def _in_window(e: Exposure, first: date, index: date, begun_before: bool) -> bool | None:
    """Was at least one day of it in the window?"""
    starts = _span(e.start, date.min, index)
    if starts[0] > index or (begun_before and starts[0] == index):
        return False
    ends = (index, index) if e.end is None and e.status == "active" else _span(e.end, starts[0], date.max)
    if ends[1] < starts[0]:  # neither day can be believed
        return None
    if ends[1] < first:
        return False
    begun = starts[1] < index if begun_before else starts[1] <= index
    return True if begun and ends[0] >= first else None


def _span(when: When | Unreadable | None, earliest: date, latest: date) -> tuple[date, date]:
    return (when.earliest, when.latest) if isinstance(when, When) else (earliest, latest)
