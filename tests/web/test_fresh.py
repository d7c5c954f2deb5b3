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
from tests.browser.clinic import own_database

MAKE = """
import sys
from daybreak.web import place
place.make(profile="clinic", public_url="https://clinic.example.org", database=sys.argv[1])
if sys.argv[2] == "steps":
    from daybreak.web import fresh
    fresh.tables = lambda: False
from daybreak.web.start import begin
begin(migrate=True)
from django.db import connections
connections.close_all()
"""
# Of PostgreSQL, which tells all of it in words: columns, keys and checks, indexes, triggers.
ASK = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity "
    "FROM information_schema.columns WHERE table_schema = 'public' "
    # A table that nobody uses, whose key Django's own migrations and models make differently.
    "AND table_name <> 'auth_group_permissions'",
    "constraints": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes "
    "WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "done": "SELECT app, name FROM django_migrations",
}


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


def shape_there() -> dict[str, Any]:
    """The same of the PostgreSQL database to which this process speaks."""
    found = {}
    with connection.cursor() as cursor:
        for what, question in ASK.items():
            cursor.execute(question)
            found[what] = sorted(map(str, cursor.fetchall()))
    return found


def made(folder: Path, how: str, database: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBREAK", "DJANGO"))}
    told = {**kept, "DAYBREAK_HOME": str(folder / how)}
    subprocess.run([sys.executable, "-c", MAKE, database, how], env=told, check=True, timeout=300)


def test_at_once_is_as_step_by_step(tmp_path, django_db_setup, django_db_blocker) -> None:
    shapes = {}
    for how in ("steps", "once"):
        if connection.vendor == "sqlite":
            file = tmp_path / f"{how}.sqlite3"
            made(tmp_path, how, f"sqlite://{file}")
            shapes[how] = shape(file)
        else:
            with django_db_blocker.unblock(), own_database(f"fresh_{how}", tmp_path, empty=True) as address:
                made(tmp_path, how, address)
                shapes[how] = shape_there()
    assert len(shapes["steps"]["done"]) > 50
    assert shapes["once"].keys() == shapes["steps"].keys()
    for part, told in shapes["steps"].items():
        assert shapes["once"][part] == told, part


def test_a_database_from_before_the_tables_were_one_step_says_what_to_do_first(tmp_path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the same names in the same table")
    file = tmp_path / "old.sqlite3"
    made(tmp_path, "once", f"sqlite://{file}")
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM django_migrations WHERE app = 'courses' AND name IN ('0001_tables', '0011_near')")
    home = {**os.environ, "DAYBREAK_HOME": str(tmp_path / "once")}
    for words in (["users", "list"], ["audit", "verify"]):
        done = subprocess.run([sys.executable, "-m", "daybreak", *words], env=home, capture_output=True, text=True)
        assert (done.returncode, "start the Daybreak of 29 November 2026" in done.stderr) == (2, True), done.stderr


def test_where_there_are_tables_nothing_is_done(db) -> None:
    assert fresh.tables() is False


def test_every_protected_table_is_protected(db) -> None:
    MigrationExecutor(connection)  # reads the migrations
    assert "audit_entry" in PROTECTED
    assert [table for table in PROTECTED if unprotected(connection, table)] == []
