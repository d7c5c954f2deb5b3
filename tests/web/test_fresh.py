"""Does a new database get by one step exactly what all migrations make of an old one?"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from daybreak.web import fresh
from daybreak.web.append_only import PROTECTED, unprotected

MAKE = """
import sys
from daybreak.web import place
place.make(profile="clinic", public_url="https://clinic.example.org", database=f"sqlite://{sys.argv[1]}")
if sys.argv[2] == "steps":
    from daybreak.web import fresh
    fresh.tables = lambda: False
from daybreak.web.start import begin
begin(migrate=True)
from django.db import connections
connections.close_all()
"""


def shape(file: Path) -> dict[str, Any]:
    """Columns (by name: a later one may stand elsewhere), indexes, triggers, checks, and the migrations that are done."""
    with closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, Any] = {}
        for table in tables:
            columns = sorted(row[1:] for row in db.execute(f'PRAGMA table_info("{table}")'))
            keys = sorted(row[2:] for row in db.execute(f'PRAGMA foreign_key_list("{table}")'))
            (said,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
            named = sorted(part.split('"')[1] for part in said.split("CONSTRAINT ")[1:])
            found[table] = (columns, keys, named)
        others = "SELECT type, tbl_name, name FROM sqlite_master WHERE type <> 'table' AND name NOT LIKE 'sqlite_%'"
        found["others"] = sorted(db.execute(others))
        found["done"] = sorted(db.execute("SELECT app, name FROM django_migrations"))
        return found


def made(folder: Path, how: str) -> Path:
    file = folder / f"{how}.sqlite3"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBREAK", "DJANGO"))}
    told = {**kept, "DAYBREAK_HOME": str(folder / how)}
    subprocess.run([sys.executable, "-c", MAKE, str(file), how], env=told, check=True, timeout=300)
    return file


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the same models and steps; compared once")
def test_at_once_is_as_step_by_step(tmp_path) -> None:
    by_steps, at_once = shape(made(tmp_path, "steps")), shape(made(tmp_path, "once"))
    assert at_once.keys() == by_steps.keys()
    for table, told in by_steps.items():
        assert at_once[table] == told, table


def test_where_there_are_tables_nothing_is_done(db) -> None:
    assert fresh.tables() is False


def test_every_protected_table_is_protected(db) -> None:
    MigrationExecutor(connection)  # reads the migrations
    assert "audit_entry" in PROTECTED
    assert [table for table in PROTECTED if unprotected(connection, table)] == []
