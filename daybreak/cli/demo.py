"""Run a made-up clinic on this machine: two sites, all roles, sixty-three patients, three rooms in which somebody is treated.

It is made once, by the same actions that a real clinic uses, and stays in its folder; what you do in it stays too. Nobody
in it exists, it calls no other machine, and no other machine reaches it. Ctrl-C or SIGTERM stops it.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic
from daybreak.demo.patients import SEED
from daybreak.knowledge.sentences import LANGUAGES, language

EXAMPLE = """examples:
  daybreak demo
  daybreak demo --fresh --seed 7
  daybreak demo --speed 10
  daybreak demo --fhir bundles && daybreak screen bundles
  daybreak demo --board
  daybreak demo --write people && daybreak screen people --as-of 2026-11-20"""

PORT, NEIGHBOURS = 8000, 20
FASTEST = 60  # an hour in a minute; faster, whoever looks would see nothing of it


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak demo` takes."""
    parser.add_argument(
        "--folder", metavar="FOLDER", type=Path, default=usual(), help="where the clinic is kept (%(default)s)"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="make it anew, with the dates of today; what was in it goes"
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=SEED, help="draw other medicines, scores and days (%(default)s)"
    )
    parser.add_argument(
        "--port", metavar="N", type=int, help=f"listen there; without it {PORT}, or the next one that is free"
    )
    parser.add_argument(
        "--speed", metavar="N", type=int, default=1, help="let its clock go N times as fast, up to 60 (%(default)s)"
    )
    parser.add_argument("--make-only", action="store_true", help="make the clinic and do not run it")
    parser.add_argument("--fhir", metavar="FOLDER", type=Path, help="write its patients there instead, a bundle each")
    parser.add_argument("--board", action="store_true", help="print the text board of a few patients instead")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="write those few there instead, a bundle each")
    parser.add_argument(
        "--copies", metavar="N", type=int, default=1, help="with --write: so many of each (for measuring)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="with --board: its language")


def usual() -> Path:
    """The folder of the demo when none is named."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share", "daybreak-demo")


def run(args: Namespace) -> int:
    """0: done, or stopped as asked; 1: the server ended by itself; 2: something has to be given otherwise."""
    if args.copies < 1:
        print(f"daybreak demo: --copies {args.copies}: expected 1 or more", file=sys.stderr)
        return WRONG_USAGE
    if args.port is not None and not 0 < args.port < 65536:
        print(f"daybreak demo: --port {args.port}: expected 1 to 65535", file=sys.stderr)
        return WRONG_USAGE
    if not 1 <= args.speed <= FASTEST:
        print(f"daybreak demo: --speed {args.speed}: expected 1 to {FASTEST}", file=sys.stderr)
        return WRONG_USAGE
    if args.board or args.write:
        from daybreak.cli import demo_board

        if args.write:
            demo_board.write(args.write, copies=args.copies)
        else:
            demo_board.show(language(args.lang))
        return DONE
    if args.fhir:
        from daybreak.demo.bundles import write

        count = write(args.fhir, today=datetime.now(UTC).date(), seed=args.seed)
        print(f"{count} records in {args.fhir}; try: daybreak screen {args.fhir}")
        return DONE
    return in_the_clinic("demo", lambda: _clinic(args))


def _clinic(args: Namespace) -> int:
    from daybreak.demo.house import House, next_free, taken

    house = House(args.folder.absolute(), port=args.port or next_free(PORT, NEIGHBOURS))
    with house.kept() as running:
        if running and args.fresh:
            print(f"daybreak demo: the demo is running at {running}; stop it before it is made anew", file=sys.stderr)
            return WRONG_USAGE
        if running:
            print(f"The demo in {house.folder} is running already: {running}")
            return DONE
        if not args.make_only and taken(house.port):
            free = next_free(house.port + 1, NEIGHBOURS)
            print(f"daybreak demo: another program listens on port {house.port}; try --port {free}", file=sys.stderr)
            return WRONG_USAGE
        if args.fresh or not house.ready():
            print("Making the demo's clinic; this takes about a minute …", flush=True)
            house.make(seed=args.seed, now=datetime.now(UTC))
        house.enter()
        if house.port != (args.port or PORT):
            print(f"Another program listens on port {PORT}; the demo takes {house.port}.")
        print(house.told(speed=args.speed), flush=True)
        return DONE if args.make_only else house.serve(speed=args.speed)
