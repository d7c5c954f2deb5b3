"""How many events come in a hundred sessions when one session can have several, and how sure is that?

The interval is the exact one of Garwood (1936). It treats sessions as independent; those of one person are not, so that the
true one is wider.
"""

from __future__ import annotations

from math import exp, lgamma, log

HUNDRED = 100
STEPS = 200  # halvings: more than a float can tell apart
TERMS = 100_000
NEAR = 1e-15
SMALL = 1e-300


def per_hundred(events: int, sessions: int, percent: int) -> tuple[float, float, float] | None:
    """The rate and between which two the true one is, as sure as that; None without a session."""
    if not sessions:
        return None
    tail = (1 - percent / HUNDRED) / 2
    least = 0.0 if events == 0 else _mean(events, 1 - tail)
    most = _mean(events + 1, tail)
    return tuple(HUNDRED * one / sessions for one in (float(events), least, most))  # type: ignore[return-value]


def _mean(events: int, above: float) -> float:
    """The mean at which fewer than so many events are seen with that probability."""
    least, most = 0.0, 2.0 * events + 100
    for _ in range(STEPS):
        middle = (least + most) / 2
        if _fewer(events, middle) > above:
            least = middle
        else:
            most = middle
    return (least + most) / 2


def _fewer(events: int, mean: float) -> float:
    """How likely are fewer than so many events: the regularised upper incomplete gamma function."""
    if mean <= 0:
        return 1.0
    front = exp(events * log(mean) - mean - lgamma(events))
    if mean < events + 1:  # the series of the lower one settles fast there
        term = total = 1 / events
        for n in range(1, TERMS):
            term *= mean / (events + n)
            total += term
            if term < total * NEAR:
                break
        return 1 - front * total
    b = mean + 1 - events
    c, d = 1 / SMALL, 1 / b
    found = d
    for n in range(1, TERMS):
        step = -n * (n - events)
        b += 2
        d = 1 / _off_zero(step * d + b)
        c = _off_zero(b + step / c)
        found *= c * d
        if abs(c * d - 1) < NEAR:
            break
    return front * found


def _off_zero(value: float) -> float:
    return value if abs(value) > SMALL else SMALL
