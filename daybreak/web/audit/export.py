"""How are lines of the audit trail taken along: one JSON object a line, or a table for a spreadsheet?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from daybreak.web import tables
from daybreak.web.audit.models import Entry
from daybreak.web.audit.telling import place
from daybreak.web.people.models import Person

MOST = 50_000  # lines in one file: it is made in memory
COLUMNS = (
    *("at", "via", "who", "login", "action", "object_type", "object_id", "subject", "site"),
    *("id", "digest", "key", "mac", "place"),
)


def rows(lines: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """Every column as it is stored, with the login name of who acted and the place in the chain. Ids only, no content."""
    logins = dict(Person.objects.values_list("pk", "login"))
    for line in lines:
        told = {name: getattr(line, name) for name in COLUMNS if name not in ("login", "place")}
        told |= {"at": line.at.isoformat(), "login": logins.get(line.who, ""), "place": place(line)}
        yield {name: told[name] if told[name] is None or name == "place" else str(told[name]) for name in COLUMNS}


def ndjson(lines: Iterable[Entry]) -> str:
    """One object a line."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows(lines))


def table(lines: Iterable[Entry]) -> str:
    """CSV, for a spreadsheet."""
    return tables.table(COLUMNS, (row.values() for row in rows(lines)))
