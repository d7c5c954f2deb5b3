"""Sign counts of those who agreed to the registry, of half a year that is over; no small count is in it.

Without --people it says of how many people there would be counts, and writes nothing; giving that number confirms it. A half-year
is signed once: keep the file.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli import registry_sites
from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic


def arguments(parser: ArgumentParser) -> None:
    """Add what it takes."""
    parser.add_argument("out", type=Path, help="a new file")
    parser.add_argument("--half", required=True, metavar="YEAR-HALF", help="such as 2026-1 for January to June")
    parser.add_argument("--by", required=True, metavar="LOGIN", help="who answers for it: a prescriber there")
    parser.add_argument("--people", type=int, metavar="N", help="of so many people, as was shown: confirms it")
    parser.add_argument("--site", required=True, help="which, by its name")


def run(args: Namespace) -> int:
    """0: written, or told; 2: the clinic is not ready, the person may not, or it cannot be written there."""
    return in_the_clinic("registry", lambda: _summary(args))


def _summary(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from django.db import transaction

    from daybreak.web.audit import trail
    from daybreak.web.people import queries
    from daybreak.web.registry import signing

    if args.out.exists():
        return registry_sites.wrong(f"{args.out} is there already; expected the name of a new file")
    if not re.fullmatch(r"20\d\d-[12]", args.half):
        return registry_sites.wrong(f"{args.half!r} is no half-year; expected such as 2026-1 for January to June")
    year, n = map(int, args.half.split("-"))
    sites, by = registry_sites.sites(args.site), queries.person(args.by)
    if not sites:
        return WRONG_USAGE
    with trail.by_way_of("cli"):
        at = registry_sites.read(sites)
        if args.people is None:
            found, _ = signing.counted(sites[0], *signing.half(year, n), at=at)
            print(
                f"There would be counts of {len(found)} people. Nothing was written; to sign them: --people {len(found)}"
            )
            return DONE
        part: Path = args.out.with_name(f"{args.out.name}.part")
        try:
            with transaction.atomic():
                part.write_bytes(signing.sign(sites[0], year, n, seen=args.people, by=by, at=at))
            part.rename(args.out)
        except OSError as error:
            return registry_sites.wrong(f"{args.out} cannot be written ({error.strerror}). Nothing was signed.")
        finally:
            part.unlink(missing_ok=True)
    print(f"{args.out}: counts of {args.people} people, signed by {sites[0].name}; keep it, it is made once")
    return DONE
