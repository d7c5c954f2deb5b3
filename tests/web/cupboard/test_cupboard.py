"""Does everything in the cupboard stay accounted for, and is what must not be done refused with its sentence?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from daybreak.clinical.treatment.ledger import Amount, Kind, Place
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.cupboard import actions, book, queries, recalls, rules, stock, verify
from daybreak.web.cupboard.models import Entry, Lot, Recall
from daybreak.web.patients.models import Patient
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW
from tests.web.cupboard.conftest import EXPIRES, another, received

MINUTE = timedelta(minutes=1)


def take(lot, patient, by, *, mg="56", at=NOW, **other) -> Entry:
    told = {"session_id": ids.new(), "key": ids.new()} | other
    return actions.dispense(lot, patient=patient, mg=Decimal(mg), by=by, at=at, **told)


def use(action, entry, by, *, at=NOW, **told) -> Entry:
    return action(entry.take, by=by, at=at, **{"key": ids.new()} | told)


def moves(lot, kind, by, *, units=1, at=NOW, **told) -> Entry:
    return stock.move(lot, kind, units=units, by=by, at=at, **{"key": ids.new(), "text": "as counted"} | told)


def test_a_session_takes_two_devices_gives_one_and_brings_one_back(lot, patient, nurse) -> None:
    key = ids.new()
    taken = take(lot, patient, nurse, key=key, session_id=(session := ids.new()))
    assert take(lot, patient, nurse, key=key, session_id=session) == taken
    assert (taken.units, taken.mg, taken.take) == (2, Decimal(56), taken.id)
    use(actions.given, taken, nurse, mg=Decimal(28))
    use(actions.taken_back, taken, nurse, units=1)
    now = book.balance(lot)
    assert (now.free, now.drawn, now.gone) == (Amount(9, Decimal(252)), {}, {Kind.GIVEN: Amount(1, Decimal(28))})
    assert {one.session_id for one in Entry.objects.exclude(kind="received")} == {session}
    assert [one.left_units for one in Entry.objects.order_by("seq")] == [10, 10, 9, 9]
    assert queries.unaccounted(queries.on_hand(lot.site)) == []
    with pytest.raises(Conflict, match="not so much"):
        use(actions.given, taken, nurse, mg=Decimal(28))


def test_what_is_left_of_a_vial_is_wasted_before_a_witness(site, patient, nurse, keeper, person) -> None:
    vial = received(site, keeper, product="ketamine-vial-50", number="K1", ml=Decimal(10), units=2).lot
    assert vial.unit_mg == 500
    taken = take(vial, patient, nurse, mg="35.5")
    assert (taken.units, taken.mg) == (1, Decimal(500))
    use(actions.given, taken, nurse, mg=Decimal("35.5"))
    desk = person("pat", Role.FRONT_DESK)
    for witness, said in ((None, "second person"), (nurse, "cannot witness"), (desk, "cannot witness")):
        with pytest.raises(Refused, match=said):
            use(actions.wasted, taken, nurse, witness=witness)
    row = use(actions.wasted, taken, nurse, witness=keeper)
    assert (row.units, row.mg, row.witness) == (1, Decimal("464.5"), keeper)
    assert not Task.objects.filter(source__startswith="waste").exists()
    assert book.balance(vial).held


def test_a_waste_of_somebody_who_was_alone_is_looked_at_by_another(lot, patient, nurse, keeper, site) -> None:
    row = use(actions.wasted, take(lot, patient, nurse), nurse, alone="Nobody else was in the house.")
    (task,) = Task.objects.filter(source=f"waste {row.id}")
    assert (task.role, task.due, task.permission) == (Role.PHARMACIST, NOW + timedelta(days=1), "keep_cupboard")
    signed = rules.sign(
        site,
        waste_witness=False,
        count_hours="12",
        inventory_months="12",
        reason="Two to a shift are not always there.",
        seen=None,
        by=keeper,
        at=NOW,
        key=ids.new(),
    )
    assert rules.in_force(site.id) == rules.InForce(False, 12, 12, signed)
    assert use(actions.wasted, take(lot, patient, nurse), nurse).witness is None
    assert Task.objects.filter(source__startswith="waste").count() == 1


def test_whoever_keeps_the_cupboard_does_not_judge_their_own_waste(lot, patient, keeper, person) -> None:
    row = use(actions.wasted, take(lot, patient, keeper), keeper, alone="Nobody was there.")
    assert not Task.objects.get(source=f"waste {row.id}").hidden.exists(), "nobody else could look at it"
    person("ines", Role.PRESCRIBER)
    row = use(actions.wasted, take(lot, patient, keeper), keeper, alone="Nobody was there.")
    (task,) = Task.objects.filter(source=f"waste {row.id}")
    assert [one.person for one in task.hidden.all()] == [keeper]


def test_what_was_sent_for_a_patient_is_theirs(site, patient, nurse, keeper) -> None:
    theirs = received(site, keeper, owner=patient, units=2).lot
    other = another(site, nurse)
    with pytest.raises(Conflict, match="another patient"):
        take(theirs, other, nurse)
    with pytest.raises(Conflict, match="another patient"):
        moves(theirs, Kind.RESERVED, keeper, patient=other)
    assert take(theirs, patient, nurse).lot == theirs
    assert received(site, keeper).lot != theirs, "the clinic's own of the same lot is another account"
    mine = received(site, keeper).lot
    with pytest.raises(Refused, match="not known at this site"):
        take(mine, _stranger(patient, nurse), nurse)


def _stranger(patient, by):
    return Patient.objects.create(id=ids.new(), organisation_id=patient.organisation_id, created=NOW)


def test_what_is_reserved_goes_first_and_to_nobody_else(lot, patient, nurse, keeper, site) -> None:
    moves(lot, Kind.RESERVED, keeper, units=9, patient=patient)
    with pytest.raises(Conflict, match="not so much"):
        take(lot, another(site, nurse), nurse)
    assert take(lot, patient, nurse).source == Place.RESERVED
    moves(lot, Kind.UNRESERVED, keeper, units=7, patient=patient)
    assert book.balance(lot).free.units == 8


def test_nothing_expired_is_taken_but_what_happened_is_written_down(lot, patient, nurse) -> None:
    late = NOW + timedelta(days=300)
    with pytest.raises(Conflict, match="has expired"):
        take(lot, patient, nurse, at=late)
    row = take(lot, patient, nurse, at=late, happened=late - MINUTE, reported=True)
    assert (row.deviation, row.happened) == ("expired", late - MINUTE)
    with pytest.raises(Conflict, match="not so much"):
        take(lot, patient, nurse, mg="280", reported=True)


def test_a_faulty_device_is_kept_and_goes_back_to_the_supplier(lot, patient, nurse, keeper) -> None:
    taken = take(lot, patient, nurse)
    use(actions.kept_aside, taken, nurse, units=1, text="It did not spray.")
    assert book.balance(lot).quarantined == Amount(1, Decimal(28))
    with pytest.raises(Refused, match="in a sentence"):
        use(actions.kept_aside, taken, nurse, units=1, text=" ")
    moves(lot, Kind.RETURNED_OUT, keeper, source=Place.QUARANTINED, partner="Dawn Supply, complaint 3")
    assert book.balance(lot).quarantined.units == 0


def test_a_recall_sets_all_of_a_lot_aside_and_names_who_received_it(lot, patient, nurse, keeper, site) -> None:
    theirs = received(site, keeper, owner=patient, units=3).lot
    out = take(lot, patient, nurse)
    use(actions.given, out, nurse, mg=Decimal(28))
    moves(lot, Kind.RESERVED, keeper, units=2, patient=patient)
    key = ids.new()
    row = recalls.recall(lot, text="Letter of the maker, 24 November", by=keeper, at=NOW, key=key)
    assert recalls.recall(lot, text="Letter of the maker, 24 November", by=keeper, at=NOW, key=key) == row
    assert [one.in_cupboard.units for one in queries.on_hand(site)] == [8, 3]
    assert [one.balance.quarantined.units for one in queries.on_hand(site)] == [8, 3]
    (task,) = Task.objects.filter(source__startswith="recall")
    assert (task.patient, task.due) == (patient, NOW + timedelta(days=1))
    lots, given = queries.who_received(site, "a17 ")
    assert set(lots) == {lot, theirs}
    assert [(one.patient_id, one.mg) for one in given] == [(patient.id, Decimal(28))]
    use(actions.taken_back, out, nurse, units=1)
    assert book.balance(lot).quarantined.units == 9, "what comes back is quarantined too"
    received(site, keeper, units=1)
    assert book.balance(lot).quarantined.units == 10
    with pytest.raises(Conflict, match="recalled"):
        moves(lot, Kind.RELEASED, keeper, source=Place.QUARANTINED)
    with pytest.raises(Conflict, match="recalled already"):
        recalls.recall(theirs, text="again", by=keeper, at=NOW, key=ids.new())
    use(actions.given, take(lot, patient, nurse, mg="28", reported=True), nurse, mg=Decimal(28))
    assert Entry.objects.filter(deviation="quarantined recalled").count() == 1
    assert Recall.objects.get() == row


def test_what_was_taken_before_a_recall_and_given_after_it_is_written_down_as_a_deviation(
    lot, patient, nurse, keeper
) -> None:
    out = take(lot, patient, nurse)
    recalls.recall(lot, text="Letter of the maker", by=keeper, at=NOW, key=ids.new())
    assert use(actions.given, out, nurse, mg=Decimal(28)).deviation == "recalled"


def test_what_is_lost_starts_two_clocks(lot, nurse, site) -> None:
    friday = NOW + timedelta(days=3)
    row = moves(lot, Kind.LOST, nurse, at=friday, text="One is missing since the morning.")
    notice, form = Task.objects.filter(source__contains=str(row.id)).order_by("due")
    assert (notice.what, notice.due) == ("cupboard.loss_notice", friday.replace(hour=0) + timedelta(days=4)), "Monday"
    assert (form.what, form.due) == ("cupboard.loss_form", friday.replace(hour=0) + timedelta(days=46))
    assert notice.role == Role.PHARMACIST


def test_what_is_destroyed_is_seen_by_two_whatever_was_signed(lot, keeper, nurse) -> None:
    with pytest.raises(Refused, match="second person"):
        moves(lot, Kind.DESTROYED, keeper, partner="Reverse distributor, form 41", alone="Nobody was there.")
    row = moves(lot, Kind.DESTROYED, keeper, partner="Reverse distributor, form 41", witness=nurse)
    assert row.witness == nurse


def test_operations_need_what_they_need(lot, keeper, nurse, patient) -> None:
    for kind, told, said in (
        (Kind.TRANSFERRED, {}, "from whom or to whom"),
        (Kind.LOST, {"text": ""}, "in a sentence"),
        (Kind.LOST, {"units": 0}, "whole number"),
        (Kind.RELEASED, {"source": Place.FREE}, "lies there"),
        (Kind.RESERVED, {}, "for whom"),
        (Kind.LOST, {"mg": Decimal("27")}, "whole containers"),
        (Kind.LOST, {"mg": Decimal("28.00001")}, "decimal places"),
        (Kind.LOST, {"mg": Decimal("NaN")}, "No amount"),
    ):
        with pytest.raises(Refused, match=said):
            moves(lot, kind, keeper, **told)
    with pytest.raises(Forbidden):
        moves(lot, Kind.TRANSFERRED, nurse, partner="Mill Lane")
    assert Entry.objects.count() == 1, "nothing was written"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"product": "aspirin"}, "which product"),
        ({"number": " "}, "lot number"),
        ({"units": 0}, "whole number"),
        ({"ml": Decimal(10)}, "leave the millilitres empty"),
        ({"product": "ketamine-vial-50"}, "millilitres"),
        ({"product": "ketamine-vial-50", "ml": Decimal("NaN")}, "millilitres"),
        ({"expires": date(2026, 11, 23)}, "expired already"),
        ({"expires": EXPIRES + timedelta(days=1)}, "known here with the expiry 2027-06-30"),
        ({"partner": ""}, "from whom"),
    ],
)
def test_what_comes_is_told_whole(site, lot, keeper, told, said) -> None:
    if "expires" in told and told["expires"] < EXPIRES:
        told = told | {"number": "B2"}
    with pytest.raises(Refused, match=said):
        received(site, keeper, **told)
    assert (Lot.objects.count(), Entry.objects.count()) == (1, 1)


def test_who_may_do_what(site, lot, patient, nurse, keeper, person) -> None:
    desk = person("pat", Role.FRONT_DESK)
    with pytest.raises(Forbidden):
        take(lot, patient, desk)
    with pytest.raises(Forbidden):
        received(site, nurse)
    with pytest.raises(Forbidden):
        recalls.recall(lot, text="x", by=nurse, at=NOW, key=ids.new())
    with pytest.raises(Refused, match="knows of nothing"):
        actions.given(ids.new(), mg=Decimal(28), by=nurse, at=NOW, key=ids.new())


def test_the_same_key_with_other_content_is_refused(lot, patient, nurse) -> None:
    key = ids.new()
    take(lot, patient, nurse, key=key)
    with pytest.raises(Conflict):
        take(lot, patient, nurse, key=key, mg="28")
    assert Entry.objects.count() == 2


def test_every_entry_is_audited_and_the_book_is_whole(lot, patient, nurse) -> None:
    taken = take(lot, patient, nurse)
    line = Line.objects.get(object_id=taken.id)
    assert (line.action, line.who, line.subject) == ("stock_dispensed", nurse.id, patient.id)
    report = verify.verify()
    assert (report.entries, report.broken) == (2, [])


def test_the_database_refuses_to_change_the_book_and_what_is_forced_is_found(lot, patient, nurse) -> None:
    entries = [take(lot, patient, nurse, mg="28") for _ in range(3)]
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=entries[0].pk).update(mg=1)
    with transaction.atomic():
        _unprotected("cupboard_entry")
        Entry.objects.filter(pk=entries[0].pk).update(text="something else")
        Entry.objects.filter(pk=entries[1].pk).update(before="0" * 64)
        Entry.objects.filter(pk=entries[2].pk).delete()
        broken = verify.verify().broken
    assert any("entry 2: it, or its lot, was altered" in one for one in broken)
    assert any("entry 3: its link does not fit" in one for one in broken)
    assert any(f"entry {entries[2].id}: the audit trail tells of it" in one for one in broken)
    assert any("a trigger that refuses changes is missing" in one for one in broken)


def test_an_amount_that_comes_from_nowhere_is_found(lot, patient, nurse) -> None:
    taken = take(lot, patient, nurse, mg="28")
    with transaction.atomic():
        _unprotected("cupboard_entry")
        Entry.objects.filter(pk=taken.pk).update(left_units=11)
        assert any("the law does not hold" in one for one in verify.verify().broken)
        Entry.objects.filter(pk=taken.pk).update(seq=5)
        assert any("entry 2: missing" in one for one in verify.verify().broken)


def _unprotected(table: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in ("UPDATE", "DELETE"):
            cursor.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
