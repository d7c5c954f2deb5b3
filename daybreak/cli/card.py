"""Check what the signature of a clinic card proves, and what it does not.

A card says that a clinic counted so in its own records. Give the fingerprint that the clinic told you otherwise than by the file.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from daybreak.exchange.signed import verify

EXAMPLE = """examples:
  daybreak card verify card.json
  daybreak card verify card.json --fingerprint "1f2e 3d4c 5b6a 7988 1f2e 3d4c 5b6a 7988\""""
DONE, CHANGED, UNREADABLE_INPUT = 0, 1, 3
WHAT = "card"


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak card` takes."""
    does = parser.add_subparsers(dest="does", required=True, metavar="verify")
    check = does.add_parser("verify", help="is the file what a clinic signed, and does it still hold?")
    check.add_argument("file", type=Path)
    check.add_argument("--fingerprint", help="of the clinic's key, as it was learnt otherwise than from this file")


def run(args: Namespace) -> int:
    """0: unchanged, and it holds; 1: changed, unsigned, another key's or out of date; 3: no such file."""
    try:
        content = args.file.read_bytes()
    except OSError:
        print(f"{args.file}: there is no such file, or it cannot be read.", file=sys.stderr)
        return UNREADABLE_INPUT
    told = verify(content, at=datetime.now(UTC), what=WHAT, fingerprint=args.fingerprint)
    print(f"{args.file}: {told.sentence}")
    if told.fingerprint:
        print(f"signed with the key of the fingerprint {told.fingerprint}; ask {told.site} whether it is theirs")
    return DONE if told.holds else CHANGED
