"""Say whether a file is a paper that this clinic made, byte for byte.

Ends with 0 when it is and with 3 when it is not, or when what is kept was changed.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """example:
  daybreak papers verify consent.pdf"""

NOT_OURS = 3


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak papers` takes."""
    does = parser.add_subparsers(dest="does", required=True, metavar="verify")
    verify = does.add_parser("verify", help="hold a file against the papers that were kept")
    verify.add_argument("file", type=Path)


def run(args: Namespace) -> int:
    """0: it is one; 2: the clinic is not ready; 3: it is none, was changed, or cannot be read."""
    return in_the_clinic("papers", lambda: _verify(args.file))


def _verify(path: Path) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.web.papers.actions import hold_against

    try:
        file = path.read_bytes()
    except OSError as error:
        print(f"daybreak papers: {path} cannot be read: {error.strerror}", file=sys.stderr)
        return NOT_OURS
    found = hold_against(file)
    for one in found:
        if not one.intact:
            print(f"daybreak papers: the copy kept as {one.paper.id} was changed in the database", file=sys.stderr)
            return NOT_OURS
        made = f"{one.paper.created:%Y-%m-%d %H:%M} UTC"
        print(f"{path}: unchanged since this clinic made it on {made} ({one.paper.kind}, paper {one.paper.id})")
    if not found:
        print(f"daybreak papers: {path}: this clinic kept no such paper, or it was changed since", file=sys.stderr)
    return DONE if found else NOT_OURS
