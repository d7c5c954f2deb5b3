"""Give facts of those who agreed to the registry away, without telling whose they are.

Without --people it says of how many people there would be facts, and writes nothing. Who gives them reads that, and confirms it
by giving the number. Each use stands in the audit trail of whose facts they are, and in the list that they see of who used their
record. Who takes the agreement back is in no later export; what has left stays where it is.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli import registry_sites
from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic


def arguments(parser: ArgumentParser) -> None:
    """Add what it takes."""
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--to", required=True, help="who gets it; stands in the report")
    parser.add_argument("--by", required=True, metavar="LOGIN", help="who answers for it: a prescriber there")
    parser.add_argument("--people", type=int, metavar="N", help="of so many people, as was shown: confirms it")
    registry_sites.arguments(parser)


def run(args: Namespace) -> int:
    """0: written, or told; 2: the clinic is not ready, the person may not, or it cannot be written there."""
    return in_the_clinic("registry", lambda: _export(args))


def _export(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.web.audit import trail
    from daybreak.web.people import queries
    from daybreak.web.registry import giving

    out: Path = args.out
    if out.exists() or not out.absolute().parent.is_dir():
        return registry_sites.wrong(f"{out} is there already, or lies in no folder; expected the name of a new folder")
    sites, by = registry_sites.sites(args.site), queries.person(args.by)
    if not sites:
        return WRONG_USAGE
    with trail.by_way_of("cli"):
        at = registry_sites.read(sites)
        if args.people is None:
            n = len(giving.looked(sites, at=at).whose)
            print(f"There would be facts of {n} people. Nothing was written; to give them to {args.to}: --people {n}")
            return DONE
        try:
            found = giving.give(sites, out, to=args.to, seen=args.people, by=by, at=at)
        except OSError as error:
            return registry_sites.wrong(f"{out} cannot be written ({error.strerror}). Nothing has left.")
    print(f"{out}: facts of {len(found.whose)} people for {args.to}; what was left out stands in report.json")
    return DONE
