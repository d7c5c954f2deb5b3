"""How many of those whom somebody followed had it, how sure is that, and between what does it lie once the others are counted?

A share is told of those who were followed. The bounds count everybody: whoever is missing once as if they had it not, and once
as if they had it. Taking an answer away can therefore only make them wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of the `followed` had it; `of` is everybody who should have been followed."""

    n: int
    followed: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.followed <= self.of:
            raise ValueError(
                f"{self.n} of {self.followed} of {self.of}: expected each no more than the next, and none below 0"
            )

    @property
    def percent(self) -> float | None:
        """Of those who were followed; None when nobody was."""
        return HUNDRED * self.n / self.followed if self.followed else None

    @property
    def coverage(self) -> float | None:
        """Percent who were followed; None when there is nobody."""
        return HUNDRED * self.followed / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Percent of everybody, when no one who is missing had it, and when every one had."""
        if not self.of:
            return None
        return HUNDRED * self.n / self.of, HUNDRED * (self.n + self.of - self.followed) / self.of

    def interval(self, percent: int) -> tuple[float, float] | None:
        """Of those who were followed, by the score method of Wilson (1927)."""
        return wilson(self.n, self.followed, percent)


def wilson(n: int, of: int, percent: int) -> tuple[float, float] | None:
    """Between which percentages the true one is, as sure as that; None of nobody."""
    if not of:
        return None
    z = quantile(percent)
    share, spread = n / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / of + spread / of / 4) / (1 + spread)
    least = 0.0 if n == 0 else max(0.0, middle - half)
    most = 1.0 if n == of else min(1.0, middle + half)
    return HUNDRED * least, HUNDRED * most


def quantile(percent: float) -> float:
    """How many standard deviations to both sides hold that much of a normal distribution."""
    return NormalDist().inv_cdf((1 + percent / HUNDRED) / 2)
