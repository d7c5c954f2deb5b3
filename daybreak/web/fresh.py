"""How does a new database get its tables at once, instead of by every step that led to them?

Migrations take many seconds on a slow machine; a database without tables needs none of them. A test holds the result against
what the migrations make.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from daybreak.web.append_only import PROTECTED, protect


def tables() -> bool:
    """Make every table, index, constraint and trigger, and write down that all migrations are done. False when there are
    tables already: then the migrations do their work."""
    executor = MigrationExecutor(connection)  # reads the migrations, and with them which tables are protected
    done = executor.recorder
    if done.applied_migrations() or set(connection.introspection.table_names()) - {done.Migration._meta.db_table}:
        return False
    done.ensure_schema()
    with connection.schema_editor() as editor:  # one transaction: the whole of it or nothing
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        protect(editor, sorted(PROTECTED))
        for key, migration in executor.loader.graph.nodes.items():
            for app, name in (key, *migration.replaces):  # what took the place of others counts when all of them do
                done.record_applied(app, name)
    return True


def too_old() -> bool:
    """Does it have a part of the steps that one step took the place of? Django itself would pass over the others in silence."""
    loader = MigrationLoader(connection)
    done = loader.applied_migrations
    several = [[one in done for one in migration.replaces] for migration in loader.replacements.values()]
    return any(any(steps) and not all(steps) for steps in several)
