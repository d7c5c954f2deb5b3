"""What may a clinic tell everybody of a period: of each population the fixed tables of who had what, without a small count?

A table that is told has a total and its groups; the total of a population is the same in all its tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from daybreak.outcomes.cells import Rule, told

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]  # population, table, group


def document(counts: Counts, *, site: str, first: date, last: date, who: str, rule: Rule) -> dict[str, Any]:
    """Whole numbers and text, to be signed. `who`: whose facts these are. ValueError when two tables of one population
    disagree about how many it has."""
    return {
        "site": site,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "who": who,
        "rule": {"least": rule.least, "doubt": rule.doubt, "rounded_to": 1},
        "populations": {name: _population(name, tables, rule) for name, tables in counts.items()},
    }


def _population(name: str, tables: Mapping[str, Mapping[str, int]], rule: Rule) -> dict[str, Any]:
    if len({sum(groups.values()) for groups in tables.values()}) > 1:
        raise ValueError(f"The tables of {name} count differently many: expected each to count everybody once.")
    found = {table: told(groups, rule) for table, groups in tables.items()}
    total = next(iter(found.values())).total
    return {
        "total": total,
        "tables": {table: None if one.cells is None else dict(one.cells) for table, one in found.items()},
    }
