"""Does a site watch by what a prescriber signed there, and by nothing looser than the protocol?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from daybreak.knowledge import watch
from daybreak.knowledge.protocols import protocol_ids
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.limits import queries
from daybreak.web.limits.models import Signed
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.limits.samples import IV, US, own, sign

SOON = NOW + timedelta(minutes=1)
HIGH = "systolic.above.alarm.is"
PAGE = f"/clinic/protocols/{US}/watch/"


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


def test_nothing_is_in_force_before_somebody_signs_it(site, doctor) -> None:
    assert queries.signed(site.id, US, at=SOON) is None
    row = sign(site, doctor, at=SOON)
    assert queries.signed(site.id, US, at=NOW) is None, "it was signed later"
    found = queries.signed(site.id, US, at=SOON)
    assert (found.row, found.watch, found.schedule) == (row, watch.watch(), watch.schedule(US))
    assert queries.signed(site.id, IV, at=SOON) is None
    other = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    assert queries.signed(other.id, US, at=SOON) is None
    assert Entry.objects.get(action="watch_signed").site == site.id


@pytest.mark.parametrize("protocol", protocol_ids())
def test_every_protocol_can_be_signed_as_it_stands(site, doctor, protocol) -> None:
    sign(site, doctor, protocol, at=SOON)
    found = queries.signed(site.id, protocol, at=SOON)
    assert found.watch == watch.watch()
    assert found.schedule.from_first or found.schedule.from_last


def test_stricter_numbers_count_and_the_last_version_does(site, doctor) -> None:
    sign(site, doctor, at=SOON)
    later = SOON + timedelta(hours=1)
    sign(site, doctor, typed=own(US) | {HIGH: "170", "watch.from_first": "150"}, at=later)
    before, after = (queries.signed(site.id, US, at=at) for at in (SOON, later))
    assert [limit.absolute for limit in before.watch.signs["systolic"].of("above")] == [160, 180]
    assert [limit.absolute for limit in after.watch.signs["systolic"].of("above")] == [160, 170]
    assert after.schedule.from_first == timedelta(minutes=150)


def test_everything_that_is_looser_or_no_number_is_named_at_once(site, doctor) -> None:
    typed = own(US) | {HIGH: "190", "watch.from_first": "60", "spo2.below.alarm.is": "９３", "check.falling": ""}
    with pytest.raises(Refused) as refused:
        sign(site, doctor, typed=typed, at=SOON)
    said = refused.value.sentence("en")
    assert (
        "systolic pressure · above · alarm · limit: “190” cannot stand here. Write a whole number from 40 to 180."
        in said
    )
    assert "watched at least · from the first dose: “60”" in said
    assert "“９３”" in said
    assert "checked again · until the pressure falls: “”" in said
    assert said.field == HIGH
    assert "收缩压 · 高于 · 警报 · 限值：此处不能填写“190”" in refused.value.sentence("zh-Hans")
    assert not Signed.objects.exists()


def test_a_caution_that_comes_no_sooner_than_the_alarm_is_refused(site, doctor) -> None:
    with pytest.raises(Refused) as refused:
        sign(site, doctor, typed=own(US) | {HIGH: "160"}, at=SOON)
    assert "systolic pressure · above: the caution has to come before the alarm." in refused.value.sentence("en")


def test_minutes_that_no_source_gives_have_to_be_signed(site, doctor) -> None:
    with pytest.raises(Refused, match="more than the protocol"):
        sign(site, doctor, IV, typed=own(IV) | {"watch.from_last": ""}, at=SOON)
    sign(site, doctor, IV, at=SOON)
    assert queries.signed(site.id, IV, at=SOON).schedule.from_last == timedelta(minutes=60)


def test_another_knowledge_asks_again(site, doctor, monkeypatch) -> None:
    row = sign(site, doctor, at=SOON)
    monkeypatch.setattr(watch, "digest", lambda protocol: "0" * 64)
    assert queries.signed(site.id, US, at=SOON) is None
    with pytest.raises(Conflict):
        sign(site, doctor, digest=row.digest, at=SOON)
    page = signed_in(doctor).get(PAGE, secure=True).content.decode()
    assert "the protocol’s own numbers have changed since" in page


def test_who_what_and_why(site, doctor, person) -> None:
    with pytest.raises(Forbidden):
        sign(site, person("lee", Role.NURSE), at=SOON)
    for reason in ("", "x" * 1001):
        with pytest.raises(Refused, match="on what it rests"):
            sign(site, doctor, reason=reason, at=SOON)
    key = ids.new()
    row = sign(site, doctor, key=key, at=SOON)
    assert sign(site, doctor, key=key, seen=None, at=SOON) == row
    with pytest.raises(Conflict):
        sign(site, doctor, key=key, seen=None, reason="another", at=SOON)
    with pytest.raises(Conflict, match="meanwhile"):
        sign(site, doctor, seen=None, at=SOON)


def test_the_database_keeps_every_version(site, doctor) -> None:
    row = sign(site, doctor, at=SOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Signed.objects.filter(pk=row.pk).update(numbers="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Signed(**{f.attname: getattr(row, f.attname) for f in Signed._meta.fields} | {"id": ids.new()}).save(
            force_insert=True
        )


def test_the_page_shows_the_form_keeps_what_was_typed_and_signs(site, doctor, django_assert_max_num_queries) -> None:
    client = signed_in(doctor)
    assert "Nobody has signed it" in client.get(PAGE, secure=True).content.decode()
    with django_assert_max_num_queries(15):
        form = client.get(f"{PAGE}?site={site.id}", secure=True).content.decode()
    assert form.count("<table") == 8
    sent = own(US) | {"site": str(site.id), "digest": watch.digest(US), "reason": "ours", "key": str(ids.new())}
    answer = client.post(PAGE, sent | {HIGH: "999"}, secure=True)
    assert answer.status_code == 422
    assert 'value="999"' in answer.content.decode()
    assert client.post(PAGE, sent, secure=True).status_code == 302
    assert 'verdict-met">Signed' in client.get(PAGE, secure=True).content.decode()
    assert client.post(PAGE, {"key": str(ids.new())}, secure=True).status_code == 409
    assert client.get(f"{PAGE}?site={ids.new()}", secure=True).status_code == 404
    assert client.get("/clinic/protocols/nothing/watch/", secure=True).status_code == 404
