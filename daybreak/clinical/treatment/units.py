"""How does one way of writing a dose become another, exactly, and how is it rounded and written?

Fractions inside: there and back is the same number. What is given or drawn up is a Decimal of so many steps.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

MINUTES_OF_AN_HOUR = 60
UG_OF_A_MG = 1000


def per_hour(amount: Fraction, minutes: Fraction) -> Fraction:
    """So much in so many minutes, as so much in an hour."""
    return amount * MINUTES_OF_AN_HOUR / minutes


def in_minutes(rate_per_hour: Fraction, minutes: Fraction) -> Fraction:
    """What runs in so many minutes at a rate per hour."""
    return rate_per_hour * minutes / MINUTES_OF_AN_HOUR


def ug_per_minute(mg_per_hour: Fraction) -> Fraction:
    """µg in a minute, of mg in an hour; of mg/kg/h it is µg/kg/min."""
    return mg_per_hour * UG_OF_A_MG / MINUTES_OF_AN_HOUR


def mg_per_hour(ug_per_min: Fraction) -> Fraction:
    """And back."""
    return ug_per_min * MINUTES_OF_AN_HOUR / UG_OF_A_MG


def rounded(value: Fraction, step: Decimal, *, most: Decimal | Fraction | None = None) -> Decimal:
    """To the nearest step, half a step upwards; downwards where upwards would pass `most`."""
    steps = value / Fraction(step)
    found = floor(steps + Fraction(1, 2)) * step
    return floor(steps) * step if most is not None and found > most >= value else found


def written(value: Fraction | Decimal, places: int = 3) -> str:
    """As people write it: no exponent, at most so many places, no zeros at the end, and never 0 for what is more."""
    exact = Fraction(value)
    found = rounded(exact, Decimal(1).scaleb(-places))
    if not found and exact:
        return written(exact, places + places)
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
