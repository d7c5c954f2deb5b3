"""Does what a pump sends by itself fit what was ordered, who was weighed, and itself?

A pump is only read. What it does not say is unknown, and agrees with nothing; what it said last counts until it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from daybreak.clinical.treatment import programmes
from daybreak.clinical.treatment.alarms import Says
from daybreak.clinical.treatment.ladders import Strength
from daybreak.clinical.treatment.limits import Level, Line
from daybreak.clinical.treatment.programmes import CONCENTRATION, DOSE, RATE, TIME, VOLUME, WEIGHT, Programme
from daybreak.clinical.treatment.units import per_hour
from daybreak.clinical.treatment.weights import ORDER, PUMP, SCALE, weights

FLOW, LEFT, DELIVERED = "flow", "left", "delivered"
PER_HOUR, PER_KG_HOUR = "mg_per_hour", "mg_per_kg_hour"
PROGRAMMED = (RATE, CONCENTRATION, VOLUME, DOSE, TIME)
DRUG, DOSE_RATE = "drug", "dose_rate"
SOURCE = frozenset({"pump"})
DIFFERS, POUNDS, UNREADABLE = "differs", "pounds", "unreadable"


class Runs(StrEnum):
    """Whether it runs, as it says itself."""

    RUNS = "runs"
    PAUSED = "paused"
    STANDS = "stands"


class Fits(StrEnum):
    """How a figure stands to what was ordered."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a pump says. `figures` by name, in the units of the order; `unreadable`: what it sent that nobody can read; `product`:
    what is ordered under the name that it has for its medicine, empty when it names none that is known."""

    figures: Mapping[str, Decimal] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    drug: str = ""
    product: str = ""
    runs: Runs | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What it is held against. `programme` None: nobody knows what was ordered; `scale_kg`: what today's scale showed."""

    programme: Programme | None = None
    product: str = ""
    scale_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """By what figures are compared, see `programmes.slips` and `weights.weights`; `levels`: how loud each thing is."""

    concentrations: tuple[Decimal, ...]
    pound_kg: Decimal
    percent: Decimal
    weight_percent: Decimal
    step: Decimal
    levels: Mapping[str, Level]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure beside what was ordered; None: not said, or not known."""

    name: str
    shown: Decimal | None
    ordered: Fraction | None
    fits: Fits


def merged(before: Shown, now: Shown) -> Shown:
    """What it said last of each thing. What it sent in a way that nobody can read does not stand for what it said before."""
    read = {DOSE_RATE if name in (PER_HOUR, PER_KG_HOUR) else name for name in now.figures}
    return Shown(
        {**before.figures, **now.figures},
        (before.unreadable - read) | now.unreadable,
        now.drug or before.drug,
        now.product if now.drug else before.product,
        now.runs or before.runs,
    )


def cleared(one: Shown) -> Shown:
    """What it was set to is over: what it counts, and whether it runs, stays."""
    return Shown({DELIVERED: one.figures[DELIVERED]} if DELIVERED in one.figures else {}, runs=one.runs)


def says(shown: Shown, plan: Plan, screen: Screen) -> dict[str, Says]:
    """All that is wrong with it now, by the name of its alarm."""
    found = [*_slips(shown, plan, screen), *_weight(shown, plan, screen)]
    if all(one.level < screen.levels["inconsistent"] for one in found):
        found += _itself(shown, screen)  # what is not as ordered does not fit the rest either, and is as loud
    return {one.alarm: one for one in (*found, *_other(shown, plan, screen))}


def compared(shown: Shown, plan: Plan, screen: Screen) -> tuple[Compared, ...]:
    """Each figure of the programme beside what was ordered, the weights, and the rate of the dose."""
    wrong = {id.split(".")[1] for id in says(shown, plan, screen)}
    right = programmes.ordered(plan.programme) if plan.programme else {}
    figures = _running(shown)
    found = [_one(name, figures.get(name), right.get(name), name in wrong) for name in (*PROGRAMMED, WEIGHT)]
    if (by_itself := _dose_rate(shown)) is not None:
        ordered = right[RATE] * right[CONCENTRATION] if right else None
        fits = ordered is None or _same(by_itself, ordered, screen.percent, Fraction(0))
        found.append(_one(DOSE_RATE, _decimal(by_itself), ordered, DOSE_RATE in wrong or not fits))
    return tuple(found)


def _one(name: str, shown: Decimal | None, ordered: Fraction | None, wrong: bool) -> Compared:
    known = shown is not None and ordered is not None
    return Compared(name, shown, ordered, (Fits.DIFFERS if wrong else Fits.AGREES) if known else Fits.UNKNOWN)


def _running(shown: Shown) -> dict[str, Decimal]:
    """Its programme. A pump that stands shows 0 as its rate: that is no slip of the hand, and less than 0 is one. Where it does
    not say how it is set, what runs counts."""
    found = dict(shown.figures)
    if not found.get(RATE):
        found.pop(RATE, None)
        if shown.runs is Runs.RUNS and (flow := found.get(FLOW)):
            found[RATE] = flow
    return found


def _slips(shown: Shown, plan: Plan, screen: Screen) -> Iterator[Says]:
    if plan.programme is None:
        return
    figures = {name: one for name, one in _running(shown).items() if name in PROGRAMMED}
    for one in programmes.slips(
        plan.programme,
        figures,
        concentrations=screen.concentrations,
        pound_kg=screen.pound_kg,
        percent=screen.percent,
        step=screen.step,
    ):
        why = "+".join(one.names[:2]) or DIFFERS
        yield _says(f"{one.field}.{why}", screen.levels["figure"], one.shown, one.ordered)


def _itself(shown: Shown, screen: Screen) -> Iterator[Says]:
    """Rate times concentration is the dose that it runs by, times the weight that it was told."""
    figures, by_itself = _running(shown), _dose_rate(shown)
    rate, strength = figures.get(RATE), figures.get(CONCENTRATION)
    if by_itself is None or rate is None or strength is None:
        return
    one = Fraction(rate) * Fraction(strength)
    if not _same(one, by_itself, screen.percent, Fraction(screen.step) * Fraction(strength)):
        yield _says(f"{DOSE_RATE}.inconsistent", screen.levels["inconsistent"], _decimal(one), by_itself)


def _dose_rate(shown: Shown) -> Fraction | None:
    """In mg an hour, as it says itself; by weight only with the weight that it was told."""
    if (whole := shown.figures.get(PER_HOUR)) is not None:
        return Fraction(whole)
    by_kg, weight = shown.figures.get(PER_KG_HOUR), shown.figures.get(WEIGHT)
    return None if by_kg is None or weight is None else Fraction(by_kg) * Fraction(weight)


def _weight(shown: Shown, plan: Plan, screen: Screen) -> Iterator[Says]:
    """The weight that the pump was told against the one on the scale, and the one of the order: the worst of both."""
    own = shown.figures.get(WEIGHT)
    if own is None:
        return
    others = {SCALE: plan.scale_kg, ORDER: plan.programme.weight_kg if plan.programme else None}
    found: list[tuple[Strength, Decimal]] = []
    for name, kg in others.items():
        if kg is not None:
            pair = weights({PUMP: own, name: kg}, percent=screen.weight_percent, pound_kg=screen.pound_kg)
            found += [(one.strength, kg) for one in pair]
    refused = [kg for strength, kg in found if strength is Strength.REFUSES]
    if refused:
        yield _says(f"{WEIGHT}.{POUNDS}", screen.levels["pounds"], own, Fraction(refused[0]))
    elif found:
        yield _says(f"{WEIGHT}.{DIFFERS}", screen.levels["weight"], own, Fraction(found[0][1]))


def _other(shown: Shown, plan: Plan, screen: Screen) -> Iterator[Says]:
    """Another medicine than was ordered, the dose of an hour where it does not say how it comes to it, and what is unreadable."""
    if shown.product and plan.product and shown.product != plan.product:
        yield Says(f"pump.{DRUG}.{DIFFERS}", screen.levels["drug"], SOURCE)
    figures, by_itself = _running(shown), _dose_rate(shown)
    if plan.programme and by_itself is not None and not {RATE, CONCENTRATION} <= figures.keys():
        right = per_hour(Fraction(plan.programme.dose_mg), Fraction(plan.programme.minutes))
        if not _same(by_itself, right, screen.percent, Fraction(0)):
            yield _says(f"{DOSE_RATE}.{DIFFERS}", screen.levels["figure"], _decimal(by_itself), right)
    for name in sorted(shown.unreadable):
        yield Says(f"pump.{name}.{UNREADABLE}", screen.levels["unreadable"], SOURCE)


def _says(what: str, level: Level, shown: Decimal, ordered: Fraction) -> Says:
    right = _decimal(ordered)
    return Says(f"pump.{what}", level, SOURCE, frozenset(), shown, Line(right, None, right))


def _same(one: Fraction, other: Fraction, percent: Decimal, step: Fraction) -> bool:
    apart = abs(one - other)
    return apart * 100 <= Fraction(percent) * other or apart <= step / 2


def _decimal(one: Fraction) -> Decimal:
    return Decimal(one.numerator) / Decimal(one.denominator)


def given_ml(told: Sequence[tuple[Runs | None, Decimal | None]]) -> Decimal | None:
    """How much it delivered by its own counter over these lines, whether it runs and the counter in each: what the counter held
    before is of nobody, and one that was set back begins anew. None where it ran already at the first line, or has no counter:
    how much of it is of this infusion is not known."""
    if not told or told[0][0] in (None, Runs.RUNS) or told[0][1] is None:
        return None
    total, before = Decimal(0), told[0][1]
    for _, counter in told[1:]:
        if counter is None:
            return None
        total += counter - before if counter >= before else counter
        before = counter
    return total


# What the record says


def apart(runs: Runs | None, *, recorded: bool, paused: bool) -> str:
    """How what it says differs from what the record says: `runs` while nothing is said to run, `stands` while something is.
    Empty: it does not, or the pump has not said."""
    given = recorded and not paused
    if runs is Runs.RUNS and not given:
        return Runs.RUNS.value
    return Runs.STANDS.value if runs in (Runs.PAUSED, Runs.STANDS) and given else ""
