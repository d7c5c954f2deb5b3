"""What do several clinics show together, how far do they differ from each other, and how much does each weigh?

Random effects: between clinics by DerSimonian and Laird (1986), the interval by Hartung and Knapp (2001) with the floor that
Röver, Knapp and Friede (2015) advise where clinics are few or differ in size, so that agreement by chance never makes it narrower
than the clinics' own. Each clinic brings its log odds. Where everybody or nobody had it, a half is added to both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from daybreak.outcomes.rates import HUNDRED, quantile

METHOD = "random effects of log odds; DerSimonian-Laird; Hartung-Knapp interval, never narrower than without it"


@dataclass(frozen=True, slots=True)
class Pooled:
    """On the scale of what was pooled. `interval`: None of one clinic, which cannot say how clinics differ."""

    middle: float
    error: float
    interval: tuple[float, float] | None
    q: float
    freedom: int
    i2_percent: float
    tau2: float
    shares_percent: tuple[float, ...]


def pooled(effects: Sequence[float], variances: Sequence[float], *, percent: int) -> Pooled:
    """An effect of each clinic with its variance. ValueError without any, or where a variance is not above zero."""
    if not effects or len(effects) != len(variances) or not all(one > 0 for one in variances):
        raise ValueError("Pooling takes an effect of each clinic, at least one, and its variance above zero.")
    freedom = len(effects) - 1
    fixed = [1 / one for one in variances]
    q = _spread(effects, fixed)
    room = sum(fixed) - sum(one**2 for one in fixed) / sum(fixed)
    tau2 = max(0.0, (q - freedom) / room) if freedom else 0.0
    weights = [1 / (one + tau2) for one in variances]
    middle = _middle(effects, weights)
    scale = max(1.0, _spread(effects, weights) / freedom) if freedom else 1.0
    error = sqrt(scale / sum(weights))
    half = student(percent, freedom) * error if freedom else 0.0
    return Pooled(
        middle=middle,
        error=error,
        interval=(middle - half, middle + half) if freedom else None,
        q=q,
        freedom=freedom,
        i2_percent=HUNDRED * max(0.0, (q - freedom) / q) if q else 0.0,
        tau2=tau2,
        shares_percent=tuple(HUNDRED * one / sum(weights) for one in weights),
    )


def log_odds(n: int, of: int) -> tuple[float, float]:
    """The effect of a clinic in which `n` of `of` had it, and its variance. ValueError of nobody."""
    if not 0 <= n <= of or not of:
        raise ValueError(f"{n} of {of}: expected somebody, and no more than all")
    half = 0.5 if n in (0, of) else 0.0
    had, had_not = n + half, of - n + half
    return log(had / had_not), 1 / had + 1 / had_not


def as_percent(odds: float) -> float:
    """Back from log odds."""
    return HUNDRED / (1 + exp(-odds))


def student(percent: int, freedom: int) -> float:
    """How far from the middle, in its errors, so many percent of Student's distribution lie."""
    x = quantile(1 - percent / HUNDRED, freedom / 2, 0.5)
    return sqrt(freedom * (1 - x) / x)


def _middle(effects: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * e for w, e in zip(weights, effects, strict=True)) / sum(weights)


def _spread(effects: Sequence[float], weights: Sequence[float]) -> float:
    middle = _middle(effects, weights)
    return sum(w * (e - middle) ** 2 for w, e in zip(weights, effects, strict=True))
