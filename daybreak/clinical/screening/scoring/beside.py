"""What is reported beside a total: parts of it, single items that decide, clusters, syndromes?"""

from __future__ import annotations

from dataclasses import dataclass
from operator import ge

from daybreak.clinical.screening.scoring.scale import Limit, Points, Reported


@dataclass(frozen=True, slots=True)
class Multiple:
    """The total in another unit."""

    key: str
    by: int

    def reported(self) -> dict[str, Reported]:
        return {self.key: lambda points, total: None if total is None else total * self.by}


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The sum of some items; it stands on its own when other items are blank."""

    key: str
    items: tuple[int, ...]

    def reported(self) -> dict[str, Reported]:
        return {self.key: self._of}

    def _of(self, points: Points, total: int | None) -> int | None:
        known = [value for item in self.items if (value := points[item - 1]) is not None]
        return sum(known) if len(known) == len(self.items) else None


@dataclass(frozen=True, slots=True)
class AnyItem:
    """Does any of these items reach its limit, or the total `or_total`? Only without blanks can the answer be no."""

    key: str
    any: tuple[tuple[tuple[int, ...], Limit], ...]
    or_total: Limit | None = None

    def reported(self) -> dict[str, Reported]:
        return {self.key: self._of}

    def _of(self, points: Points, total: int | None) -> bool | None:
        blank = False
        for items, limit in self.any:
            for item in items:
                value = points[item - 1]
                if value is None:
                    blank = True
                elif limit.reached(value):
                    return True
        if self.or_total is None:
            return None if blank else False
        return None if total is None else self.or_total.reached(total)


@dataclass(frozen=True, slots=True)
class OnlyItem:
    """Do all points come from this one item?"""

    key: str
    item: int

    def reported(self) -> dict[str, Reported]:
        place = self.item - 1
        return {self.key: lambda points, total: None if total is None else total > 0 and points[place] == total}


@dataclass(frozen=True, slots=True)
class Clusters:
    """How many items of each cluster count, and does every cluster have as many as it needs?"""

    key: str
    met_key: str
    counts: Limit
    groups: tuple[tuple[int, ...], ...]
    needs: tuple[int, ...]

    def reported(self) -> dict[str, Reported]:
        return {self.key: self._counts, self.met_key: self._met}

    def _counts(self, points: Points, total: int | None) -> list[int] | None:
        if total is None:
            return None
        counting = [value is not None and self.counts.reached(value) for value in points]
        return [sum(counting[item - 1] for item in group) for group in self.groups]

    def _met(self, points: Points, total: int | None) -> bool | None:
        counts = self._counts(points, total)
        return None if counts is None else all(map(ge, counts, self.needs))


@dataclass(frozen=True, slots=True)
class Syndrome:
    """Which syndrome do the present symptoms make? `present` has the limit of each item; most symptoms first."""

    key: str
    present: tuple[int, ...]
    core: tuple[int, ...]
    names: tuple[tuple[int, str], ...]
    otherwise: str

    def reported(self) -> dict[str, Reported]:
        return {self.key: self._of}

    def _of(self, points: Points, total: int | None) -> str | None:
        if total is None:
            return None
        there = [value is not None and value >= limit for value, limit in zip(points, self.present, strict=True)]
        if any(there[item - 1] for item in self.core):
            count = sum(there)
            for needed, name in self.names:
                if count >= needed:
                    return name
        return self.otherwise
