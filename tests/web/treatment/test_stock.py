"""Does the cupboard's book say what became of every device that was taken for a session?"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.cupboard import actions as book
from daybreak.web.cupboard import queries as cupboard
from daybreak.web.cupboard import recalls
from daybreak.web.cupboard import stock as received
from daybreak.web.cupboard.models import Entry, Lot
from daybreak.web.people.models import Site
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import actions, stock
from daybreak.web.treatment.saying import NotNow
from tests.web.conftest import signed_in
from tests.web.treatment.steps import DEVICE, MINUTE, checked_in, cleared, does, dosed, taken

FAULTY = DEVICE | {"n": 1, "mg_low": "0", "mg_high": "0", "full": False, "why": "the plunger is stuck"}


def left(session) -> list[str]:
    return [f"{one.left.mg:f}" for one in cupboard.of_session(session.pk)]


def test_each_device_that_is_given_is_in_the_book(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    assert left(session) == ["56.0000"]
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    assert left(session) == ["28.0000"]
    does(session, What.DOSE, nurse, noon + 5 * MINUTE, n=2, **DEVICE)
    assert left(session) == ["0"]
    given = Entry.objects.filter(kind="given", session_id=session.pk)
    assert [(one.patient, one.happened) for one in given] == [
        (session.patient, noon),
        (session.patient, noon + 5 * MINUTE),
    ]


def test_without_a_device_from_the_cupboard_no_dose_begins(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    (one,) = cupboard.of_session(session.pk)
    book.taken_back(one.first.pk, units=2, by=nurse, at=noon, key=ids.new())
    with pytest.raises(NotNow) as why:
        does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    assert [one.id for one in why.value.reasons] == ["session.no-stock"]
    taken(session, nurse, noon, mg="28")
    with pytest.raises(Conflict) as less:
        does(session, What.DOSE, nurse, noon, n=1, **(DEVICE | {"mg_low": "56", "mg_high": "56"}))
    assert "28 mg" in less.value.sentence("en")
    assert left(session) == ["0", "28.0000"], "and nothing is half written"


def test_what_was_given_without_the_cupboard_is_reported_and_seen(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    (one,) = cupboard.of_session(session.pk)
    book.taken_back(one.first.pk, units=2, by=nurse, at=noon, key=ids.new())
    told = {"n": 1, **DEVICE}
    row = actions.report(session, What.DOSE, told, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new())
    assert [one["id"] for one in json.loads(row.told)["lacking"]] == ["session.no-stock"]
    assert not Entry.objects.filter(session_id=session.pk, kind="given").exists()


def test_a_device_that_is_sent_twice_is_one_device(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    key = ids.new()
    first, again = (actions.give(session, {}, by=nurse, at=noon, key=key) for _ in range(2))
    assert first == again
    assert left(session) == ["28.0000"]


def test_a_device_of_which_nothing_came_is_kept_aside(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, **FAULTY)
    aside = Entry.objects.get(kind="quarantined")
    assert (aside.units, aside.text, aside.session_id) == (1, "the plunger is stuck · 1/2", session.pk)
    assert left(session) == ["28.0000"]


def test_of_a_part_the_book_says_the_most_that_was_given_and_the_rest_waits(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    part = DEVICE | {"n": 1, "mg_low": "7", "mg_high": "14", "full": False, "why": "sneezed"}
    does(session, What.DOSE, nurse, noon, **part)
    assert Entry.objects.get(kind="given").mg == 14
    assert left(session) == ["42.0000"]


def test_a_lot_of_another_site_and_a_session_past_its_doses(session, nurse, doctor, site, noon) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=noon, name="Harbour")
    with pytest.raises(Refused) as elsewhere:
        stock.take(session, Lot(site=other), mg=Decimal(28), by=nurse, at=noon, key=ids.new())
    assert elsewhere.value.id == "treatment.lot_elsewhere"
    at = dosed(session, nurse, noon)
    with pytest.raises(Conflict):
        taken(session, nurse, at)


def test_only_what_the_protocol_gives_is_offered_and_taken(session, nurse, doctor, site, noon) -> None:
    checked_in(session, nurse, noon)
    for what in (What.CLEARED, What.TIMED_OUT):
        does(session, what, nurse, noon)
    vials = {"product": "ketamine-vial-50", "number": "K7", "units": 3, "expires": date(2030, 1, 31), "ml": Decimal(10)}
    other = received.receive(site, **vials, partner="Dawn Supply", by=doctor, at=noon, key=ids.new()).lot
    page = signed_in(nurse).get(f"/sessions/{session.pk}/?step=dose", secure=True).content.decode()
    assert "A17 ·" in page
    assert "K7 ·" not in page
    with pytest.raises(Refused) as why:
        stock.take(session, other, mg=Decimal(56), by=nurse, at=noon, key=ids.new())
    assert why.value.id == "treatment.lot_other_drug"
    with pytest.raises(NotNow):
        does(session, What.DOSE, nurse, noon, n=1, **DEVICE)


def test_two_lots_are_used_oldest_take_first(session, nurse, doctor, site, noon) -> None:
    cleared(session, nurse, noon)
    (one,) = cupboard.of_session(session.pk)
    book.taken_back(one.first.pk, units=1, by=nurse, at=noon, key=ids.new())
    lot = {"product": "esketamine-device-28", "number": "B2", "units": 2, "expires": date(2030, 1, 31)}
    second = received.receive(site, **lot, partner="Dawn Supply", by=doctor, at=noon, key=ids.new()).lot
    stock.take(session, second, mg=Decimal(28), by=nurse, at=noon, key=ids.new())
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    assert left(session) == ["0", "28.0000"]


def test_no_more_is_taken_than_was_ordered_and_sent_twice_it_is_one_take(session, nurse, doctor, noon) -> None:
    checked_in(session, nurse, noon)
    with pytest.raises(Conflict, match="Ordered are 56 mg and 0 mg were taken for it: 56 mg are free") as much:
        taken(session, nurse, noon, mg="84")
    assert "56 mg" in much.value.sentence("zh-Hans")
    lot, key = Lot.objects.get(), ids.new()
    for _ in range(2):
        stock.take(session, lot, mg=Decimal(56), by=nurse, at=noon, key=key)
    assert left(session) == ["56.0000"]
    for who, why in ((nurse, ""), (doctor, "to be on the safe side")):
        with pytest.raises(Conflict, match="56 mg were taken for it: 0 mg are free"):
            stock.take(session, lot, mg=Decimal(28), why=why, by=who, at=noon, key=ids.new())
    for way in (What.CLEARED, What.TIMED_OUT):
        does(session, way, nurse, noon)
    does(session, What.DOSE, nurse, noon, **FAULTY)
    with pytest.raises(Conflict, match="0 mg are free"):
        stock.take(session, lot, mg=Decimal(28), why="it failed", by=doctor, at=noon, key=ids.new())


def test_instead_of_a_device_that_is_gone_a_prescriber_takes_another_and_writes_why(
    session, nurse, doctor, noon
) -> None:
    cleared(session, nurse, noon)
    (one,) = cupboard.of_session(session.pk)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    book.kept_aside(one.first.pk, units=1, text="It fell down.", by=nurse, at=noon, key=ids.new())
    tries = {"do": "take", "lot": str(Lot.objects.get().pk), "mg": "28"}
    page = signed_in(nurse).get(f"/sessions/{session.pk}/?step=dose", secure=True).content.decode()
    assert "A prescriber decides whether others are taken" in page
    assert 'name="take_why"' not in page
    for who, why, status in ((nurse, "It fell.", 403), (doctor, "", 409), (doctor, "It fell.", 302)):
        sent = tries | {"take_why": why, "key": str(ids.new())}
        assert signed_in(who).post(f"/sessions/{session.pk}/", sent, secure=True).status_code == status
    instead = Entry.objects.filter(kind="dispensed").latest("seq")
    assert (instead.text, instead.by, left(session)) == ("It fell.", doctor, ["0", "28.0000"])
    assert "were taken, and" not in signed_in(doctor).get(f"/sessions/{session.pk}/", secure=True).content.decode()
    does(session, What.DOSE, nurse, noon + 5 * MINUTE, n=2, **DEVICE)
    assert left(session) == ["0", "0"]


def test_what_is_recalled_after_it_was_taken_is_not_given_any_more(session, nurse, doctor, site, noon) -> None:
    cleared(session, nurse, noon)
    recalls.recall(Lot.objects.get(), text="letter 7", by=doctor, at=noon, key=ids.new())
    with pytest.raises(NotNow) as why:
        does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    assert [one.id for one in why.value.reasons] == ["session.no-stock"]
    actions.report(session, What.DOSE, {"n": 1, **DEVICE}, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new())
    assert Entry.objects.get(kind="given").deviation == "recalled", "what was given is in the book, as what it is"
