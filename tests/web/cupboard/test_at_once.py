"""When many take the last device at the same moment, does one get it, and is the book one chain afterwards?"""

from __future__ import annotations

from decimal import Decimal

from daybreak.web import ids
from daybreak.web.cupboard import actions, book, verify
from daybreak.web.cupboard.models import Entry
from daybreak.web.refusals import Conflict
from tests.web.conftest import NOW
from tests.web.cupboard.conftest import received
from tests.web.treatment.test_at_once import MANY, at_once, db

__all__ = ["db"]
MG = Decimal(28)


def test_fifty_at_once_take_one_device(site, keeper, nurse, patient) -> None:
    lot = received(site, keeper, units=1).lot
    about = {"session_id": None, "mg": MG, "by": nurse, "at": NOW}
    got = at_once(lambda: actions.dispense(lot, patient=patient, key=ids.new(), **about))
    assert (len(got), sum(isinstance(one, Conflict) for one in got)) == (MANY, MANY - 1)
    (taken,) = [one for one in got if isinstance(one, Entry)]
    assert book.balance(lot).drawn == {str(taken.id): (1, MG)}
    given = at_once(lambda: actions.given(taken.id, mg=MG, by=nurse, at=NOW, key=ids.new()))
    assert sum(isinstance(one, Entry) for one in given) == 1
    assert (verify.verify().entries, verify.verify().broken) == (3, [])
