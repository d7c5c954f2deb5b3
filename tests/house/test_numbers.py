"""Is there no clinical number in clinical?"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import modules

# Counting, the calendar, percent. Whatever else a rule compares with is a fact, and facts are knowledge.
ORDINARY = {0, 1, 2, 3, 4, 7, 12, 31, 100}
# Numbers that are about the computer, with what they are.
TECHNICAL = {
    "units.py": {60: "minutes of an hour", 1000: "µg of a mg"},
    "programmes.py": {10: "a decimal point that slipped by one place"},
    "kinetics.py": {
        60: "minutes of an hour",
        1000: "ng/mL of a mg/L",
        0.5: "below it the series is short",
        14: "its terms",
    },
    "cost.py": {
        0.01: "a cent",
        0.1: "a tenth of an hour",
        12: "months of a year",
        60: "minutes of an hour",
        100: "of a percentage",
    },
    "form.py": {64: "bits of a number that can be shown", 30: "characters of an answer that are quoted"},
}


def test_numbers_are_ordinary() -> None:
    for path, module in modules("daybreak/clinical").items():
        allowed = ORDINARY | set(TECHNICAL.get(Path(path).name, {}))
        for node in ast.walk(module):
            where = f"{path}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
                assert node.value in allowed, f"{where}: {node.value} belongs into daybreak/knowledge"
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Decimal", "Fraction"}:
                text = ast.unparse(node.args[0]).strip("'") if node.args else "0"
                number = text.replace(".", "", 1).isdigit()
                assert not number or float(text) in allowed, f"{where}: {text} belongs into daybreak/knowledge"
