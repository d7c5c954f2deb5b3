"""Run the clinic: its pages (web) and what has to happen by itself (clock). Ctrl-C or SIGTERM stops it cleanly."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli.clinic import WRONG_USAGE, in_the_clinic

EXAMPLE = """examples:
  daybreak serve --tls-cert cert.pem --tls-key key.pem --bind 0.0.0.0:443
  daybreak serve --proxy 127.0.0.1
  daybreak serve --only clock"""


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak serve` takes."""
    parser.add_argument("--only", choices=("web", "clock"), help="run this role alone; others run elsewhere")
    parser.add_argument(
        "--bind", metavar="ADDRESS:PORT", default="127.0.0.1:8000", help="where to listen (%(default)s)"
    )
    parser.add_argument("--tls-cert", metavar="FILE", type=Path, help="certificate with its chain, PEM")
    parser.add_argument("--tls-key", metavar="FILE", type=Path, help="key of the certificate, PEM")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="processes that make pages (%(default)s)")
    parser.add_argument(
        "--proxy", metavar="ADDRESS", default="", help="address of the proxy that does TLS; it is trusted"
    )


def run(args: Namespace) -> int:
    """0: stopped as asked; 1: its processes ended by themselves again and again; 2: something has to be given otherwise."""
    host, _, port = args.bind.rpartition(":")
    if not host or not port.isdigit():
        print(f"daybreak serve: --bind {args.bind}: expected ADDRESS:PORT, say 127.0.0.1:8000", file=sys.stderr)
        return WRONG_USAGE
    if args.workers < 1:
        print(f"daybreak serve: --workers {args.workers}: expected 1 or more", file=sys.stderr)
        return WRONG_USAGE
    return in_the_clinic("serve", lambda: _serve(args, host.strip("[]"), int(port)))


def _serve(args: Namespace, host: str, port: int) -> int:
    from daybreak.web.serve import ROLES, Listening, serve

    listening = Listening(
        host=host,
        port=port,
        certificate=args.tls_cert,
        key=args.tls_key,
        proxy=args.proxy,
        workers=args.workers,
    )
    return serve([args.only] if args.only else ROLES, listening)
