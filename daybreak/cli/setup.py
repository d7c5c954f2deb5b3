"""Set up a clinic: its folder with the secrets, the database, the organisation, the first site and administrator.

Prints a link by which the administrator sets password and second factor; it works once, for three days. Running it again
changes nothing that is there and prints the link again as long as it works.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime

from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic

EXAMPLE = """examples:
  daybreak setup --organisation "Dawn Clinic" --site "Main Street" --admin j.doe --name "Jo Doe" \\
      --zone America/Los_Angeles --public-url https://daybreak.example.org
  DAYBREAK_HOME=clinic daybreak setup --demo --organisation Demo --site Demo --admin admin --name Admin"""

DEMO_URL = "http://localhost:8000"


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak setup` takes."""
    parser.add_argument("--organisation", required=True, help="the name of the organisation")
    parser.add_argument("--site", required=True, help="the first place where treatment happens")
    parser.add_argument("--room", action="append", default=[], help="a room of that site; may be given more than once")
    parser.add_argument("--admin", metavar="LOGIN", required=True, help="login name of the first administrator")
    parser.add_argument("--name", required=True, help="name of the first administrator")
    parser.add_argument("--lang", choices=("en", "zh-Hans"), default="en", help="language of the first administrator")
    parser.add_argument(
        "--country", type=country, default="US", help="two letters (US, CN …): whose crisis numbers are shown"
    )
    parser.add_argument(
        "--zone", help="the time zone of that site: Asia/Shanghai, America/Los_Angeles … (else that of this machine)"
    )
    parser.add_argument("--public-url", metavar="URL", help="the address under which browsers reach the clinic")
    parser.add_argument(
        "--database", metavar="ADDRESS", help="postgres://… or sqlite:///…; without it a file in the folder"
    )
    parser.add_argument("--demo", action="store_true", help="a demo, on this machine only and without TLS")


def country(typed: str) -> str:
    """A code of ISO 3166, in capitals."""
    if not (len(typed) == 2 and typed.isascii() and typed.isalpha()):
        raise ArgumentTypeError(f"{typed!r} is no country: expected the two letters of ISO 3166, as US or CN")
    return typed.upper()


def run(args: Namespace) -> int:
    """0: set up; 2: something has to be given otherwise."""
    if not args.demo and not args.public_url:
        print(
            "daybreak setup: --public-url is missing: expected https://NAME, or --demo on this machine", file=sys.stderr
        )
        return WRONG_USAGE
    return in_the_clinic("setup", lambda: _set_up(args))


def _set_up(args: Namespace) -> int:
    from daybreak.web import place
    from daybreak.web.start import begin

    profile, url = ("demo" if args.demo else "clinic"), args.public_url or DEMO_URL
    place.check_address(url, profile=profile)
    if place.is_set_up():
        place.demand_same(profile=profile, public_url=args.public_url, database=args.database)
    else:
        made = place.make(profile=profile, public_url=url, database=args.database)
        print(
            f"{made.home / 'clinic.json'} holds the secrets of this clinic. No backup contains it: keep a copy elsewhere."
        )
    begin(migrate=True)
    from daybreak.web import zones
    from daybreak.web.first_run import First, first_run, zone_of

    first = First(login=args.admin, name=args.name, language=args.lang)
    now = datetime.now(UTC)
    print(
        first_run(
            organisation=args.organisation,
            site=args.site,
            rooms=args.room,
            first=first,
            country=args.country,
            zone=args.zone or zones.of_the_machine(),
            at=now,
        )
    )
    zone = zone_of(args.site)
    print(f"{args.site} keeps the time of {zone}. Another zone: on the page “Sites and rooms”.")
    return DONE
