"""Is a patient promised a reader only in hours that a named person has confirmed, and are the gaps seen before they come?"""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.people import actions as people
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.place import Mail
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.rota import actions
from daybreak.web.rota.cover import cover
from daybreak.web.rota.models import Shift, ShiftEnd, Word
from daybreak.web.tasks import calling
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.calls import order, reached

TUESDAY = 1  # NOW is Tuesday, 24 November 2026, 09:00
HOUR = timedelta(hours=1)


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture(autouse=True)
def mailing(settings):
    """Notices leave by a mail server."""
    server = Mail(host="mail.example.org", port=587, tls="starttls", sender="daybreak@example.org")
    settings.PLACE = replace(settings.PLACE, mail=server)


@pytest.fixture
def shift(site, lee, ines):
    """Lee on Tuesdays from eight to six."""
    reached(lee, ines)
    return added(site, lee, ines)


def added(site, person, by, **other) -> Shift:
    told = {"weekday": TUESDAY, "begins": time(8), "ends": time(18), "level": 1, "first": NOW.date()}
    return actions.add_shift(site, person, by=by, **{**told, "at": NOW, "key": ids.new(), **other})


def confirmed(about, *, there=True, at=NOW):
    return actions.say(about, there=there, by=about.person, at=at, key=ids.new())


def names(site, at=NOW):
    return [one.login for one in calling.to_call(site.id, at=at)]


def told_to_a_patient(site, at=NOW) -> str:
    request = RequestFactory().get("/")
    request.received_at = at
    return html.unescape(Template("{% who_reads site %}").render(Context({"request": request, "site": site.id})))


def test_only_who_said_so_is_promised(site, lee, shift) -> None:
    assert names(site) == ["lee"], "the pager tries whoever is named"
    assert calling.promised(site.id, at=NOW) == []
    assert told_to_a_patient(site) == "Nobody at the clinic reads this now. Call one of these numbers now."
    confirmed(shift)
    assert told_to_a_patient(site) == "Lee of the clinic gets a notice now."
    confirmed(shift, there=False, at=NOW + HOUR)
    assert calling.promised(site.id, at=NOW + HOUR) == []


def test_a_patient_is_told_from_when_somebody_reads(site, shift) -> None:
    confirmed(shift)
    assert "Lee of the clinic" in told_to_a_patient(site, at=NOW + 9 * HOUR - timedelta(minutes=1))
    assert names(site, at=NOW + 9 * HOUR) == [], "the end is no part of it"
    assert "before 2026-12-01 08:00 UTC" in told_to_a_patient(site, at=NOW + 9 * HOUR)
    assert "Lee of the clinic" in told_to_a_patient(site, at=NOW + timedelta(days=7) - HOUR)


def test_who_said_so_is_called_before_who_did_not(site, lee, ines, shift) -> None:
    confirmed(added(site, ines, ines, level=2))
    assert names(site) == ["ines", "lee"]
    confirmed(shift)
    assert names(site) == ["lee", "ines"]


def test_nobody_speaks_for_somebody_else(site, lee, ines, shift) -> None:
    with pytest.raises(Forbidden, match="Only whoever is named"):
        actions.say(shift, there=True, by=ines, at=NOW, key=ids.new())
    assert not Word.objects.exists()


@pytest.mark.parametrize(
    ("begins", "ends", "inside", "outside"),
    [
        (time(20), time(6), (20, 23, 24, 29), (19, 30, 31)),  # hours from Tuesday's midnight
        (time(8), time(8), (8, 24, 31), (7, 32)),
        (time(0), time(0), (0, 23), (-1, 24)),
    ],
)
def test_hours_may_go_over_midnight(site, lee, ines, begins, ends, inside, outside) -> None:
    reached(lee)
    added(site, lee, ines, begins=begins, ends=ends)
    midnight = NOW.replace(hour=0) + timedelta(days=7)
    assert all(names(site, at=midnight + n * HOUR) == ["lee"] for n in inside)
    assert not any(names(site, at=midnight + n * HOUR) for n in outside)


