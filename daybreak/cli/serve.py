"""Run the clinic: its pages (web), what has to happen by itself (clock), and what listens for devices at the bedside (bedside).

Ctrl-C or SIGTERM stops it cleanly.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli.clinic import WRONG_USAGE, in_the_clinic

EXAMPLE = """examples:
  daybreak serve --tls-cert cert.pem --tls-key key.pem --bind 0.0.0.0:443
  daybreak serve --proxy 127.0.0.1
  daybreak serve --only clock
  daybreak serve --proxy 127.0.0.1 --mllp 192.0.2.10:2575 --mllp-from 192.0.2.32/28
  daybreak serve --only bedside"""


MLLP = "127.0.0.1:2575"


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak serve` takes."""
    parser.add_argument("--only", choices=("web", "clock", "bedside"), help="run this role alone; others run elsewhere")
    parser.add_argument(
        "--bind", metavar="ADDRESS:PORT", default="127.0.0.1:8000", help="where to listen (%(default)s)"
    )
    parser.add_argument("--tls-cert", metavar="FILE", type=Path, help="certificate with its chain, PEM")
    parser.add_argument("--tls-key", metavar="FILE", type=Path, help="key of the certificate, PEM")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="processes that make pages (%(default)s)")
    parser.add_argument(
        "--mllp",
        metavar="ADDRESS:PORT",
        default="",
        help=f"listen for monitors and pumps there (--only bedside: {MLLP})",
    )
    parser.add_argument(
        "--mllp-from", metavar="NETWORK", action="append", default=[], help="from where they come; may be given again"
    )
    parser.add_argument("--mllp-cert", metavar="FILE", type=Path, help="certificate for them with its chain, PEM")
    parser.add_argument("--mllp-key", metavar="FILE", type=Path, help="key of that certificate, PEM")
    parser.add_argument(
        "--proxy", metavar="ADDRESS", default="", help="address of the proxy that does TLS; it is trusted"
    )


def run(args: Namespace) -> int:
    """0: stopped as asked; 1: its processes ended by themselves again and again; 2: something has to be given otherwise."""
    host, _, port = args.bind.rpartition(":")
    if not host or not port.isdigit():
        print(f"daybreak serve: --bind {args.bind}: expected ADDRESS:PORT, say 127.0.0.1:8000", file=sys.stderr)
        return WRONG_USAGE
    mllp_host, _, mllp_port = (args.mllp or MLLP).rpartition(":")
    if not mllp_host or not mllp_port.isdigit():
        print(f"daybreak serve: --mllp {args.mllp}: expected ADDRESS:PORT, say {MLLP}", file=sys.stderr)
        return WRONG_USAGE
    if args.workers < 1:
        print(f"daybreak serve: --workers {args.workers}: expected 1 or more", file=sys.stderr)
        return WRONG_USAGE
    return in_the_clinic(
        "serve", lambda: _serve(args, (host.strip("[]"), int(port)), (mllp_host.strip("[]"), int(mllp_port)))
    )


def _serve(args: Namespace, pages: tuple[str, int], mllp: tuple[str, int]) -> int:
    from daybreak.web.bedside.door import Door
    from daybreak.web.serve import ROLES, Listening, serve

    listening = Listening(
        host=pages[0],
        port=pages[1],
        certificate=args.tls_cert,
        key=args.tls_key,
        proxy=args.proxy,
        workers=args.workers,
    )
    door = Door(*mllp, peers=tuple(args.mllp_from), certificate=args.mllp_cert, key=args.mllp_key)
    listens = bool(args.mllp) or args.only == "bedside"
    return serve([args.only] if args.only else ROLES, listening, door=door if listens else None)
