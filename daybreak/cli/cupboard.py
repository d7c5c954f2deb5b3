"""Check the books of the cupboards: every entry, every link to the one before it, and that nothing comes from nowhere.

Ends with 0 when they are whole and with 3 when they are not; each finding is a line on standard error.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """example:
  daybreak cupboard verify"""

BROKEN = 3


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak cupboard` takes."""
    parser.add_argument("does", choices=["verify"], metavar="verify", help="check that nothing was changed")


def run(args: Namespace) -> int:
    """0: whole; 2: the clinic is not ready; 3: not whole."""
    return in_the_clinic("cupboard", _verify)


def _verify() -> int:
    from daybreak.web.start import begin

    begin(ours=False)
    from daybreak.web.cupboard.verify import verify

    report = verify()
    print(f"{report.entries} entries of the cupboards")
    for finding in report.broken:
        print(f"daybreak cupboard: {finding}", file=sys.stderr)
    return BROKEN if report.broken else DONE
