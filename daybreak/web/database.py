"""Which database is meant by one address, and does it keep what it says it has kept?

`sqlite:///folder/file.sqlite3` or `postgres://user:password@host:5432/name?sslmode=verify-full`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from daybreak.web.place import NotReady

# The journal is written behind the data, every commit is on disk before it is acknowledged, and a transaction takes
# the write lock when it begins: what it read cannot change under it. The journal goes into the file every so many pages (16 MB):
# more seldom than by default, since what devices send writes the same pages again and again.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000",
}
# The threads of the server keep their connections (see `asgi`); one that the database closed is noticed and made anew.
KEPT = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
# A kept connection lets the server remember how it answers what is asked again and again: a page costs it less than half.
POSTGRES = {"server_side_binding": True, "prepare_threshold": 5}


def settings(address: str) -> dict[str, Any]:
    """Django's settings for the database at that address."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite" and parts.path not in ("", "/") and not parts.netloc:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path), "OPTIONS": dict(SQLITE), **KEPT}
    if parts.scheme in ("postgres", "postgresql") and parts.path not in ("", "/"):
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        host = options.pop("host", parts.hostname or "")
        return {
            "ENGINE": "daybreak.web.postgres",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "OPTIONS": {**POSTGRES, **options},
            **KEPT,
        }
    # The address may hold a password; only its beginning is repeated.
    raise NotReady(
        f"DAYBREAK_DATABASE begins with {address.split(':')[0]!r}: expected sqlite:///FOLDER/FILE or "
        "postgres://USER:PASSWORD@HOST/NAME"
    )


def keep_private(settings: Mapping[str, Any]) -> None:
    """A database that is a file is its owner's alone, and so are the files beside it; a new one is from its first byte on.

    NotReady when the file is somebody else's. A database of a server is the server's matter.
    """
    if not settings["ENGINE"].endswith("sqlite3"):
        return
    file = Path(settings["NAME"])
    try:
        if file.parent.is_dir() and not file.exists():  # one that is open stays so: closing it would end SQLite's locks
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))  # those beside it get the mode of this one
        for one in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            with suppress(FileNotFoundError):
                if one.stat().st_mode & 0o077:
                    one.chmod(0o600)
    except OSError as error:
        raise NotReady(
            f"{file} cannot be kept from others ({error.strerror}). Expected a file of mode 600 that belongs to whoever "
            f"runs Daybreak: chown it to them, then chmod 600 {file}"
        ) from None


def shortfall(connection: Any) -> str | None:
    """Ask the database itself: what does it promise less than it must? None when nothing."""
    with connection.cursor() as cursor:

        def ask(question: str) -> Any:
            cursor.execute(question)
            return cursor.fetchone()[0]

        if connection.vendor == "sqlite":
            found = {
                "journal_mode": (ask("PRAGMA journal_mode"), ("wal",)),
                "synchronous": (ask("PRAGMA synchronous"), (2, 3)),  # FULL, EXTRA
                "foreign_keys": (ask("PRAGMA foreign_keys"), (1,)),
                "transaction_mode": (connection.transaction_mode, ("IMMEDIATE", "EXCLUSIVE")),
            }
        else:
            found = {
                "fsync": (ask("SHOW fsync"), ("on",)),
                "full_page_writes": (ask("SHOW full_page_writes"), ("on",)),
                "synchronous_commit": (ask("SHOW synchronous_commit"), ("on", "remote_apply")),
            }
    for name, (value, enough) in found.items():
        if value not in enough:
            wanted = " or ".join(map(str, enough))
            return (
                f"The database has {name} = {value}; expected {wanted}. With less, a power cut loses entries that "
                "people were told are saved. Set it in the database and start again."
            )
    return None


def demand_durability() -> None:
    """Refuse to start on a database that may lose what it acknowledged."""
    from django.db import connection

    if lacking := shortfall(connection):
        raise NotReady(lacking)