def test_hours_are_those_of_the_site_also_when_summer_time_begins(site, lee, ines) -> None:
    Site.objects.update(zone="Europe/Berlin")
    reached(lee)
    added(site, lee, ines, weekday=6, begins=time(1), ends=time(4))
    spring = datetime(2027, 3, 28, tzinfo=UTC)  # 01:00 UTC: two o'clock is skipped
    there = [names(site, at=spring + timedelta(minutes=n)) == ["lee"] for n in (-1, 0, 60, 119, 120)]
    assert there == [False, True, True, True, False]


def test_an_exception_goes_before_the_week_and_the_week_before_an_order_without_an_end(site, lee, ines, shift) -> None:
    order(site, ines, by=ines)
    assert (names(site), names(site, at=NOW + 10 * HOUR)) == (["lee"], ["ines"])
    exception = order(site, ines, by=ines, ends=NOW + 2 * HOUR)
    order(site, lee, by=ines, at=NOW + timedelta(minutes=1))
    assert names(site, at=NOW + HOUR) == ["ines"], "a later order without an end takes no exception away"
    assert calling.covering(site.id, at=NOW + HOUR) == exception
    assert names(site, at=NOW + 2 * HOUR) == ["lee"]


def test_who_is_named_without_an_end_says_on_the_page_that_they_are_there(site, lee, ines) -> None:
    reached(lee, ines)
    calling.lay_down(site, [ines], starts=NOW, ends=None, by=ines, at=NOW, key=ids.new())
    laid = calling.lay_down(site, [lee], starts=NOW, ends=None, by=ines, at=NOW, key=ids.new())
    client = signed_in(lee)
    page = client.get("/rota/", secure=True).content.decode()
    assert "no end, where the week says nothing" in page
    named = laid.named.get()
    assert f'name="named" value="{named.id}"' in page
    told = {"do": "say", "named": named.id, "there": "yes", "key": ids.new()}
    assert client.post("/rota/", told, secure=True).status_code == 302
    assert Word.objects.get(named=named).there
    assert 'name="named"' not in signed_in(ines).get("/rota/", secure=True).content.decode(), "hers counts no longer"


def test_gaps_of_the_next_days_are_seen(site, lee, ines, shift) -> None:
    def gaps() -> list[tuple[datetime, datetime]]:
        laid = cover([site], since=NOW, until=NOW + timedelta(days=7))[site.id]
        return [(one.begins, one.ends) for one in laid.stretches(NOW, NOW + timedelta(days=7)) if one.gap]

    assert len(gaps()) == 3, "not confirmed, nobody, not confirmed"
    confirmed(shift)
    assert gaps() == [(NOW.replace(hour=18), NOW + timedelta(days=7) - HOUR)]


def test_an_end_is_kept_and_told_to_whoever_comes_later(site, lee, ines, shift) -> None:
    key = ids.new()
    ended = actions.end_shift(shift, last=NOW.date(), by=ines, at=NOW, key=key)
    assert actions.end_shift(shift, last=NOW.date(), by=ines, at=NOW, key=key) == ended
    with pytest.raises(Conflict, match="in the meantime"):
        actions.end_shift(shift, last=NOW.date(), by=ines, at=NOW, key=ids.new())
    assert names(site) == ["lee"]
    assert names(site, at=NOW + timedelta(days=7)) == []
    other = added(site, lee, ines)
    with pytest.raises(Refused, match="in the past"):
        actions.end_shift(other, last=date(2026, 11, 23), by=ines, at=NOW, key=ids.new())


def test_the_same_twice_is_one_shift(site, lee, ines) -> None:
    reached(lee)
    key = ids.new()
    assert added(site, lee, ines, key=key) == added(site, lee, ines, key=key)
    assert Shift.objects.count() == Entry.objects.filter(action="shift_added").count() == 1
    with pytest.raises(Refused, match="already called"):
        added(site, lee, ines)


