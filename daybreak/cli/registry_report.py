"""Count how a clinic's treatments went, every figure with n/N, who is missing, and its bounds."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from daybreak.cli import registry_sites
from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic


def arguments(parser: ArgumentParser) -> None:
    """Add what it takes."""
    registry_sites.arguments(parser)
    parser.add_argument("--format", choices=["json"], default="json", help="how it is told")


def run(args: Namespace) -> int:
    """0: told; 2: the clinic is not ready, or there is no such site."""
    return in_the_clinic("registry", lambda: _report(args.site))


def _report(name: str | None) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.outcomes.report import plain
    from daybreak.web.registry.stored import counted

    sites = registry_sites.sites(name)
    if not sites:
        return WRONG_USAGE
    told = plain(counted(sites, at=registry_sites.read(sites)))
    print(json.dumps({"sites": [one.name for one in sites], **told}, ensure_ascii=False, indent=1))
    return DONE
