"""What a registry of treatments does at the command line: see each of its commands."""

from __future__ import annotations

import importlib
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from types import ModuleType

EXAMPLE = """examples:
  daybreak registry report
  daybreak registry file outcomes.duckdb
  daybreak registry export volunteers --to "The registry of ketamine" --by l.moss
  daybreak registry summary harbor.json --site Harbor --half 2026-1 --by l.moss --people 40
  daybreak registry pool harbor.json hill.json lake.json"""

DOES = {
    "report": "count how treatments went",
    "file": "take the tables along for a notebook",
    "export": "give facts of volunteers away, without telling whose they are",
    "summary": "sign counts of volunteers in half a year, without a small one",
    "pool": "combine the signed summaries of several clinics",
}


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak registry` takes."""
    does = parser.add_subparsers(dest="does", required=True, metavar="|".join(DOES))
    for name, summary in DOES.items():
        command = _module(name)
        command.arguments(
            does.add_parser(
                name, help=summary, description=command.__doc__, formatter_class=RawDescriptionHelpFormatter
            )
        )


def run(args: Namespace) -> int:
    """What the command returns."""
    code: int = _module(args.does).run(args)
    return code


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"daybreak.cli.registry_{name}")
