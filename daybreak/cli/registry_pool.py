"""Combine the signed summaries of several clinics, as JSON: pooled shares, how far the clinics differ, what each weighs.

Needs no clinic and no database; anybody with the same files gets the same. A file that was changed, is not signed, or holds no
longer is refused. Whose key a file was signed with is known only by the fingerprint that the clinic tells: give each with
--fingerprint; without any, the fingerprints are listed for you to compare.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DONE, WRONG_USAGE, UNREADABLE_INPUT = 0, 2, 3
WHAT = "summary"
PERCENT = 95


def arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a signed summary")
    parser.add_argument(
        "--fingerprint", action="append", default=[], metavar="TEXT", help="of a key that is trusted; once for each"
    )


def run(args: Namespace) -> int:
    """0: pooled; 2: these cannot be pooled; 3: a file cannot be read, or does not hold."""
    from daybreak.outcomes.together import NotTogether, together

    read = [_read(path, trusted=args.fingerprint) for path in args.files]
    problems = [one for one in read if isinstance(one, str)]
    if problems:
        print("\n".join(f"daybreak registry pool: {one}" for one in problems), file=sys.stderr)
        return UNREADABLE_INPUT
    told = [one for one in read if not isinstance(one, str)]
    try:
        found = together([one["document"] for one in told], percent=PERCENT)
    except NotTogether as why:
        print(f"daybreak registry pool: {why}", file=sys.stderr)
        return WRONG_USAGE
    signed = [{name: one[name] for name in ("site", "says", "fingerprint")} for one in told]
    if not args.fingerprint:
        print(
            "daybreak registry pool: the fingerprints were compared with nothing; ask each clinic for its own",
            file=sys.stderr,
        )
    print(json.dumps({"signed": signed, **found}, ensure_ascii=False, indent=2))
    return DONE


def _read(path: Path, *, trusted: list[str]) -> dict[str, Any] | str:
    """What the file says, or why it is not used."""
    from daybreak.exchange.signed import OTHER_KEY, verify

    try:
        file = path.read_bytes()
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    at = datetime.now(UTC)
    told = verify(file, at=at, what=WHAT)
    if trusted and told.holds:
        found = [verify(file, at=at, what=WHAT, fingerprint=one) for one in trusted]
        told = next((one for one in found if one.state != OTHER_KEY), found[0])
    if not told.holds:
        return f"{path}: {told.sentence}"
    if told.document.get("site") != told.site:
        return f"{path}: signed by {told.site} about another clinic"
    return {"site": told.site, "says": told.sentence, "fingerprint": told.fingerprint, "document": told.document}
