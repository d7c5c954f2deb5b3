"""In which ways can somebody who may write to the database change the audit trail? Each with its triggers out of the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from daybreak.web import ids
from daybreak.web.audit.models import Entry, Seal

CHANGEABLE = ("at", "via", "who", "action", "object_type", "object_id", "subject", "site", "digest", "key", "mac")


def without_triggers() -> None:
    """What the keeper of a database can always do. Undone with the transaction."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            if connection.vendor == "sqlite":
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{verb}")
            else:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def alter_a_line(chance: Random) -> None:
    entry = _some_line(chance)
    column = chance.choice(CHANGEABLE)
    Entry.objects.filter(pk=entry.pk).update(**{column: _other(getattr(entry, column), chance)})


def delete_a_line(chance: Random) -> None:
    Entry.objects.filter(pk=_some_line(chance).pk).delete()


def delete_a_line_with_its_link(chance: Random) -> None:
    entry = _some_line(chance)
    Seal.objects.filter(entry_id=entry.pk).delete()
    Entry.objects.filter(pk=entry.pk).delete()


def delete_a_link(chance: Random) -> None:
    Seal.objects.filter(entry_id=_some_line(chance).pk).delete()


def close_the_gap(chance: Random) -> None:
    entry = _some_line(chance)
    gone = Seal.objects.get(entry_id=entry.pk).place
    delete_a_line_with_its_link(_always(chance, entry))
    for seal in Seal.objects.filter(place__gt=gone).order_by("place"):
        Seal.objects.filter(pk=seal.pk).delete()
        Seal.objects.create(place=seal.place - 1, entry_id=seal.entry_id, key=seal.key, mac=seal.mac)


def exchange_the_content_of_two_lines(chance: Random) -> None:
    one, two = chance.sample(list(Entry.objects.order_by("id")), 2)
    for entry, other in ((one, two), (two, one)):
        Entry.objects.filter(pk=entry.pk).update(**{column: getattr(other, column) for column in CHANGEABLE})


def exchange_two_places(chance: Random) -> None:
    one, two = chance.sample(list(Seal.objects.order_by("place")), 2)
    Seal.objects.filter(pk=one.pk).delete()
    Seal.objects.filter(pk=two.pk).update(entry_id=one.entry_id)
    Seal.objects.create(place=one.place, entry_id=two.entry_id, key=one.key, mac=one.mac)


def alter_a_link(chance: Random) -> None:
    seal = chance.choice(list(Seal.objects.order_by("place")))
    column = chance.choice(("key", "mac"))
    Seal.objects.filter(pk=seal.pk).update(**{column: _other(getattr(seal, column), chance)})


def insert_a_line(chance: Random) -> None:
    entry = _some_line(chance)
    entry.pk, entry.action = ids.new(), "never_happened"
    entry.save(force_insert=True)


def insert_a_line_with_a_link(chance: Random) -> None:
    last = Seal.objects.order_by("-place")[0]
    insert_a_line(chance)
    entry = Entry.objects.get(action="never_happened")
    Seal.objects.create(place=last.place + 1, entry_id=entry.pk, key=last.key, mac=f"{chance.getrandbits(256):064x}")


def copy_a_line(chance: Random) -> None:
    entry = _some_line(chance)
    entry.pk = ids.new()
    entry.save(force_insert=True)


def cut_off_the_end(chance: Random) -> None:
    last = Seal.objects.order_by("-place")[0].place
    cut = Seal.objects.filter(place__gt=chance.randrange(0, last))
    gone = list(cut.values_list("entry_id", flat=True))
    cut.delete()
    Entry.objects.filter(pk__in=gone).delete()


def cut_off_the_end_of_the_links(chance: Random) -> None:
    Seal.objects.filter(place__gt=chance.randrange(0, Seal.objects.count())).delete()


def delete_everything(chance: Random) -> None:
    Seal.objects.all().delete()
    Entry.objects.all().delete()


WAYS: tuple[Callable[[Random], None], ...] = (
    *(alter_a_line, delete_a_line, delete_a_line_with_its_link, delete_a_link, close_the_gap),
    *(exchange_the_content_of_two_lines, exchange_two_places, alter_a_link, insert_a_line, insert_a_line_with_a_link),
    *(copy_a_line, cut_off_the_end, cut_off_the_end_of_the_links, delete_everything),
)


def _some_line(chance: Random) -> Entry:
    return chance.choice(list(Entry.objects.order_by("id")))


def _always(chance: Random, entry: Entry) -> Any:
    class Same:
        def choice(self, _: Any) -> Entry:
            return entry

    return Same()


def _other(value: Any, chance: Random) -> Any:
    """Something else of the same kind, as little different as can be."""
    if value is None or isinstance(value, UUID):
        return UUID(int=(value.int ^ 1 << chance.randrange(128)) if value else chance.getrandbits(128))
    if isinstance(value, str):
        place = chance.randrange(len(value)) if value else 0
        return (
            value[:place]
            + chance.choice([letter for letter in "0af" if letter != value[place : place + 1]])
            + value[place + 1 :]
        )
    return value + timedelta(microseconds=chance.choice((-1, 1)))
