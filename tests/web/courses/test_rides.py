"""Is the list of free rides kept in versions, shown where the way home is asked, and is what a missing ride costs counted?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from daybreak.web import ids
from daybreak.web.courses import actions, rides
from daybreak.web.courses.models import Ride, Visit, What, Why
from daybreak.web.links import actions as links
from daybreak.web.links.models import VISIT
from daybreak.web.links.tokens import token
from daybreak.web.people import naming
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden
from tests.web.conftest import NOW, browser, signed_in
from tests.web.courses.test_courses import booked, happens

TOLD = {"payer": "Medicaid", "name": "MTM 接送", "phone": "+1 555 0100", "how": "Call two days before <b>"}


def test_the_front_desk_keeps_it_and_patients_read_it(site, patient, desk, chair, person, doctor) -> None:
    client, page = signed_in(desk), "/clinic/rides/"
    sent = TOLD | {"do": "keep", "site": site.id, "checked": NOW.date(), "key": ids.new()}
    assert client.post(page, sent | {"checked": "2999-01-01"}, secure=True).status_code == 422
    assert client.post(page, sent | {"phone": ""}, secure=True).status_code == 422
    for _ in range(2):
        assert client.post(page, sent, secure=True).status_code == 302
    first = Ride.objects.get()
    changed = sent | {"seen": first.id, "phone": "+1 555 0199", "key": ids.new()}
    assert client.post(page, changed, secure=True).status_code == 302
    assert client.post(page, changed | {"key": ids.new()}, secure=True).status_code == 409, "changed meanwhile"
    visit = booked(patient, chair, desk, visit=Visit.ASSESSMENT)
    for shown in (
        client.get(f"/patients/{patient.id}/bookings/{visit.id}/", secure=True).content.decode(),
        visited(visit).content.decode(),
    ):
        assert "MTM 接送" in shown
        assert "+1 555 0199" in shown
        assert "0100" not in shown
        assert "<b>" not in shown
    (now,) = rides.listed(site.id)
    off = {"do": "take_off", "site": site.id, "seen": now.id, "key": ids.new()}
    for _ in range(2):
        assert client.post(page, off, secure=True).status_code == 302
    assert (rides.listed(site.id), Ride.objects.count()) == ([], 3)
    harbour = naming.add_site("Harbour", by=person("bea", Role.ADMINISTRATOR), at=NOW, key=ids.new())
    assert client.post(page, sent | {"site": harbour.id, "key": ids.new()}, secure=True).status_code == 404
    with pytest.raises(Forbidden):
        rides.keep(site, TOLD, checked=NOW.date(), seen=None, by=doctor, at=NOW, key=ids.new())
    assert "免费回家接送" in client.get(page, secure=True, headers={"Accept-Language": "zh-Hans"}).content.decode()


def visited(visit):
    """The page behind the reminder of the visit."""
    told = {"purpose": VISIT, "subject": visit.id, "organisation_id": visit.organisation_id, "by": None}
    made = links.make(**told, lasts=timedelta(hours=1), at=datetime.now(UTC))
    held = browser()
    held.post(f"/l/{token(made)}/", secure=True)
    return held.get("/visit/", secure=True)


def test_visits_lost_for_want_of_a_ride_are_a_share_of_those_that_ended(site, patient, desk, chair, doctor) -> None:
    assert rides.lost(site, NOW.date()) == (0, 0)
    days = [NOW + timedelta(days=n) for n in (1, 2, 3, 4)]
    visits = [booked(patient, chair, desk, visit=Visit.ASSESSMENT, starts=day, minutes=60) for day in days]
    happens(visits[0], What.NO_SHOW, desk, why=Why.RIDE)
    happens(visits[1], What.BY_PATIENT, desk, why=Why.ILL)
    happens(visits[2], What.ARRIVED, desk)
    assert rides.lost(site, days[2].date()) == (1, 2), (
        "who only arrived has not ended, and neither who is still to come"
    )
    assert rides.lost(site, days[0].date()) == (1, 1)
    assert rides.lost(site, date(2026, 12, 1)) == (0, 0)
    shown = signed_in(doctor).get("/closing/", secure=True).content.decode()
    assert "Lost for want of a ride this month" in shown


def test_how_somebody_gets_home_stands_where_the_day_is_read(noon, patient, desk, chair, person) -> None:
    visit = booked(patient, chair, desk, starts=noon + timedelta(hours=1), minutes=60, at=noon)
    client = signed_in(person("lee", Role.NURSE))

    def pages(**headers: str) -> list[str]:
        return [client.get(page, secure=True, headers=headers).content.decode() for page in ("/today/", "/closing/")]

    assert all("Way home: Not known yet" in page for page in pages())
    told = {"name": "Ben", "phone": "555-9999", "by": desk, "at": noon}
    actions.way_home(visit, "accompanied", seen=2, key=ids.new(), **told)
    for page in pages():
        assert "<bdi>Ben</bdi>" in page
        assert 'href="tel:555-9999"' in page
    assert all("回家方式：" in page or "回家方式:" in page for page in pages(**{"Accept-Language": "zh-Hans"}))
    happens(visit, What.BY_PATIENT, desk, why="ill", at=noon)
    assert not any("555-9999" in page for page in pages()), "who does not come goes nowhere"
