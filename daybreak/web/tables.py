"""How is a table written for a spreadsheet? As CSV, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(heads: Sequence[str], lines: Iterable[Iterable[Any]]) -> str:
    """None is an empty cell; what a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(heads)
    for line in lines:
        written.writerow([_plain(cell) for cell in line])
    return out.getvalue()


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
