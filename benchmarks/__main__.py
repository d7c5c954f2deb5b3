"""Which figures hold on this machine? `python -m benchmarks [ID]` measures all of them or one.

Prints a table and writes benchmarks/results.json. Ends with 1 when a goal was missed, 2 when the id is unknown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Row

MODULES = ("score", "screen", "pages", "audit", "large", "ledger", "boards", "alarms", "kinetics", "bedside", "live")
RESULTS = Path(__file__).parent / "results.json"


def main(words: Sequence[str]) -> int:
    """Measure, print, write."""
    if len(words) > 1:
        print(f"One id at most, not {len(words)}: python -m benchmarks screen-folder", file=sys.stderr)
        return 2
    only = words[0] if words else None
    modules = [import_module(f"benchmarks.{name}") for name in MODULES]
    rows: list[Row] = [row for module in modules for row in module.rows(only)]
    if only is not None and not any(row["id"] == only for row in rows):
        known = ", ".join(id for module in modules for id in module.IDS)
        print(f"There is no benchmark {only!r}. There are: {known}", file=sys.stderr)
        return 2
    print(table(rows))
    RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {RESULTS.parent.name}/{RESULTS.name}")
    return 0 if all(row["reached"] is not False for row in rows) else 1


def table(rows: Sequence[Row]) -> str:
    """One line for each figure, columns aligned."""
    head = ("id", "ours", "floor", "unit", "ratio", "goal", "", "what, against what")
    verdicts = {True: "reached", False: "MISSED", None: ""}
    lines = [head]
    for row in rows:
        figures = f"{row['ours']:,.4g}", f"{row['theirs']:,.4g}", row["unit"], f"{row['ratio']:.2f}", str(row["goal"])
        story = f"{row['what']}, against {row['against']} (n={row['n']}, spread {row['spread']:.0%})"
        lines.append((row["id"], *figures, verdicts[row["reached"]], story))
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    padded = [[f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in padded)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
