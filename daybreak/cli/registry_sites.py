"""Which sites of the clinic does a command of the registry read, and at which moment?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daybreak.cli.clinic import WRONG_USAGE

if TYPE_CHECKING:
    from daybreak.web.people.models import Site


def arguments(parser: ArgumentParser) -> None:
    """Add what names a site."""
    parser.add_argument("--site", help="which, by its name; without it all of them")


def sites(name: str | None) -> list[Site]:
    """The one of that name, or all; none, when it was said why."""
    from daybreak.outcomes import store
    from daybreak.web.people.models import Site

    every = list(Site.objects.order_by("name"))
    found = [one for one in every if name in (None, one.name)]
    if not store.there():
        wrong("DuckDB is not installed; install daybreak[outcomes]")
        return []
    if not found:
        wrong(f"no site {name!r}; expected one of {', '.join(one.name for one in every)}")
    return found


def read(sites: list[Site]) -> datetime:
    """The moment at which they are read, kept in the audit trail."""
    from daybreak.web.audit import trail

    at = datetime.now(UTC)
    for one in sites:
        trail.read("registry", who=None, at=at, site=one.id)
    return at


def wrong(why: str) -> int:
    """Say what is wrong, and what to do."""
    print(f"daybreak registry: {why}", file=sys.stderr)
    return WRONG_USAGE
