"""How does the database itself refuse to change or remove a row? By triggers, made in the migration of the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: add a row that corrects the earlier one'); END
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only: add a row that corrects the earlier one', TG_TABLE_NAME; END $$
"""
POSTGRES = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)


PROTECTED: set[str] = set()  # every table that a migration protects, once the migrations are read


def append_only(*tables: str) -> migrations.RunPython:
    """The migration step that protects the tables, also those that were protected and lost it by being rebuilt.

    Going back is not provided for: migrations go forward.
    """
    PROTECTED.update(tables)
    return migrations.RunPython(lambda apps, schema_editor: protect(schema_editor, tables))


def protect(schema_editor: Any, tables: Iterable[str]) -> None:
    """Make the triggers that refuse a change, a removal and (where there is such a thing) a truncation."""
    if schema_editor.connection.vendor == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
                schema_editor.execute(SQLITE.format(table=table, verb=verb))
        return
    schema_editor.execute(FUNCTION, params=None)
    for table in tables:
        for verb in ("UPDATE", "DELETE", "TRUNCATE"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}")
            schema_editor.execute(POSTGRES.format(table=table, verb=verb))


def unprotected(connection: Any, table: str) -> bool:
    """Has the table lost one of its triggers, or has somebody switched one off?"""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            return bool(cursor.fetchone()[0] < 2)
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'D'",
            [table],
        )
        return bool(cursor.fetchone()[0] < 3)
