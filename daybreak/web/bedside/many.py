"""Which of many messages are there already, and how are many written at once? (plainly: thousands come in a second)"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from daybreak.web.bedside.came import Key
from daybreak.web.bedside.models import Message


def known(keys: Collection[Key]) -> tuple[set[Key], set[Key]]:
    """Those that are stored; and those under whose id another one of that sender is. What has no id is like no other."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT % ", ".join(["(%s, %s, %s)"] * len(keys)), [part for key in keys for part in key])
        rows = [(tuple(row[:3]), *row[3:]) for row in cursor.fetchall()]
    return {key for key, same, _ in rows if same}, {key for key, _, other in rows if other and key[1]}


def insert(rows: Iterable[Sequence[Any]]) -> None:
    """By one statement that is always the same, and without a model for each."""
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, list(rows))


# Each is looked for by itself in the index of the constraint: a list of rows behind IN would be held against all of it.
_TABLE = Message._meta.db_table
_OF_ID = f'SELECT 1 FROM "{_TABLE}" AS kept WHERE kept.sender = came.sender AND kept.control = came.control'
_SELECT = (
    "WITH came (sender, control, digest) AS (VALUES %s) SELECT came.sender, came.control, came.digest, "
    f"EXISTS ({_OF_ID} AND kept.digest = came.digest), "
    f"came.control <> '' AND EXISTS ({_OF_ID} AND kept.digest <> came.digest) FROM came"
)
COLUMNS = ("id", "organisation_id", "created", "device_id", "part", "sender", "control", "digest", "content")
COLUMNS += ("monitor", "cuff", "odd")
_INSERT = 'INSERT INTO "{}" ({}) VALUES ({})'.format(
    _TABLE,
    ", ".join(f'"{one}"' for one in COLUMNS),
    ", ".join("%s" for _ in COLUMNS),
)
