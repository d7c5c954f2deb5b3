"""Are those who stopped called on the days that a prescriber signed, none twice and none forgotten when the days change?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.reach import after_stop, followed
from daybreak.web.reach.models import STOPPED
from daybreak.web.refusals import Conflict, Forbidden
from tests.web.conftest import NOW, signed_in
from tests.web.reach.test_standing import say

DAY = timedelta(days=1)


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


def signed(site, by, *days: int, seen=None, key=None):
    return after_stop.sign(site, list(days), seen=seen, by=by, at=NOW, key=key or ids.new())


def test_the_signed_days_count_instead_of_the_shipped_ones(patient, nurse, doctor, site) -> None:
    row = signed(site, doctor, 1, 3, 40)
    say(patient, STOPPED, nurse)
    made = [followed.look(at=NOW + n * DAY) for n in (0, 1, 1, 2, 3, 7, 14, 39, 40, 41, 60)]
    assert made == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0]
    assert row.days == "1,3,40"


def test_days_that_are_signed_anew_repeat_no_call_and_swallow_none(patient, nurse, doctor, site) -> None:
    say(patient, STOPPED, nurse)
    assert [followed.look(at=NOW + n * DAY) for n in (2, 7)] == [1, 1]
    row = signed(site, doctor, 1, 7, 10)
    assert [followed.look(at=NOW + n * DAY) for n in (8, 9, 10)] == [0, 0, 1]
    signed(site, doctor, 11, 12, seen=row.id)
    assert [followed.look(at=NOW + n * DAY) for n in (11, 12, 12)] == [1, 1, 0]


def test_it_is_signed_once_by_a_prescriber_who_saw_what_held(site, doctor, nurse) -> None:
    key = ids.new()
    row = signed(site, doctor, 2, key=key)
    assert signed(site, doctor, 2, key=key) == row
    with pytest.raises(Conflict, match="meanwhile"):
        signed(site, doctor, 3)
    with pytest.raises(Forbidden):
        signed(site, nurse, 3, seen=row.id)


@pytest.mark.parametrize(
    ("typed", "says"), [("2, x", "“x”"), ("0", "“0”"), (" , ", "at least one"), ("1 " * 60 + "999", "")]
)
def test_what_is_no_list_of_days_is_kept_and_said(site, doctor, typed, says) -> None:
    elsewhere = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    browser, address = signed_in(doctor), "/clinic/after-stop/"
    assert 'value="2, 7, 14, 28"' in browser.get(address, secure=True).content.decode()
    form = {"site": str(site.id), "seen": "", "key": str(ids.new()), "days": typed}
    answer = browser.post(address, form, secure=True)
    assert browser.post(address, {**form, "site": str(elsewhere.id)}, secure=True).status_code == 404
    if says:
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert after_stop.signed(site.id) is None
    else:
        assert answer.status_code == 302
        assert after_stop.days(after_stop.signed(site.id)) == [1, 999]
        assert "okafor" in browser.get(address, secure=True).content.decode().lower()


def test_a_list_that_is_too_long_is_refused(site, doctor) -> None:
    sent = {"site": str(site.id), "seen": "", "key": str(ids.new()), "days": " ".join(map(str, range(1, 200)))}
    assert signed_in(doctor).post("/clinic/after-stop/", sent, secure=True).status_code == 422
