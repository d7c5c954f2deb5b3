"""Is everything in a long record reachable, once, in order, a page at a time?"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.records import Condition, Observation, on
from daybreak.web import ids
from daybreak.web.patients import actions, records, timeline
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

DAY = date(2020, 1, 1)


def weigh(patient, by, count: int) -> list[Entry]:
    """Weights on different days; every seventh without a day, several on one."""
    made = [
        Observation(f"Observation/{n}", "weight", Decimal(70), on(DAY + timedelta(days=n % 40)) if n % 7 else None)
        for n in range(count)
    ]
    return Entry.objects.bulk_create(records.entry(one, patient=patient, by=by, at=NOW) for one in made)


def walk(patient, **asked) -> list[Entry]:
    found: list[Entry] = []
    before = None
    while True:
        page = timeline.page(patient, before=before, **asked)
        found += page.rows
        if page.before is None:
            return found
        before = page.rows[-1]


@pytest.mark.parametrize("most", [1, 3, 7, 50])
def test_the_pages_together_are_everything_in_order(patient, nurse, site, most) -> None:
    weigh(patient, nurse, 24)
    weigh(registered(site, nurse, number="2"), nurse, 3)
    found = walk(patient, most=most)
    assert len({row.id for row in found}) == len(found) == 24
    days = [row.happened or date.min for row in found]
    assert days == sorted(days, reverse=True), "the undated ones last"


def test_one_kind_alone(patient, nurse) -> None:
    weigh(patient, nurse, 9)
    records.entry(Condition("Condition/x", "asthma"), patient=patient, by=nurse, at=NOW).save(force_insert=True)
    assert len(walk(patient, kinds=[Kind.OBSERVATION], most=4)) == 9
    assert len(walk(patient, most=4)) == 10


def test_a_long_record_costs_as_much_as_a_short_one(patient, nurse) -> None:
    client = signed_in(nurse)
    here = f"/patients/{patient.id}/"

    def asked(where: str) -> tuple[int, int]:
        client.get(where, secure=True)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(where, secure=True)
        asked = [one for one in queries if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"])]
        return len(asked), len(re.findall("<li", page.content.decode()))

    weigh(patient, nurse, 150)
    first = asked(here), asked(f"{here}timeline/?kind=observation")
    weigh(patient, nurse, 3000)
    assert (asked(here), asked(f"{here}timeline/?kind=observation")) == first
    assert max(queries for queries, _ in first) <= 15


def test_the_page_leads_on_and_the_last_page_ends(patient, nurse) -> None:
    weigh(patient, nurse, 60)
    client = signed_in(nurse)
    page = client.get(f"/patients/{patient.id}/", secure=True).content.decode()
    older = re.search(r'/patients/[\w-]+/timeline/\?before=[\w-]+(?=")', page)[0]
    assert "1971" not in older
    assert "2020" not in older, "no date in an address"
    assert "?kind=observation" in page
    last = client.get(older, secure=True).content.decode()
    assert "Older entries" not in last
    assert "Newest entries" in last


def test_what_is_not_yours_does_not_exist(site, patient, nurse, person) -> None:
    (theirs,) = weigh(registered(site, nurse, number="2"), nurse, 1)
    here = f"/patients/{patient.id}/timeline/"
    assert signed_in(nurse).get(f"{here}?before={theirs.id}", secure=True).status_code == 404
    assert signed_in(nurse).get(f"{here}?before=x", secure=True).status_code == 404
    assert signed_in(nurse).get(f"{here}?kind=x", secure=True).status_code == 404
    pharmacist = signed_in(person("phil", Role.PHARMACIST))
    weigh(patient, nurse, 3)
    assert "Weight" not in pharmacist.get(here, secure=True).content.decode()
    assert pharmacist.get(f"{here}?kind=observation", secure=True).status_code == 404
    assert signed_in(person("dora", Role.FRONT_DESK)).get(here, secure=True).status_code == 403


def test_a_replaced_and_a_withdrawn_entry_stay_in_the_timeline(patient, nurse) -> None:
    first = actions.add(patient, Condition("", "asthma"), by=nurse, at=NOW, key=ids.new())
    second = actions.correct(
        first, lambda one: Condition(one.ref, "mild asthma"), by=nurse, at=NOW + timedelta(minutes=1), key=ids.new()
    )
    actions.withdraw(second, reason="of somebody else", by=nurse, at=NOW + timedelta(minutes=2), key=ids.new())
    page = timeline.page(patient)
    assert (page.rows, page.replaced) == ([second, first], {first.id})
    assert timeline.front(patient)[:2] == ([], False)
