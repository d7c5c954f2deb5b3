"""Does every file begin by saying which question it answers?"""

from __future__ import annotations

import ast
import re

from tests.house.tree import modules


def test_a_file_begins_with_its_question() -> None:
    for path, module in modules().items():
        words = ast.get_docstring(module)
        assert words, f"{path} has no docstring; begin it with the question that the file answers"
        first = words.splitlines()[0]
        assert re.search(r"[?.]( \(.+\))?$", first), (
            f"{path}: end the first line with a question mark or a full stop: {first}"
        )
