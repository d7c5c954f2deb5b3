"""What must be known about a rating scale before answers to it can be scored?

Item numbers count from 1, as on the form. Every number comes from `knowledge/scales`. Each method and what it needs
stands in a file of its own, so that a command imports only the method that it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

Result = dict[str, object]
Points = list[int | None]
"""The points of each item in order; None is a blank."""
Reported = Callable[[Points, int | None], object]
"""A value from the points and the total, None where blanks leave it open."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Reached by a value of at least, or of at most, this much."""

    at_least: int | None = None
    at_most: int | None = None

    def reached(self, value: int) -> bool:
        """Is the value within the limit?"""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Cut:
    """A yes or no about the total, reported under `key`."""

    key: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class BandSet:
    """Names for stretches of totals: each name holds up to and including its number. Reported under `key`."""

    key: str
    steps: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """The item that is looked at by itself, from the raw answer, before anything else."""

    item: int
    at_least: int


class Method(Protocol):
    """A named way of scoring."""

    def scorer(self, scale: Scale) -> Callable[[object], Result]:
        """A function from the arguments of one form to its result."""


class Beside(Protocol):
    """Something that is reported beside the total."""

    def reported(self) -> dict[str, Reported]:
        """A function for each key."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """One edition of one rating scale. `items` maps the allowed answers of each item to points."""

    id: str
    edition: str
    recall: str
    items: tuple[Mapping[int | str, int], ...]
    method: Method
    bands: tuple[BandSet, ...] = ()
    cuts: tuple[Cut, ...] = ()
    beside: tuple[Beside, ...] = ()
    safety: Safety | None = None
