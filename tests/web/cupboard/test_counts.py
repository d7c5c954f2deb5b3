"""Do two people count the cupboard without each other's figures, and is a difference explained by both of them?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daybreak.clinical.treatment.ledger import Kind
from daybreak.web import ids
from daybreak.web.cupboard import counts, inventories, queries, rules
from daybreak.web.cupboard.models import Counted
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW
from tests.web.cupboard.conftest import received
from tests.web.cupboard.test_cupboard import moves, take

HOUR = timedelta(hours=1)


def counted(site, by, units="10", *, at=NOW, seen=None, key=None):
    figures = {one.lot.id: units for one in queries.on_hand(site)}
    return counts.count(site, figures, seen=seen, by=by, at=at, key=key or ids.new())


def test_two_who_find_what_the_book_says_are_done(site, lot, nurse, keeper) -> None:
    assert counts.due(site) is None
    key = ids.new()
    first = counted(site, keeper, key=key)
    assert counted(site, keeper, key=key) == first
    now = counts.state(first)
    assert (now.counted, now.over, counts.due(site)) == (False, False, None)
    with pytest.raises(Refused, match="another person"):
        counted(site, keeper, seen=first.id)
    assert counted(site, nurse, " 10 ", at=NOW + HOUR, seen=first.id) == first
    now = counts.state(first)
    assert (now.counted, now.differs, now.over, now.people) == (True, False, True, (keeper, nurse))
    assert counts.due(site) == NOW + 25 * HOUR
    with pytest.raises(Conflict, match="no difference"):
        counts.explain(first, text="nothing", by=nurse, at=NOW, key=ids.new())
    assert counts.open_count(site, NOW) is None


def test_what_is_taken_between_the_two_is_no_difference(site, lot, nurse, keeper, patient) -> None:
    first = counted(site, keeper)
    take(lot, patient, nurse, at=NOW + HOUR)
    counted(site, nurse, "8", at=NOW + HOUR, seen=first.id)
    assert counts.state(first).over


def test_a_difference_is_over_when_both_have_said_why(site, lot, nurse, keeper, person) -> None:
    first = counted(site, keeper, "9")
    counted(site, nurse, "9", at=NOW + HOUR, seen=first.id)
    now = counts.state(first)
    assert (now.differs, now.over, [one.short for one in now.lines]) == (True, False, [1])
    assert counts.open_count(site, NOW + 100 * HOUR) == now, "it does not go away by itself"
    with pytest.raises(Conflict, match="counted meanwhile"):
        counted(site, nurse, seen=first.id)
    with pytest.raises(Refused, match="in a sentence"):
        counts.explain(first, text=" ", by=nurse, at=NOW, key=ids.new())
    with pytest.raises(Refused, match="the two who counted"):
        counts.explain(first, text="x", by=person("ines", Role.PRESCRIBER), at=NOW, key=ids.new())
    key = ids.new()
    row = counts.explain(first, text="One lay in room 2.", by=nurse, at=NOW + HOUR, key=key)
    assert counts.explain(first, text="One lay in room 2.", by=nurse, at=NOW + HOUR, key=key) == row
    with pytest.raises(Conflict, match="signed this count already"):
        counts.explain(first, text="again", by=nurse, at=NOW, key=ids.new())
    assert not counts.state(first).over
    counts.explain(first, text="Seen it too.", by=keeper, at=NOW + 2 * HOUR, key=ids.new())
    now = counts.state(first)
    assert (now.over, now.last) == (True, NOW + 2 * HOUR)


def test_two_who_differ_from_each_other_say_nothing_of_what_is_missing(site, lot, nurse, keeper) -> None:
    first = counted(site, keeper, "9")
    counted(site, nurse, "10", seen=first.id)
    (line,) = counts.state(first).lines
    assert (line.differs, line.short) == (True, 0)


def test_a_count_that_nobody_joins_ends_by_itself(site, lot, nurse, keeper) -> None:
    first = counted(site, keeper)
    late = NOW + 13 * HOUR
    assert counts.open_count(site, NOW + 12 * HOUR).count == first
    assert counts.open_count(site, late) is None
    assert counted(site, nurse, at=late) != first
    assert counts.due(site) is None


@pytest.mark.parametrize("typed", ["", "-1", "ten", "1.5", "１０", "123456"])
def test_a_figure_is_a_figure(site, lot, keeper, typed) -> None:
    with pytest.raises(Refused, match="how many containers you counted"):
        counted(site, keeper, typed)
    assert not Counted.objects.exists()


def test_every_lot_that_is_there_is_counted_and_no_other(site, lot, keeper, person, nurse) -> None:
    with pytest.raises(Conflict, match="changed while you counted"):
        counts.count(site, {}, seen=None, by=keeper, at=NOW, key=ids.new())
    other = received(site, keeper, number="B2", units=1).lot
    moves(other, Kind.LOST, keeper)
    assert [one.lot for one in queries.on_hand(site)] == [lot], "nothing is left of the other one"
    with pytest.raises(Conflict, match="counted meanwhile"):
        counted(site, keeper, seen=ids.new())
    with pytest.raises(Forbidden):
        counted(site, person("pat", Role.FRONT_DESK))


def test_stock_is_taken_at_the_interval_that_was_signed(site, keeper, nurse) -> None:
    assert inventories.due(site) is None
    key = ids.new()
    row = inventories.take(site, opening=True, by=keeper, at=NOW, key=key)
    assert inventories.take(site, opening=True, by=keeper, at=NOW, key=key) == row
    assert inventories.due(site) == date(2028, 11, 24)
    told = {"waste_witness": True, "reason": "The state asks for it every year.", "by": keeper, "at": NOW}
    first = rules.sign(site, count_hours="12", inventory_months="12", seen=None, key=(key := ids.new()), **told)
    assert rules.sign(site, count_hours="12", inventory_months="12", seen=None, key=key, **told) == first
    assert inventories.due(site) == date(2027, 11, 24)
    assert inventories.later(date(2027, 12, 31), 2) == date(2028, 2, 29)
    for wrong in ({"inventory_months": "25"}, {"count_hours": "0"}, {"count_hours": "many"}, {"reason": ""}):
        asked = {"count_hours": "12", "inventory_months": "12", **told} | wrong
        with pytest.raises(Refused):
            rules.sign(site, seen=first.id, key=ids.new(), **asked)
    with pytest.raises(Conflict, match="another rule meanwhile"):
        rules.sign(site, count_hours="8", inventory_months="12", seen=None, key=ids.new(), **told)
    with pytest.raises(Forbidden):
        inventories.take(site, opening=True, by=nurse, at=NOW, key=ids.new())
