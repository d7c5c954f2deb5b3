"""How does a command begin to speak to the clinic's database?"""

from __future__ import annotations

import os

import django

from daybreak.web.database import demand_durability, keep_private
from daybreak.web.place import NotReady, current


def begin(*, migrate: bool = False, ours: bool = True) -> None:
    """Django, ready to be asked, on a database that keeps what it acknowledges and belongs to the keys of this clinic.
    NotReady with what is to be done first. `ours`: unless it is the audit trail itself that is to be looked at."""
    current()
    os.environ["DJANGO_SETTINGS_MODULE"] = "daybreak.web.settings"  # whatever another project left in the environment
    django.setup()
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    from daybreak.web import fresh
    from daybreak.web.audit.ours import demand_ours

    keep_private(connection.settings_dict)
    try:
        demand_durability()
        if ours:
            demand_ours()
        if fresh.too_old():
            raise NotReady(
                "The database is older than the oldest one that this Daybreak can bring up to date. Back it up, and start the "
                "Daybreak of 29 November 2026 on it first: daybreak serve"
            )
        if migrate:
            fresh.tables()
            call_command("migrate", verbosity=0)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise NotReady(
                "The database is older than this Daybreak. Back it up, then bring it up to date: daybreak serve"
            )
    except OperationalError as error:
        raise NotReady(
            f"The database does not answer ({error}). Is it running, and is DAYBREAK_DATABASE right?"
        ) from None
