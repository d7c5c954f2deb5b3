"""Is every day and clock time the site's, around midnight and when summer time begins, while what is stored stays UTC?"""

from __future__ import annotations

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from daybreak.web import access, ids, zones
from daybreak.web.audit.models import Entry
from daybreak.web.patients import actions as patients
from daybreak.web.people import actions as people
from daybreak.web.people import naming
from daybreak.web.people.models import Naming, RoleGrant, Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.screening import asks
from daybreak.web.tasks.models import CallingOrder
from tests.web.conftest import NOW, signed_in
from tests.web.patients import samples
from tests.web.tasks.calls import reached

SHANGHAI, ANGELES = "Asia/Shanghai", "America/Los_Angeles"
LATE = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # 2026-11-25 01:30 in Shanghai
EARLY = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)  # 2026-11-24 22:30 in Los Angeles


def kept(site: Site, zone: str) -> None:
    Site.objects.filter(pk=site.pk).update(zone=zone)
    site.zone = zone


def post(client, path, **told):
    return client.post(path, {"key": str(ids.new()), **told}, secure=True)


@pytest.mark.parametrize(
    ("zone", "at", "on", "said"),
    [(SHANGHAI, LATE, 25, "2026-11-25 01:30 CST"), (ANGELES, EARLY, 24, "2026-11-24 22:30 PST")],
)
def test_the_day_changes_at_the_midnight_of_the_site(site, person, zone, at, on, said) -> None:
    kept(site, zone)
    ines = person("ines", Role.PRESCRIBER)
    patient = samples.make(site, ines)
    assert (zones.day(at, zone), zones.day_at(site.id, at)) == (date(2026, 11, on),) * 2
    with timezone.override(zone):
        assert (zones.minute(at), zones.today(at)) == (said, date(2026, 11, on))
    told = {"seen": patients.queries.state(patient), "by": ines, "at": at}
    with pytest.raises(Refused):
        patients.review(patient, sorted(patients.DOMAINS)[:1], on=date(2026, 11, on + 1), key=ids.new(), **told)
    assert patients.review(patient, sorted(patients.DOMAINS)[:1], on=date(2026, 11, on), key=ids.new(), **told)


def test_a_page_shows_the_time_of_the_site_of_its_patient(site, person) -> None:
    kept(site, SHANGHAI)
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW, zone=ANGELES)
    ines = person("ines", Role.PRESCRIBER)
    patient = samples.make(site, ines)
    assert access._zone({site.id: SHANGHAI}, patient.id).key == SHANGHAI
    assert access._zone({harbour.id: ANGELES, site.id: SHANGHAI}, patient.id).key == SHANGHAI
    assert access._zone({harbour.id: ANGELES, site.id: SHANGHAI}, None).key == ANGELES, "the first by name"
    page = signed_in(ines).get(f"/patients/{patient.id}/timeline/", secure=True)
    assert "CST" in page.content.decode()
    assert "UTC" not in page.content.decode()


def test_what_is_typed_means_the_clock_of_the_site(site, person) -> None:
    kept(site, SHANGHAI)
    ada, lee = person("ada", Role.ADMINISTRATOR), person("lee", Role.NURSE)
    reached(lee)
    ada.password = make_password("six words that nobody would guess")
    ada.save(update_fields=["password"])
    client = signed_in(ada)
    asked = {"site": str(site.id), "person": [str(lee.pk)]}
    assert post(client, "/clinic/calling/", **asked, starts="2999-01-01T00:30").status_code == 302
    assert CallingOrder.objects.get().starts == datetime(2998, 12, 31, 16, 30, tzinfo=UTC)
    given = {"do": "give", "role": "evaluator", "site": str(site.id), "starts": "2999-01-01", "last": "2999-01-01"}
    given["confirm"] = "six words that nobody would guess"
    assert post(client, f"/clinic/people/{lee.id}/", **given).status_code == 302
    grant = RoleGrant.objects.get(role="evaluator")
    assert (grant.starts, grant.ends) == (
        datetime(2998, 12, 31, 16, tzinfo=UTC),
        datetime(2999, 1, 1, 16, tzinfo=UTC),
    )
    assert "2999-01-01 to 2999-01-01" in html.unescape(
        client.get(f"/clinic/people/{lee.id}/", secure=True).content.decode()
    )


