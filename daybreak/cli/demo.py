"""Screen the synthetic patients that come with Daybreak and print the board.

Nobody in it exists. The records go through the same reader and the same rules as any other.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli.board import board
from daybreak.clinical.records import AsOf
from daybreak.demo.people import AS_OF, records, shows
from daybreak.exchange.fhir import charts
from daybreak.knowledge.protocols import payer, payer_ids, protocol, protocol_ids
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.knowledge.terms import terms

EXAMPLE = """examples:
  daybreak demo
  daybreak demo --write people/ && daybreak screen people/ --as-of 2026-11-20"""

DONE, WRONG_USAGE = 0, 2


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak demo` takes."""
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="write the records there instead, one bundle each")
    parser.add_argument(
        "--copies", metavar="N", type=int, default=1, help="with --write: so many of each (for measuring)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the board")


def run(args: Namespace) -> int:
    """0: done; 2: wrong usage."""
    if args.copies < 1:
        print(f"daybreak demo: --copies {args.copies}: expected 1 or more", file=sys.stderr)
        return WRONG_USAGE
    if args.write:
        args.write.mkdir(parents=True, exist_ok=True)
        written = records(args.copies)
        for record in written:
            (args.write / f"{record.id}.json").write_text(json.dumps(record.bundle(), indent=1), encoding="utf-8")
        print(f"{len(written)} records in {args.write}; try: daybreak screen {args.write} --as-of {AS_OF}")
        return DONE
    as_of = AsOf(AS_OF)
    protocols = [protocol(id_, as_of=AS_OF) for id_ in protocol_ids()]
    payers = [payer(id_, as_of=AS_OF) for id_ in payer_ids()]
    for record in records():
        print(f"{record.id}: {shows(record.id, args.lang)}")
        for chart in charts(record.bundle(), terms=terms(), place=record.id):
            print(board(chart, protocols, payers=payers, as_of=as_of, language=language(args.lang)), end="")
    return DONE
