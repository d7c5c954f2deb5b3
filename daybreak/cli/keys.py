"""List the clinic's keys by purpose, or put a new one before those of one purpose; the older ones still open what they closed.

After a rotation start `daybreak serve` again: a running one knows only the keys with which it was started.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from daybreak.cli.clinic import DONE, in_the_clinic

EXAMPLE = """examples:
  daybreak keys list
  daybreak keys rotate django          sessions, forms that were kept, the browsers that are known
  daybreak keys rotate audit           new lines of the audit trail and its links
  daybreak keys rotate links           links that are made from now on
  daybreak keys rotate second-factor   authenticator apps and recovery codes that are set up from now on
  daybreak keys rotate signatures      what is signed for others from now on; fingerprints of all keys: daybreak keys list"""

PURPOSES = ("django", "audit", "links", "second-factor", "signatures")


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak keys` takes."""
    does = parser.add_subparsers(dest="does", required=True, metavar="list|rotate")
    does.add_parser("list", help="the ids of the keys, the newest first; never the secrets")
    rotate = does.add_parser("rotate", help="make a new key for one purpose")
    rotate.add_argument("purpose", choices=PURPOSES)


def run(args: Namespace) -> int:
    """0: done; 2: there is no clinic, or its secrets cannot be written."""
    return in_the_clinic("keys", lambda: _run(args))


def _run(args: Namespace) -> int:
    from daybreak.web import key_file, place, signing

    if args.does == "list":
        for purpose, keys in place.current().keys.items():
            print(f"{purpose}: {', '.join(key.id for key in keys)}")
        for id, told in signing.fingerprints(place.current()):
            print(f"signatures {id} is known by the fingerprint {told}")
        return DONE
    made = key_file.rotate(args.purpose)
    print(
        f"Key {made.id} of {args.purpose} is the newest now; older ones still open what they closed. "
        "Start daybreak serve again, and copy clinic.json to where you keep its copy."
    )
    return DONE
