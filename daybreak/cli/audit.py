"""Check the audit trail: every line, every link between the lines, and the ends of the chain kept outside the database.

Ends with 0 when it is whole and with 3 when it is not; each finding is a line on standard error, the first broken place
first. Lines of the last seconds are not linked yet; they are counted as the unlinked tail.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """example:
  daybreak audit verify"""

BROKEN = 3


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak audit` takes."""
    parser.add_argument("does", choices=["verify"], metavar="verify", help="check that nothing was changed")


def run(args: Namespace) -> int:
    """0: whole; 2: the clinic is not ready; 3: not whole."""
    return in_the_clinic("audit", _verify)


def _verify() -> int:
    from daybreak.web.start import begin

    begin(ours=False)
    from daybreak.web.audit.verify import verify

    report = verify(at=datetime.now(UTC))
    print(f"{report.sealed} lines linked, {report.tail} in the unlinked tail")
    for finding in report.broken:
        print(f"daybreak audit: {finding}", file=sys.stderr)
    return BROKEN if report.broken else DONE
