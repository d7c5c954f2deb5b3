"""Does the page that closes a day say how the cupboard stands?"""

from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal

from daybreak.web import ids
from daybreak.web.cupboard import actions, counts
from daybreak.web.cupboard.evening import Evening, evening
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in
from tests.web.cupboard.test_counts import counted
from tests.web.cupboard.test_cupboard import take, use

TODAY = NOW.date()
DAY = timedelta(days=1)


def test_a_day_is_open_until_two_counted_and_everything_is_accounted_for(site, lot, patient, nurse, keeper) -> None:
    assert evening(site, TODAY) == Evening(0, 0, 0, 0)
    out = take(lot, patient, nurse)
    other = take(lot, patient, nurse, mg="28")
    assert evening(site, TODAY).out == evening(site, TODAY + DAY).out == 2, "also what was taken the day before"
    assert evening(site, TODAY - DAY).out == 0
    for mg in ("0.1", "0.2", "27.7"):  # as binary fractions these do not add up to what was taken
        use(actions.wasted, other, nurse, mg=Decimal(mg), alone="Nobody was there.")
    use(actions.wasted, out, nurse, witness=keeper)
    first = counted(site, keeper, "7")
    assert evening(site, TODAY) == Evening(1, 0, 4, 3)
    counted(site, nurse, "7", seen=first.id)
    assert evening(site, TODAY) == Evening(2, 0, 4, 3)
    later = NOW + 100 * DAY
    counts.count(site, {lot.id: "7"}, seen=None, by=nurse, at=later, key=ids.new())
    assert evening(site, later.date()) == Evening(1, 0, 0, 0), "nothing was done with it for weeks"


def test_the_page_says_so(site, lot, patient, nurse, person) -> None:
    take(lot, patient, nurse)
    page = html.unescape(signed_in(nurse).get("/closing/", secure=True).content.decode())
    assert "Taken and not yet accounted for: 1" in page
    assert "Nobody has counted the cupboard" in page
    assert "/cupboard/count/" in page
    other = signed_in(person("jo", Role.EVALUATOR)).get("/closing/", secure=True).content.decode()
    assert "/cupboard/count/" not in other
