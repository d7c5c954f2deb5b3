"""Can somebody who has all that is published, and knows the rules, work out a small count?"""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from daybreak.outcomes.cells import FEW, HIDDEN, Rule, Table, told

RULE = Rule(11, 5)


def attack(table: Table, name: str, rule: Rule) -> tuple[int, int]:
    """The least and the most that a solver finds possible of one count, from the total and the rules."""
    names = list(table.cells)
    lower = {FEW: 0, HIDDEN: rule.least}
    upper = {FEW: rule.least - 1, HIDDEN: table.total}
    bounds = [(lower.get(cell, cell), upper.get(cell, cell)) for cell in table.cells.values()]
    aim = [1 if one == name else 0 for one in names]
    row = [[1] * len(names)]
    least = linprog(aim, A_eq=row, b_eq=[table.total], bounds=bounds, integrality=1)
    most = linprog([-one for one in aim], A_eq=row, b_eq=[table.total], bounds=bounds, integrality=1)
    return round(least.fun), round(-most.fun)


@pytest.mark.parametrize("seed", range(60))
def test_no_solver_pins_a_small_count(seed) -> None:
    chance = random.Random(seed)
    counts = {chr(97 + i): chance.choice([0, 1, 5, 10, 10, 11, 12, 40, 300]) for i in range(chance.randint(2, 5))}
    table = told(counts, RULE)
    for name, cell in (table.cells or {}).items():
        assert cell in (FEW, HIDDEN, counts[name])
        assert (cell == FEW) == (counts[name] < 11)
        if cell == FEW:
            least, most = attack(table, name, RULE)
            assert least <= counts[name] <= most
            assert most - least >= 4, (counts, table)


def test_two_tables_of_the_same_people_say_no_more_together() -> None:
    """Both have the same total: the solver is given all cells of both at once."""
    for first, second in (
        ({"a": 3, "b": 30, "c": 20}, {"d": 9, "e": 9, "f": 35}),
        ({"a": 0, "b": 53}, {"d": 12, "e": 41}),
    ):
        tables = [told(first, RULE), told(second, RULE)]
        cells = [(t, name, cell) for t, one in enumerate(tables) for name, cell in (one.cells or {}).items()]
        lower = [{FEW: 0, HIDDEN: 11}.get(cell, cell) for _, _, cell in cells]
        upper = [{FEW: 10, HIDDEN: 53}.get(cell, cell) for _, _, cell in cells]
        rows = [[float(t == which) for t, _, _ in cells] for which in {t for t, _, _ in cells}]
        for i, (_, _, cell) in enumerate(cells):
            if cell == FEW:
                ends = [
                    milp(
                        [sign * (i == j) for j in range(len(cells))],
                        constraints=LinearConstraint(rows, [53] * len(rows), [53] * len(rows)),
                        bounds=Bounds(lower, upper),
                        integrality=[1] * len(cells),
                    ).fun
                    for sign in (1, -1)
                ]
                assert -ends[1] - ends[0] >= 4


@pytest.mark.parametrize(("groups", "total"), [(2, 21), (2, 60), (3, 31), (3, 47), (4, 41), (4, 43)])
def test_whoever_runs_the_rules_over_everything_possible_is_no_wiser(groups, total) -> None:
    """Every way to reach the total, by what would be published of it: no publication leaves one value of a small count."""
    possible: dict[tuple, list[set[int]]] = {}
    for ends in combinations(range(total + groups - 1), groups - 1):
        counts = [b - a - 1 for a, b in pairwise((-1, *ends, total + groups - 1))]
        table = told({str(i): n for i, n in enumerate(counts)}, RULE)
        seen = possible.setdefault(tuple(table.cells.values()), [set() for _ in counts])
        for values, n in zip(seen, counts, strict=True):
            values.add(n)
    for cells, seen in possible.items():
        for cell, values in zip(cells, seen, strict=True):
            assert cell != FEW or len(values) >= RULE.doubt - 1, (cells, values)


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ({"a": 30, "b": 20}, {"a": 30, "b": 20}),
        ({"a": 30, "b": 10}, {"a": HIDDEN, "b": FEW}),
        ({"a": 20, "b": 90, "c": 3}, {"a": 20, "b": HIDDEN, "c": FEW}),
        ({"a": 90, "b": 3, "c": 4}, {"a": 90, "b": FEW, "c": FEW}),
        ({"a": 90, "b": 10, "c": 10}, {"a": HIDDEN, "b": FEW, "c": FEW}),
        ({"a": 90, "b": 11, "c": 1}, {"a": HIDDEN, "b": HIDDEN, "c": FEW}),
    ],
)
def test_what_is_told(counts, cells) -> None:
    assert told(counts, RULE) == Table(sum(counts.values()), cells)


def test_whether_a_table_is_told_hangs_on_the_total_alone() -> None:
    for counts in ({"a": 10, "b": 10}, {"a": 20, "b": 0}, {"a": 11, "b": 9}):
        assert told(counts, RULE) == Table(20, None)
    assert told({"a": 3, "b": 7}, RULE) == Table(FEW, None)
    assert told({}, RULE) == Table(FEW, None)


def test_a_rule_that_leaves_no_doubt_is_none() -> None:
    for least, doubt in ((11, 1), (3, 4)):
        with pytest.raises(ValueError, match="expected two at the least"):
            Rule(least, doubt)
    with pytest.raises(ValueError, match="below nothing"):
        told({"a": -1}, RULE)