def test_who_may_not_see_patients_or_lay_down_is_refused(site, lee, ines, person) -> None:
    desk = person("fay", Role.FRONT_DESK)
    with pytest.raises(Refused, match="not reached anywhere"):
        added(site, lee, ines)
    reached(lee, desk)
    with pytest.raises(Refused, match="no role"):
        added(site, desk, ines)
    with pytest.raises(Forbidden):
        added(site, lee, lee)


def test_another_site_sees_and_changes_nothing_of_it(site, lee, ines, shift, person) -> None:
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    omar = signed_in(person("omar", Role.PRESCRIBER, at_site=harbour))
    assert "Lee" not in omar.get("/rota/", secure=True).content.decode()
    for told in ({"do": "end", "shift": shift.id}, {"do": "say", "shift": shift.id}, {"do": "add", "site": site.id}):
        assert omar.post("/rota/", {"key": ids.new(), **told}, secure=True).status_code == 422
    assert not ShiftEnd.objects.exists()
    assert not Word.objects.exists()


def test_the_week_is_made_and_confirmed_on_its_page(site, lee, ines) -> None:
    reached(lee)
    doctor, nurse = signed_in(ines), signed_in(lee)
    asked = {"do": "add", "key": ids.new(), "site": site.id, "person": lee.pk, "weekday": "1", "level": "1"}
    for wrong, says in (
        ({"begins": "at nine", "ends": "18:00"}, "“at nine” is no clock time"),
        ({"begins": "08:00", "ends": "18:00", "weekday": "x"}, "Choose one: Day."),
        ({"begins": "08:00", "ends": "18:00", "person": ""}, "Choose who is called."),
    ):
        refused = doctor.post("/rota/", asked | wrong, secure=True)
        assert (refused.status_code, says in html.unescape(refused.content.decode())) == (422, True)
    assert doctor.post("/rota/", asked | {"begins": "08:00", "ends": "18:00"}, secure=True).status_code == 302
    assert "Add hours" not in nurse.get("/rota/", secure=True).content.decode()
    said = {"do": "say", "key": ids.new(), "shift": Shift.objects.get().id, "there": "yes"}
    assert "not confirmed yet" in doctor.get("/rota/", secure=True).content.decode()
    for _ in range(2):
        assert nurse.post("/rota/", said, secure=True).status_code == 302
    assert Word.objects.get().there
    assert doctor.post("/rota/", said | {"key": ids.new()}, secure=True).status_code == 403
    ended = {"do": "end", "key": ids.new(), "shift": said["shift"], "last": "2999-01-01"}
    assert nurse.post("/rota/", ended, secure=True).status_code == 403
    assert doctor.post("/rota/", ended, secure=True).status_code == 302
    assert "until 2999-01-01" in doctor.get("/rota/", secure=True).content.decode()
    assert (
        "已确认" in signed_in(lee).get("/rota/", secure=True, headers={"accept-language": "zh-hans"}).content.decode()
    )


def test_named_for_some_days_is_confirmed_on_the_same_page(site, lee, ines) -> None:
    reached(lee)
    now = datetime.now(UTC)
    laid = calling.lay_down(site, [lee], starts=now, ends=now + HOUR, by=ines, at=now, key=ids.new())
    nurse = signed_in(lee)
    assert "You are named for these days" in nurse.get("/rota/", secure=True).content.decode()
    said = {"do": "say", "key": ids.new(), "named": laid.named.get().id, "there": "yes"}
    assert nurse.post("/rota/", said, secure=True).status_code == 302
    assert calling.promised(site.id, at=now) == [lee]


def test_the_page_asks_as_much_for_a_full_week_as_for_one_shift(site, lee, ines, shift) -> None:
    client = signed_in(ines)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/rota/", secure=True).status_code == 200
        return len(queries)

    few = (asked(), asked())[1]
    for weekday in (0, 2, 3, 4, 5, 6):
        confirmed(added(site, lee, ines, weekday=weekday))
    assert asked() == few


def test_nothing_of_it_is_ever_changed(shift, ines) -> None:
    confirmed(shift)
    actions.end_shift(shift, last=NOW.date(), by=ines, at=NOW, key=ids.new())
    for model in (Shift, ShiftEnd, Word):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(created=NOW)
