"""What do the summaries of several clinics show together?

Of every group of every table: the shares of the clinics that tell the count, pooled, with how far these differ. A clinic that
does not tell it, often because it is rare there, is named beside: what is pooled leaves it out. The bounds leave nobody out: of
all people together, once with the least that each clinic may have, once with the most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from daybreak.outcomes.cells import FEW, HIDDEN, Cell
from daybreak.outcomes.pooling import METHOD, as_percent, log_odds, pooled
from daybreak.outcomes.rates import HUNDRED

Range = tuple[int, int]
DIGITS = 3


class NotTogether(ValueError):
    """These summaries cannot be pooled; the message says why."""


def together(summaries: Sequence[Mapping[str, Any]], *, percent: int) -> dict[str, Any]:
    """Plain data: the method, the periods, and each measure. NotTogether for one clinic twice, other people or rules."""
    sites = [one["site"] for one in summaries]
    if len(set(sites)) < len(sites):
        raise NotTogether("One clinic is there twice: its people would count twice. Give one summary of each.")
    for about, what in (("who", "of other people"), ("rule", "by other rules")):
        if any(one[about] != summaries[0][about] for one in summaries):
            raise NotTogether(f"Some of the summaries tell {what} than the others: give those that tell of the same.")
    return {
        "method": METHOD,
        "percent": percent,
        "who": summaries[0]["who"],
        "clinics": [{"site": one["site"], "first": one["first"], "last": one["last"]} for one in summaries],
        "same_period": len({(one["first"], one["last"]) for one in summaries}) == 1,
        "measures": [_measure(summaries, *place, percent=percent) for place in _places(summaries)],
    }


def _places(summaries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Population, table and group that some clinic tells."""
    found: dict[tuple[str, str, str], None] = {}
    for one in summaries:
        for population, told in one["populations"].items():
            for table, groups in told["tables"].items():
                found |= dict.fromkeys((population, table, group) for group in groups or ())
    yield from found


def _measure(
    summaries: Sequence[Mapping[str, Any]], population: str, table: str, group: str, *, percent: int
) -> dict[str, Any]:
    exact, ranges, silent = [], [], []
    for one in summaries:
        place = one["populations"].get(population, {"total": FEW, "tables": {}})
        cells, total = place["tables"].get(table), place["total"]
        if not cells or group not in cells:
            silent.append(one["site"])
            continue
        ranges.append((_range(cells, group, total=total, least=one["rule"]["least"]), total))
        if isinstance(cells[group], str):
            silent.append(one["site"])
        else:
            exact.append({"site": one["site"], "n": cells[group], "of": total})
    everybody = sum(total for _, total in ranges)
    return {
        "population": population,
        "table": table,
        "group": group,
        "pooled": _pooled(exact, percent=percent),
        "bounds_percent": [round(HUNDRED * sum(n[end] for n, _ in ranges) / everybody, DIGITS) for end in (0, 1)],
        "clinics": exact,
        "not_told_by": silent,
    }


def _pooled(clinics: list[dict[str, Any]], *, percent: int) -> dict[str, Any] | None:
    """What the clinics show that tell the count, each of which is given its share in it. None: none tells it."""
    if not clinics:
        return None
    odds = [log_odds(one["n"], one["of"]) for one in clinics]
    found = pooled([one for one, _ in odds], [one for _, one in odds], percent=percent)
    for clinic, share in zip(clinics, found.shares_percent, strict=True):
        clinic["share_percent"] = round(share, DIGITS)
    return {
        "percent": round(as_percent(found.middle), DIGITS),
        "interval": found.interval and [round(as_percent(one), DIGITS) for one in found.interval],
        "q": round(found.q, DIGITS),
        "freedom": found.freedom,
        "i2_percent": round(found.i2_percent, DIGITS),
        "tau2": round(found.tau2, DIGITS),
    }


def _range(cells: Mapping[str, Cell], group: str, *, total: int, least: int) -> Range:
    """Between which numbers this count lies, for whoever has the table."""
    ends = {FEW: (0, least - 1), HIDDEN: (least, total)}
    ranges = {name: ends[cell] if isinstance(cell, str) else (cell, cell) for name, cell in cells.items()}
    own = ranges.pop(group)
    others_least, others_most = (sum(one[end] for one in ranges.values()) for end in (0, 1))
    return max(own[0], total - others_most), min(own[1], total - others_least)
