"""How often does something happen in a hundred sessions, how sure is that, and what if it did wherever nobody knows?

The interval is that of Clopper and Pearson (1934), "exact": it holds at least as often as it says, also where it never
happened. It needs quantiles of the beta distribution and no more, so the standard library is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, log1p

HUNDRED = 100
STEPS = 60  # halvings of the interval from 0 to 1: more than a float can tell apart
TERMS = 500  # of the continued fraction, which is there long before
SMALL = 1e-300  # stands for zero in it
NEAR = 1e-15


@dataclass(frozen=True, slots=True)
class Rate:
    """It happened in `n` of `of` sessions; of `unknown` of the others nobody knows whether it did."""

    n: int
    of: int
    unknown: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.n + self.unknown <= self.of:
            raise ValueError(
                f"{self.n} and {self.unknown} of {self.of}: expected no more than all, and nothing below zero"
            )

    @property
    def per_hundred(self) -> float | None:
        """None where there was no session: then there is no rate."""
        return HUNDRED * self.n / self.of if self.of else None

    @property
    def worst(self) -> float | None:
        """The same if it happened in every session of which nobody knows whether it did."""
        return HUNDRED * (self.n + self.unknown) / self.of if self.of else None

    def interval(self, percent: int) -> tuple[float, float] | None:
        """Between which rates the true one is, as sure as that."""
        if not self.of:
            return None
        tail = (1 - percent / HUNDRED) / 2
        least = 0.0 if self.n == 0 else quantile(tail, self.n, self.of - self.n + 1)
        most = 1.0 if self.n == self.of else quantile(1 - tail, self.n + 1, self.of - self.n)
        return HUNDRED * least, HUNDRED * most


def quantile(p: float, a: float, b: float) -> float:
    """Below which x lies that share of a beta distribution."""
    least, most = 0.0, 1.0
    for _ in range(STEPS):
        middle = (least + most) / 2
        if _beta(middle, a, b) < p:
            least = middle
        else:
            most = middle
    return (least + most) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The share of a beta distribution below x: the regularised incomplete beta function, by its continued fraction."""
    if x in (0.0, 1.0):
        return x
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):  # where the fraction settles fast
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """By the method of Lentz."""
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _off_zero(1 + step * d)
            c = _off_zero(1 + step / c)
            found *= c * d
        if abs(c * d - 1) < NEAR:
            break
    return found


def _off_zero(value: float) -> float:
    return value if abs(value) > SMALL else SMALL
