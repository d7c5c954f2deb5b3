"""Were the lines of this database written under the keys of this clinic's folder?"""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from daybreak.web.audit.models import Entry
from daybreak.web.audit.verify import altered, plain
from daybreak.web.place import NotReady


def demand_ours() -> None:
    """NotReady when neither the first nor the newest line was: then nothing of the database could be opened, and what is
    written from now on would look forged.

    One line that does not fit stops nothing: `verify` names it. A database without lines belongs to whoever asks first.
    """
    table = Entry._meta.db_table
    if table not in connection.introspection.table_names():
        return
    keys = {key.id: key for key in settings.PLACE.keys["audit"]}
    lines = [Entry.objects.order_by(order).values_list(*plain(), "mac").first() for order in ("id", "-id")]
    if lines[0] is not None and all(altered(line[:-1], line[-1], keys) for line in lines if line):
        file = settings.PLACE.home / "clinic.json"
        raise NotReady(
            f"The keys in {file} are not those of this database: its audit trail was written under other keys (the first "
            "and the newest line were asked). Expected the clinic.json with which this database was used. Put back the "
            "copy of it that was kept elsewhere, or name the right folder in DAYBREAK_HOME or the right database in "
            "DAYBREAK_DATABASE. If the folder is the right one, somebody changed these lines: `daybreak audit verify` names "
            "what does not fit. Nothing was changed in the database."
        )
