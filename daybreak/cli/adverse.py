"""Say in how many of a hundred treatments there was an adverse event, by product, route, grade and quarter.

Counts and intervals, and nobody by name. What nobody wrote down is not in them; of how many treatments nobody heard again
stands beside each.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime

from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic

EXAMPLE = """examples:
  daybreak adverse rates
  daybreak adverse rates --site Harbour --from 2026-01-01 --to 2026-06-30 --csv"""


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak adverse` takes."""
    parser.add_argument("does", choices=["rates"], metavar="rates", help="how often, and how sure that is")
    parser.add_argument("--site", help="which, by its name; without it the only one there is")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="such as 2026-01-01")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="the last day that counts")
    parser.add_argument("--csv", action="store_true", help="a table instead of JSON")


def run(args: Namespace) -> int:
    """0: told; 2: the clinic is not ready, there is no such site, or no such time."""
    return in_the_clinic("adverse", lambda: _rates(args))


def _rates(args: Namespace) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.knowledge.spans import span
    from daybreak.web import zones
    from daybreak.web.adverse import rates_told
    from daybreak.web.adverse.rates import rates
    from daybreak.web.audit import trail
    from daybreak.web.people.models import Site

    at = datetime.now(UTC)
    sites = {one.name: one for one in Site.objects.order_by("name")}
    site = sites.get(args.site) if args.site else next(iter(sites.values())) if len(sites) == 1 else None
    if site is None:
        print(f"daybreak adverse: no site {args.site!r}; expected one of {', '.join(sites)}", file=sys.stderr)
        return WRONG_USAGE
    last = args.last or zones.day(at, site.zone)
    first = args.first or last - span("adverse-rates")
    if first > last:
        print(f"daybreak adverse: from {first} to {last} is no time; swap the two", file=sys.stderr)
        return WRONG_USAGE
    found = rates(site, first, last)
    trail.read("adverse_rates", who=None, at=at, site=site.id)
    print(rates_told.as_csv(found) if args.csv else rates_told.as_json(found), end="" if args.csv else "\n")
    return DONE
