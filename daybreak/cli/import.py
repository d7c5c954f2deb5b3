"""Bring a folder of FHIR R4 records into the clinic: bundles, or bulk NDJSON.

Whoever is certainly known gets what is new, whoever looks like nobody is registered, and everybody else waits on the page
"Files that wait" until a person says whose the file is. Run twice it adds nothing twice.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """examples:
  daybreak import exports/ --site "Main Street" --by l.moss --source "Riverside Hospital" --dry-run
  daybreak import exports/ --site "Main Street" --by l.moss --source "Riverside Hospital"

Name the same source in the same words each time: a newer file of a source replaces what an older one said.
Exit code 3: something could not be read (one line each on standard error); the rest is brought in."""

UNREADABLE_INPUT = 3
OF_ONE_FILE = {"import.too_large"}  # what is refused of one file says nothing of the next


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak import` takes."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="bundle file, folder, or bulk NDJSON folder"
    )
    parser.add_argument("--site", required=True, help="the site at which the patients are, or will be, registered")
    parser.add_argument("--by", metavar="LOGIN", required=True, help="who answers for it; may register and write there")
    parser.add_argument("--source", required=True, help="who made the files, as the record will say")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would happen and write nothing; each patient by themselves"
    )


def run(args: Namespace) -> int:
    """0: all was read; 2: refused, with the reason; 3: something could not be read."""
    return in_the_clinic("import", lambda: _run(args))


def _run(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from django.db import transaction

    from daybreak.clinical.records import Problem
    from daybreak.exchange.fhir.apart import people
    from daybreak.knowledge.sentences import language
    from daybreak.knowledge.terms import terms
    from daybreak.web.patients import arrivals
    from daybreak.web.people import queries
    from daybreak.web.refusals import Refused

    site, by = queries.site(args.site), queries.person(args.by)
    counts: Counter[str] = Counter()
    for found in people(args.paths, terms=terms()):
        if isinstance(found, Problem):
            counts["unreadable"] += 1
            print(f"{found.place}: {language().say(found.reason)}", file=sys.stderr)
            continue
        try:
            with transaction.atomic():
                taken = arrivals.take(found, source=args.source, site=site, by=by, at=datetime.now(UTC))
                transaction.set_rollback(args.dry_run)
        except Refused as refused:
            if refused.id not in OF_ONE_FILE:
                raise
            counts["unreadable"] += 1
            print(f"{found.place}: {refused.sentence('en')}", file=sys.stderr)
            continue
        counts[taken.outcome] += 1
        print(f"{found.place}: {_told(taken)}")
    would = "Nothing was written. It would be: " if args.dry_run else ""
    parts = ("known", "new", "waits", "set aside", "unreadable")
    print(would + ", ".join(f"{counts[part]} {part}" for part in parts))
    return UNREADABLE_INPUT if counts["unreadable"] else DONE


def _told(taken: object) -> str:
    from daybreak.web.patients.arrivals import Taken
    from daybreak.web.words import word

    assert isinstance(taken, Taken)
    if taken.reason:
        return f"{taken.outcome}: {word(taken.reason, 'en')}"
    if taken.plan is None:
        return taken.outcome
    return f"{taken.outcome}: {len(taken.plan.new)} entries added, {len(taken.plan.changed)} changed"
