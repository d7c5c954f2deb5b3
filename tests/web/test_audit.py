"""Is every line of the audit trail kept, linked, and protected against change?"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from daybreak.web import ids
from daybreak.web.audit import heads, sealer, trail
from daybreak.web.audit.models import Entry, Seal
from daybreak.web.audit.verify import verify
from tests.web import tampering
from tests.web.tampering import WAYS

# The second database only repeats them: what is judged is the same.
TAMPERINGS = 1000 if connection.vendor == "sqlite" or os.environ.get("DAYBREAK_DEEP") == "1" else 4 * len(WAYS)


def add(count: int) -> None:
    now = datetime.now(UTC)
    for _ in range(count):
        trail.happened("tested", who=ids.new(), at=now, subject=ids.new())


@pytest.fixture
def chain(db) -> list[Entry]:
    """Thirty lines, linked in two turns."""
    for _ in range(2):
        add(15)
        assert sealer.seal(at=datetime.now(UTC)) == 15
    return list(Entry.objects.order_by("id"))


def findings() -> list[str]:
    return [line for line in verify(at=datetime.now(UTC)).broken if "a trigger" not in line]


def test_a_whole_chain_is_found_whole(chain) -> None:
    report = verify(at=datetime.now(UTC))
    assert (report.sealed, report.tail, report.broken) == (30, 0, [])
    assert list(Seal.objects.order_by("place").values_list("entry_id", flat=True)) == [entry.id for entry in chain]


def test_a_line_holds_no_content(site) -> None:
    entry = Entry.objects.get(action="site_added")
    assert (entry.object_type, entry.object_id, entry.via, entry.who) == ("people.site", site.id, "cli", None)
    assert "Main Street" not in str(Entry.objects.filter(pk=entry.pk).values())
    assert len(entry.digest) == 64


def test_the_newest_lines_are_the_unlinked_tail(chain) -> None:
    add(3)
    report = verify(at=datetime.now(UTC))
    assert (report.sealed, report.tail, report.broken) == (30, 3, [])
    late = verify(at=datetime.now(UTC) + timedelta(hours=1))
    assert "the clock role stands still" in late.broken[0]


def test_the_sealer_looks_back_only_as_far_as_it_is_told(chain) -> None:
    add(1)
    future = datetime.now(UTC) + timedelta(minutes=1)
    assert sealer.seal(future, at=future) == 0
    assert sealer.seal(future - timedelta(minutes=2), at=future) == 1
    assert sealer.seal(at=future) == 0


def test_a_second_sealer_leaves_the_first_ones_chain_alone(chain, monkeypatch) -> None:
    add(2)
    first = sealer.unsealed
    both = list(first().values_list("id", "mac"))
    sealer._link(both)
    monkeypatch.setattr(sealer, "unsealed", lambda since: first().model.objects.filter(id__in=[id for id, _ in both]))
    with transaction.atomic():
        assert sealer.seal(at=datetime.now(UTC)) == 0
    monkeypatch.undo()
    assert findings() == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET mac = mac", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
def test_the_database_refuses_changes(chain, statement, table) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_missing_trigger_is_found(chain) -> None:
    tampering.without_triggers()
    assert [line.split(":")[0] for line in verify(at=datetime.now(UTC)).broken] == [
        "table audit_entry",
        "table audit_seal",
    ]


def test_every_tampering_is_found(db) -> None:
    """A thousand, of a chain that is as short as the ways need."""
    for _ in range(2):
        add(4)
        sealer.seal(at=datetime.now(UTC))
    tampering.without_triggers()
    for number in range(TAMPERINGS):
        way = WAYS[number % len(WAYS)]
        with transaction.atomic():
            way(Random(number))
            assert findings(), f"tampering {number} was not found: {way.__name__}"
            transaction.set_rollback(True)
    assert findings() == []


def test_the_first_broken_line_is_named(chain) -> None:
    tampering.without_triggers()
    for number in (20, 7):
        Entry.objects.filter(pk=chain[number].pk).update(action="other")
    found = findings()
    assert found[0].startswith(f"place 8: line {chain[7].id.hex}")
    assert found[1].startswith(f"place 21: line {chain[20].id.hex}")
    assert len(found) == 2


def test_whoever_lacks_the_key_cannot_link_anew(chain, monkeypatch) -> None:
    """Somebody with the database alone makes a whole chain with a key of their own."""
    ours = settings.PLACE.keys["audit"]
    monkeypatch.setitem(settings.PLACE.keys, "audit", (type(ours[0])("1", "a guess"),))
    add(1)
    sealer.seal(at=datetime.now(UTC))
    monkeypatch.undo()
    assert any("place 31: line" in line for line in findings())


def test_a_new_key_goes_on_where_the_old_one_ended(chain, monkeypatch) -> None:
    ours = settings.PLACE.keys["audit"]
    monkeypatch.setitem(settings.PLACE.keys, "audit", (type(ours[0])("2", "new"), *ours))
    add(2)
    sealer.seal(at=datetime.now(UTC))
    assert findings() == []
    assert set(Seal.objects.values_list("key", flat=True)) == {"1", "2"}


def test_each_day_keeps_its_head(chain) -> None:
    add(1)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    sealer.seal(at=tomorrow)
    good, bad = heads.read()
    assert [head.place for head in good] == [15, 31, 31]
    assert bad == []
    assert {file.stat().st_mode & 0o077 for file in [settings.PLACE.heads]} == {0}


@pytest.mark.parametrize("harm", ["altered", "removed", "older", "nonsense"])
def test_a_head_that_was_touched_is_found(chain, harm) -> None:
    latest = settings.PLACE.heads / heads.LATEST
    old = next(file for file in settings.PLACE.heads.glob("2*.json"))
    if harm == "altered":
        latest.write_text(latest.read_text().replace('"place": 30', '"place": 29'))
    elif harm == "removed":
        latest.unlink()
    elif harm == "older":
        add(1)
        sealer.seal(at=datetime.now(UTC) + timedelta(days=1))
        latest.write_text(old.read_text())
    else:
        latest.write_text("[]")
    assert any("head latest.json" in line for line in findings())


def test_a_line_that_is_undone_leaves_nothing(chain) -> None:
    before = Entry.objects.count()

    @transaction.atomic
    def undone() -> None:
        add(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert Entry.objects.count() == before
