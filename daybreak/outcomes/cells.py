"""Which counts of a table may everybody read, so that nobody works out one that is small?

A table counts everybody of one population once, in groups that are fixed beforehand; nothing is crossed. A count below the least
is `few`. Where the total and what else is shown would leave too little doubt about a `few`, the last of the other counts is
`hidden`, and so on until there is doubt enough. Which one is hidden hangs on the order of the groups and never on their size,
and whether a table is told at all on the total alone: whoever runs these rules over everything possible rules out one value
more, and ends at none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEW, HIDDEN = "few", "hidden"
Cell = int | str


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts below `least` are not told, and of each so many values stay possible at the least."""

    least: int
    doubt: int

    def __post_init__(self) -> None:
        if not 1 < self.doubt <= self.least:
            raise ValueError(
                f"{self.doubt} values of {self.least}: expected two at the least, and no more than there are"
            )

    def room(self, groups: int) -> int:
        """From which total on there is doubt enough, however it falls into so many groups."""
        return max((self.least - 1) * groups + 1, self.least * (groups - 1) + self.doubt - 1)


@dataclass(frozen=True, slots=True)
class Table:
    """What everybody may read. `cells` None: the table is not told."""

    total: Cell
    cells: Mapping[str, Cell] | None


def told(counts: Mapping[str, int], rule: Rule) -> Table:
    """The table as it may be told. ValueError of a count below nothing."""
    if any(n < 0 for n in counts.values()):
        raise ValueError("a count below nothing")
    total = sum(counts.values())
    if total < rule.least:
        return Table(FEW, None)
    if total < rule.room(len(counts)):
        return Table(total, None)
    cells: dict[str, Cell] = {name: n if n >= rule.least else FEW for name, n in counts.items()}
    while not _enough(total, list(cells.values()), rule):
        cells[[name for name, cell in cells.items() if not isinstance(cell, str)][-1]] = HIDDEN
    return Table(total, cells)


def _enough(total: int, cells: Sequence[Cell], rule: Rule) -> bool:
    """Do enough values stay possible of every `few`? One is as another, so that one range is that of all."""
    few, hidden = cells.count(FEW), cells.count(HIDDEN)
    if not few:
        return True
    rest = total - sum(cell for cell in cells if not isinstance(cell, str)) - hidden * rule.least
    most = min(rule.least - 1, rest)
    least = 0 if hidden else max(0, rest - (few - 1) * (rule.least - 1))
    return most - least + 1 >= rule.doubt
