"""Is one vial opened for several patients, each with their own share, until the rest is wasted before a witness?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from daybreak.clinical.treatment.ledger import NOTHING, Amount, Kind, Place
from daybreak.web import ids
from daybreak.web.cupboard import actions, book, counts, queries, recalls, verify
from daybreak.web.cupboard.evening import evening
from daybreak.web.cupboard.models import Entry
from daybreak.web.refusals import Conflict, Refused
from tests.web.conftest import NOW
from tests.web.cupboard.conftest import another, received
from tests.web.cupboard.test_cupboard import moves, take, use
from tests.web.cupboard.test_pages import page, sent


@pytest.fixture
def vial(site, keeper):
    return received(site, keeper, product="ketamine-vial-50", number="K1", ml=Decimal(10), units=2).lot


def test_two_patients_get_their_share_of_one_vial_and_the_rest_is_wasted(site, vial, patient, nurse, keeper) -> None:
    moves(vial, Kind.OPENED, nurse)
    first, second = take(vial, patient, nurse, mg="35"), take(vial, another(site, nurse), nurse, mg="60.5")
    assert [(one.kind, one.units, one.mg) for one in (first, second)] == [
        ("drawn_up", 0, 35),
        ("drawn_up", 0, Decimal("60.5")),
    ]
    assert book.balance(vial).open == Amount(1, Decimal("404.5"))
    assert evening(site, NOW.date()).out == 3, "both shares and the vial"
    use(actions.given, first, nurse, mg=Decimal(35))
    use(actions.given, second, nurse, mg=Decimal(50))
    use(actions.wasted, second, nurse, witness=keeper)
    with pytest.raises(Conflict, match="not so much"):
        use(actions.given, first, nurse, mg=Decimal(1))
    with pytest.raises(Refused, match="second person"):
        moves(vial, Kind.WASTED, keeper, source=Place.OPEN)
    rest = moves(vial, Kind.WASTED, keeper, source=Place.OPEN, witness=nurse)
    assert (rest.units, rest.mg, rest.witness) == (1, Decimal("404.5"), nurse)
    now = book.balance(vial)
    assert (now.open, now.drawn, now.held, now.on_hand) == (NOTHING, {}, True, Amount(1, Decimal(500)))
    assert [(one.patient_id, one.mg) for one in queries.who_received(site, "K1")[1]] == [
        (second.patient_id, 50),
        (patient.id, 35),
    ]
    assert evening(site, NOW.date()).out == 0
    assert verify.verify().broken == []


def test_a_share_goes_nowhere_but_to_its_patient_or_out(site, vial, patient, nurse, keeper) -> None:
    moves(vial, Kind.OPENED, nurse)
    whole = take(vial, patient, nurse, mg="500")
    assert (whole.kind, whole.units) == ("drawn_up", 1)
    with pytest.raises(Conflict, match="whole containers"):
        use(actions.taken_back, whole, nurse, units=1)
    own = take(vial, patient, nurse, mg="35")
    assert own.kind == "dispensed", "nothing is open: a vial of their own"
    counts.count(site, {vial.id: "0"}, seen=None, by=nurse, at=NOW, key=ids.new())


def test_an_open_vial_is_counted_and_a_recall_keeps_it_aside(site, vial, nurse, keeper, lot) -> None:
    moves(vial, Kind.OPENED, nurse)
    assert {one.lot: one.in_cupboard.units for one in queries.on_hand(site)} == {lot: 10, vial: 2}
    recalls.recall(vial, text="Letter of the maker", by=keeper, at=NOW, key=ids.new())
    now = book.balance(vial)
    assert (now.open, now.quarantined, now.opened) == (NOTHING, Amount(2, Decimal(1000)), 1)
    with pytest.raises(Refused, match="Only a vial"):
        moves(lot, Kind.OPENED, nurse)


def test_the_pages_open_a_vial_say_what_is_left_and_take_part_of_it_away(site, vial, patient, nurse, keeper) -> None:
    at = f"/cupboard/lots/{vial.id}"
    assert "each patient’s share" in page(nurse, f"{at}/opened/")
    assert sent(nurse, f"{at}/opened/", units="1").status_code == 302
    number = patient.registrations.get().number
    assert sent(nurse, f"{at}/dispensed/", patient=number, mg="35").status_code == 302
    for address in ("/cupboard/", f"{at}/", f"{at}/lost/"):
        assert "1 · 465 mg" in page(nurse, address), address
    assert sent(nurse, f"{at}/lost/", units="1", source="open", mg="NaN", text="It ran out.").status_code == 422
    assert sent(nurse, f"{at}/lost/", units="1", source="open", mg="5", text="It ran out.").status_code == 302
    assert Entry.objects.latest("seq").units == 0
    assert sent(nurse, f"{at}/quarantined/", units="1", source="open", mg="5", text="Not clean.").status_code == 302
    assert book.balance(vial).quarantined == Amount(1, Decimal(460)), "all that is in it"
