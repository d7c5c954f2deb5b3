"""Score answers to a rating scale.

Each line of FILE (or of standard input) is the JSON list of arguments for one form: the list of its answers, null for
a blank, and what else the scale asks for. Each readable line gives one line of JSON with its line number in `line`.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from daybreak.cli.ndjson import WRONG_USAGE, Unreadable, objects
from daybreak.clinical.screening.scales import scorer
from daybreak.knowledge.scales import UnknownScale, scale

EXAMPLE = """example:
  echo '[[1, 2, 0, 1, null, 0, 1, 0, 0]]' | daybreak score phq-9
  echo '[[1, 1, 1], "female"]'            | daybreak score audit-c
  echo '[true, true, false, false, false, false, null]' | daybreak score c-ssrs-screen

Answers that do not fit the scale are results (status "invalid", exit code 0). A line that is not JSON is named on
standard error; the other lines are still scored and the exit code is 3."""

EXPECTED = "one JSON list of arguments, such as [[0, 1, 2]]"


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak score` takes."""
    parser.add_argument("scale", metavar="SCALE", help="id of the scale, such as phq-9; a wrong one lists them all")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="NDJSON file; - or nothing: standard input"
    )


def run(args: Namespace) -> int:
    """Score every line. 0: all were read; 2: no such scale; 3: something could not be read, the rest was done."""
    try:
        wanted = scorer(scale(args.scale))
    except UnknownScale as error:
        print(f"daybreak score: {error}", file=sys.stderr)
        return WRONG_USAGE

    def answer(given: Any) -> dict[str, Any]:
        if type(given) is not list:
            raise Unreadable("JSON, but not a list")
        return wanted(given)

    return objects(args.file, answer, command="score", expected=EXPECTED)