def test_an_hour_that_summer_time_skips_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(Refused, match="The clock skips 2026-03-08T02:30"):
        zones.meant("2026-03-08T02:30", ANGELES)
    assert zones.meant("2026-11-01T01:30", ANGELES) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert zones.midnight(date(2026, 3, 9), ANGELES) - zones.midnight(date(2026, 3, 8), ANGELES) == timedelta(
        hours=23
    ), "the day on which summer time begins has 23 hours"


def test_the_zone_is_asked_when_founded_and_changed_on_a_page_with_its_history(site, person) -> None:
    with pytest.raises(Refused, match="“Mars/Base” is not a time zone"):
        people.found(organisation="Dawn", site="Mars", rooms=[], at=NOW, zone="Mars/Base")
    client = signed_in(person("ada", Role.ADMINISTRATOR))
    told = {"do": "site", "of": str(site.id), "seen": str(naming.newest(site.id).id), "name": site.name}
    wrong = post(client, "/clinic/places/", **told, zone="Beijing")
    assert (wrong.status_code, "“Beijing” is not a time zone" in wrong.content.decode()) == (422, True)
    wrong = post(client, "/clinic/places/", **told, zone=SHANGHAI, phone="call Ada")
    assert (wrong.status_code, "“call Ada” is not a phone number" in wrong.content.decode()) == (422, True)
    assert post(client, "/clinic/places/", **told, zone=SHANGHAI, phone="+86 10 5550100").status_code == 302
    assert (Site.objects.get().phone, naming.newest(site.id).phone) == ("+86 10 5550100",) * 2
    assert "+86 10 5550100" in client.get("/clinic/places/", secure=True).content.decode()
    assert Site.objects.get().zone == SHANGHAI
    assert [row.zone for row in Naming.objects.filter(of=site.id).order_by("created")] == ["UTC", SHANGHAI]
    assert Entry.objects.filter(action="site_renamed").count() == 1
    told["seen"] = str(naming.newest(site.id).id)
    assert post(client, "/clinic/places/", **told, zone=SHANGHAI, hours="x" * 121).status_code == 422
    assert post(client, "/clinic/places/", **told, zone=SHANGHAI, hours="周一至周五").status_code == 302
    assert (Site.objects.get().hours, naming.newest(site.id).hours) == ("周一至周五",) * 2
    added = {"do": "add_site", "name": "Harbour"}
    assert post(client, "/clinic/places/", **added, zone="").status_code == 422, "nobody guesses it"
    assert post(client, "/clinic/places/", **added, zone=ANGELES).status_code == 302
    assert Site.objects.get(name="Harbour").zone == ANGELES


@pytest.mark.parametrize(
    ("told", "link", "zone"),
    [
        ("Asia/Shanghai", "", SHANGHAI),
        (":Asia/Shanghai", "", SHANGHAI),
        ("", "/usr/share/zoneinfo/America/Los_Angeles", ANGELES),
        ("", "../usr/share/zoneinfo/Etc/UTC", "Etc/UTC"),
        ("EST5EDT,M3.2.0", "", "UTC"),
        ("", "", "UTC"),
    ],
)
def test_the_machine_says_which_zone_it_keeps(monkeypatch, told, link, zone) -> None:
    def followed(_: str) -> str:
        if not link:
            raise OSError
        return link

    monkeypatch.setenv("TZ", told)
    monkeypatch.setattr(zones.os, "readlink", followed)
    assert zones.of_the_machine() == zone


def test_an_answer_on_the_board_is_of_the_day_at_the_site_whatever_the_page_shows(site, person) -> None:
    kept(site, SHANGHAI)
    by = person("ines", Role.PRESCRIBER)
    patient = samples.registered(site, by)
    at = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    told = {"about": "suicide_assessment", "value": "done"}
    with timezone.override(ANGELES):
        [given] = asks.give(patient, told, by=by, at=at, key=ids.new())
    assert str(given.when) == "2026-11-25"
