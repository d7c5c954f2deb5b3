"""What does a total say: its bands, its cuts, and what else is reported beside it?

What depends on the total alone is worked out once per scale for every possible total.
"""

from __future__ import annotations

from collections.abc import Callable

from daybreak.clinical.screening.scoring.scale import BandSet, Points, Result, Scale

Finish = Callable[[Result, Points, int | None], None]


def highest(scale: Scale) -> int:
    """The highest total that can be reached."""
    return sum(max(item.values()) for item in scale.items)


def keys(scale: Scale) -> list[str]:
    """What is reported about a total of this scale, in order."""
    fixed = [band.key for band in scale.bands] + [cut.key for cut in scale.cuts]
    return fixed + [key for extra in scale.beside for key in extra.reported()]


def finisher(scale: Scale, top: int) -> Finish:
    """A function that adds everything that follows from the points and the total (None: not all is known)."""
    totals = range(top + 1)
    tables = [(band.key, tuple(_band(band, total) for total in totals)) for band in scale.bands]
    answers = [(cut.key, tuple(cut.limit.reached(total) for total in totals)) for cut in scale.cuts]
    by_total: list[tuple[str, tuple[object, ...]]] = [*tables, *answers]
    beside = [pair for extra in scale.beside for pair in extra.reported().items()]

    def finish(result: Result, points: Points, total: int | None) -> None:
        if total is not None:
            for key, table in by_total:
                result[key] = table[total]
        for key, value in beside:
            result[key] = value(points, total)

    return finish


def _band(band: BandSet, total: int) -> str:
    return next(name for up_to, name in band.steps if total <= up_to)
