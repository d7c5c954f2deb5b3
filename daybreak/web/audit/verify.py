"""Is the audit trail whole, and if not, which line is the first that was touched?

Reads the chain once from its first place to its last, in constant memory, then looks for lines outside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Replace

from daybreak.web.append_only import unprotected
from daybreak.web.audit import heads
from daybreak.web.audit.canonical import COLUMNS, IDS, entry_mac, seal_mac
from daybreak.web.audit.models import Entry, Seal
from daybreak.web.audit.sealer import unsealed

CHUNK = 5000
MOST = 20  # that many findings are named; one is enough to ask who had access
SEALED_WITHIN = timedelta(minutes=10)


@dataclass
class Report:
    """What was found. `broken` begins with the first broken place of the chain."""

    sealed: int = 0
    tail: int = 0
    broken: list[str] = field(default_factory=list)

    def breaks(self, sentence: str) -> None:
        if len(self.broken) < MOST:
            self.broken.append(sentence)


def verify(*, at: datetime) -> Report:
    """Check every line, every link, the heads outside the database and the triggers."""
    report = Report()
    good, bad = heads.read()
    _chain(report, {head.place: head for head in good})
    _heads(report, good, bad)
    _outside_the_chain(report, at=at)
    for table in (Entry._meta.db_table, Seal._meta.db_table):
        if unprotected(connection, table):
            report.breaks(f"table {table}: a trigger that refuses changes is missing or switched off")
    return report


def _chain(report: Report, kept: dict[int, heads.Head]) -> None:
    """Follow the chain. After a break it is followed on from what is stored, so that later breaks are named as well."""
    key = {key.id: key for key in settings.PLACE.keys["audit"]}
    expected, before = 1, ""
    for place, seal_key, mac, entry_id, entry in _links():
        if place != expected:
            report.breaks(f"place {expected}: missing from the chain; the next one is {place}")
        if entry is None:
            report.breaks(f"place {place}: its line {entry_id} was deleted")
        else:
            *values, stored = entry
            if altered(values, stored, key):
                report.breaks(f"place {place}: line {entry_id} of {values[1]} was altered")
            elif seal_key not in key or mac != seal_mac(place, entry_mac=stored, before=before, key=key[seal_key]):
                report.breaks(
                    f"place {place}: its link does not fit line {entry_id} or the place before (moved or forged)"
                )
        if place in kept and kept[place].seal != mac:
            report.breaks(f"place {place}: the chain differs from the head kept in {kept[place].file}")
        expected, before = place + 1, mac
        report.sealed += 1


def _links() -> Iterator[tuple[int, str, str, Any, Sequence[Any] | None]]:
    """Each place with its line, or with None when the line is gone (the join leaves such a place out)."""
    columns = ("place", "key", "mac", *plain("entry__"), "entry__mac")
    expected = 1
    for place, key, mac, *entry in Seal.objects.order_by("place").values_list(*columns).iterator(CHUNK):
        if place != expected:
            for lonely in Seal.objects.filter(place__gte=expected, place__lt=place).order_by("place").iterator(CHUNK):
                yield lonely.place, lonely.key, lonely.mac, lonely.entry_id, None
        yield place, key, mac, entry[0], entry
        expected = place + 1
    for lonely in Seal.objects.filter(place__gte=expected).order_by("place").iterator(CHUNK):
        yield lonely.place, lonely.key, lonely.mac, lonely.entry_id, None


def plain(before: str = "") -> list[Any]:
    """The protected columns as the macs need them. Making millions of UUIDs only to write them out again takes long."""
    text = CharField(max_length=36)
    return [
        Replace(Cast(before + column, text), Value("-"), Value("")) if column in IDS else before + column
        for column in COLUMNS
    ]


def altered(values: Sequence[Any], stored: str, key: dict[str, Any]) -> bool:
    """Does the stored mac not fit the values of COLUMNS under the key that they name? `key`: the clinic's, by id."""
    made_with = key.get(values[-1])
    return made_with is None or entry_mac(values, key=made_with) != stored


def _heads(report: Report, good: Sequence[heads.Head], bad: Sequence[str]) -> None:
    for name in bad:
        report.breaks(f"head {name}: not written by this clinic, or altered")
    latest = next((head for head in good if head.file == heads.LATEST), None)
    furthest = max(good, key=lambda head: head.place, default=None)
    if furthest and furthest.place > report.sealed:
        report.breaks(
            f"place {report.sealed + 1}: the chain ends before it, but {furthest.file} names place {furthest.place}"
        )
    if report.sealed and (latest is None or (latest is not furthest and latest.place < furthest.place)):
        report.breaks(
            f"head {heads.LATEST}: missing or older than another head; the end of the chain cannot be checked"
        )


def _outside_the_chain(report: Report, *, at: datetime) -> None:
    key = {key.id: key for key in settings.PLACE.keys["audit"]}
    for *values, stored in unsealed().values_list(*plain(), "mac").iterator(chunk_size=CHUNK):
        report.tail += 1
        id, made = values[0], values[1]
        if altered(values, stored, key):
            report.breaks(f"line {id} of {made}: not written by this clinic, or altered before it was linked")
        elif at - datetime.fromtimestamp((int(id, 16) >> 80) / 1000, UTC) > SEALED_WITHIN:
            report.breaks(
                f"line {id} of {made}: unlinked for long; its link was removed, or the clock role stands still"
            )
