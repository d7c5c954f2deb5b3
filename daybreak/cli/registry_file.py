"""Take the tables of the registry along for a notebook: as a new DuckDB file, or as a folder of parquet files.

Nobody is named in them, but these are the facts of people: the file stays in the clinic.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from daybreak.cli import registry_sites
from daybreak.cli.clinic import DONE, WRONG_USAGE, in_the_clinic


def arguments(parser: ArgumentParser) -> None:
    """Add what it takes."""
    parser.add_argument("out", type=Path, help="a new file that ends in .duckdb, or a folder for parquet files")
    registry_sites.arguments(parser)


def run(args: Namespace) -> int:
    """0: written; 2: the clinic is not ready, there is no such site, or it cannot be written there."""
    return in_the_clinic("registry", lambda: _file(args.out, args.site))


def _file(out: Path, name: str | None) -> int:
    from daybreak.web.start import begin

    begin()
    from daybreak.outcomes.store import as_parquet, with_dictionary
    from daybreak.web.registry.stored import stored

    whole = out.suffix == ".duckdb"
    if out.exists() and (whole or not out.is_dir() or any(out.iterdir())):
        return registry_sites.wrong(f"{out} is there already; expected a new file, or an empty folder")
    if not out.parent.is_dir():
        return registry_sites.wrong(f"there is no folder {out.parent}; make it first")
    sites = registry_sites.sites(name)
    if not sites:
        return WRONG_USAGE
    at = registry_sites.read(sites)
    with stored(sites, at=at, path=out if whole else None, tell=_tell) as made:
        with_dictionary(made)
        if not whole:
            out.mkdir(mode=0o700, exist_ok=True)
            as_parquet(made, out)
    if whole:
        out.chmod(0o600)
    print(f"{out}: facts of people, without their names; it stays in the clinic")
    return DONE


def _tell(table: str, n: int) -> None:
    print(f"{table}: {n}", file=sys.stderr)
