"""Can a record of another site be opened in an emergency, only then, only to read, never in secret, and is it reviewed?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.audit.models import Entry
from daybreak.web.glass import actions
from daybreak.web.glass.models import Ending, Judgement, Opening
from daybreak.web.patients.models import Entry as Record
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients import samples
from tests.web.patients.samples import registered


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def patient(site, doctor):
    """Anna Keller, a patient of the first site alone."""
    return registered(site, doctor)


@pytest.fixture
def harbour(site):
    return people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)


@pytest.fixture
def hana(person, harbour):
    """A nurse of another site."""
    return person("hana", Role.NURSE, at_site=harbour)


@pytest.fixture
def client(hana):
    return signed_in(hana)


def now() -> datetime:
    return datetime.now(UTC)


def get(client, path):
    return client.get(path, secure=True)


def post(client, path, **told):
    return client.post(path, {"key": str(ids.new()), **told}, secure=True)


def text(page) -> str:
    return html.unescape(page.content.decode())


def opened(client, patient, **told):
    return post(client, f"/emergency/{patient.id}/", do="open", **{"code": "danger", "reason": "unconscious", **told})


def test_an_emergency_from_the_search_to_the_end(client, hana, patient, doctor) -> None:
    assert get(client, f"/patients/{patient.id}/").status_code == 404
    asked = post(client, "/emergency/", family_name="keller", birth="1971-04-02")
    assert asked.url == f"/emergency/{patient.id}/"
    before = text(get(client, asked.url))
    assert "known at: Main Street" in before
    assert "Keller" not in before
    assert opened(client, patient).url == f"/patients/{patient.id}/"
    page = text(get(client, f"/patients/{patient.id}/"))
    assert "Keller" in page
    assert "open to you in an emergency until" in page
    assert "/add/" not in page, "it is for reading"
    assert get(client, f"/patients/{patient.id}/screening/").status_code == 200
    assert "open to you in an emergency" in text(get(client, "/me/")), "the banner stands on every page"
    row = Opening.objects.get()
    assert (row.reviewer, row.ends - row.created) == (doctor, timedelta(minutes=60))
    read = Entry.objects.filter(via="glass", who=hana.id, subject=patient.id)
    assert sorted(read.values_list("object_type", flat=True)) == ["patient", "screening"]
    assert post(client, f"/emergency/{patient.id}/", do="close").status_code == 302
    assert get(client, f"/patients/{patient.id}/").status_code == 404
    assert "open to you" not in text(get(client, "/me/"))
    assert Ending.objects.count() == 1


def test_nothing_can_be_written(client, hana, patient) -> None:
    opened(client, patient)
    for path in ("add/condition/", "details/", "review/", "import/"):
        assert get(client, f"/patients/{patient.id}/{path}").status_code == 404
        assert post(client, f"/patients/{patient.id}/{path}", text="x", family_name="x").status_code == 404
    assert Record.objects.count() == 0


def test_it_ends_by_itself_and_with_the_session(client, hana, patient, monkeypatch) -> None:
    opened(client, patient)
    assert get(signed_in(hana), f"/patients/{patient.id}/").status_code == 404, "another browser reads nothing"
    late = now() + timedelta(minutes=61)
    monkeypatch.setattr("daybreak.web.instant.datetime", type("Late", (), {"now": staticmethod(lambda tz: late)}))
    assert get(client, f"/patients/{patient.id}/").status_code == 404
    assert "open to you" not in text(get(client, "/me/"))


@pytest.mark.parametrize(
    "told",
    [
        {"family_name": "Keler", "birth": "1971-04-02"},
        {"family_name": "Keller", "birth": "1971"},
        {"family_name": "Keller"},
        {"number": "49"},
        {"number": "48", "site": "x"},
        {},
    ],
)
def test_nobody_is_guessed_or_listed(client, patient, site, told) -> None:
    page = post(client, "/emergency/", **{"site": str(site.id), **told})
    assert (page.status_code, "Nobody is exactly that" in text(page)) == (422, True)


def test_names_are_not_tried_by_the_hundred(client, patient, site) -> None:
    told = {"family_name": "Nobody", "birth": "1971-04-02"}
    assert {post(client, "/emergency/", **told).status_code for _ in range(20)} == {422}
    assert post(client, "/emergency/", number="48", site=str(site.id)).status_code == 429


def test_two_who_are_exactly_that_are_told_apart_by_their_number(client, patient, site, doctor) -> None:
    registered(site, doctor, number="49")
    assert "More than one" in text(post(client, "/emergency/", family_name="Keller", birth="1971-04-02"))
    assert post(client, "/emergency/", number="48", site=str(site.id)).url == f"/emergency/{patient.id}/"


@pytest.mark.parametrize(
    "wrong", [{"reason": " "}, {"reason": ""}, {"code": "curious"}, {"code": ""}, {"reason": "x" * 1001}]
)
def test_without_a_reason_nothing_opens(client, patient, wrong) -> None:
    page = opened(client, patient, **wrong)
    assert (page.status_code, "Choose a reason" in text(page)) == (422, True)
    assert not Opening.objects.exists()


def test_it_is_asked_once_more_who_is_there(hana, patient) -> None:
    client = signed_in(hana, began=now().timestamp() - 600)
    assert 'name="confirm"' in text(get(client, f"/emergency/{patient.id}/"))
    assert opened(client, patient).status_code == 422
    assert not Opening.objects.exists()


def test_the_same_form_sent_twice_opens_once(client, hana, patient) -> None:
    key = str(ids.new())
    for _ in range(2):
        assert opened(client, patient, key=key).status_code == 302
    assert Opening.objects.count() == 1


def test_who_works_there_needs_no_emergency(doctor, patient) -> None:
    page = opened(signed_in(doctor), patient)
    assert (page.status_code, "Open the record as usual" in text(page)) == (422, True)


@pytest.mark.parametrize(
    "role", [Role.FRONT_DESK, Role.RESEARCHER, Role.ADMINISTRATOR, Role.PHARMACIST, Role.EVALUATOR]
)
def test_others_cannot(person, harbour, patient, role) -> None:
    someone = person("x", role, at_site=harbour)
    client = signed_in(someone)
    assert get(client, "/emergency/").status_code == 403
    assert opened(client, patient).status_code == 403
    with pytest.raises(Forbidden):
        actions.open_record(patient, code="danger", reason="x", by=someone, at=now(), key=ids.new())


def test_whoever_lost_the_role_reads_no_more(client, hana, patient) -> None:
    from daybreak.web.people import grants

    opened(client, patient)
    grants.disable(hana, by=None, at=now())
    assert get(client, f"/patients/{patient.id}/").status_code == 403


def test_a_review_sees_what_was_read_and_closes_once(client, hana, patient, doctor, person) -> None:
    opened(client, patient)
    get(client, f"/patients/{patient.id}/")
    row = Opening.objects.get()
    reviewer = signed_in(doctor)
    assert "to be reviewed by you" in text(get(reviewer, "/emergency/reviews/"))
    where = f"/emergency/reviews/{row.id}/"
    page = text(get(reviewer, where))
    assert "Hana read the record (this patient)" in page
    assert "unconscious" in page
    assert "what follows from it" in text(post(reviewer, where, found="not_justified"))
    assert "Hana opened a record in an emergency" in text(get(reviewer, "/tasks/"))
    assert "While the record is open" in page
    assert get(client, f"/patients/{patient.id}/").status_code == 200
    assert post(reviewer, where, found="not_justified", note="Spoken with Hana.").status_code == 302
    assert get(client, f"/patients/{patient.id}/").status_code == 404, "nothing is read that nobody reviews"
    assert "open to you" not in text(get(client, "/me/"))
    assert Ending.objects.get().opening == row
    assert "Hana opened a record in an emergency" not in text(get(reviewer, "/tasks/"))
    other = person("ines", Role.PRESCRIBER)
    with pytest.raises(Conflict, match="Okafor has closed this review"):
        actions.judge(row, found="justified", note="", by=other, at=now(), key=ids.new())
    counts = text(get(reviewer, "/emergency/reviews/"))
    assert "Not justified, says Okafor" in counts
    for change in (Judgement.objects.all().delete, lambda: Opening.objects.update(reason="another")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_review_shows_every_line_however_many(client, hana, patient, doctor) -> None:
    opened(client, patient)
    for number in range(60):
        trail.read("entry" if number else "patient", who=hana.id, at=now(), subject=patient.id, via="glass")
    where = f"/emergency/reviews/{Opening.objects.get().id}/"
    first = text(get(signed_in(doctor), where))
    assert "All lines: 60" in first
    older = re.search(r'href="([^"]+before=[^"]+)"', first)[1]
    second = text(get(signed_in(doctor), older))
    assert (first.count("<li><p>"), second.count("<li><p>")) == (50, 10)
    assert "read the record (this patient)" in second
    assert "Older" not in second.split("<main")[1]
    assert get(signed_in(doctor), f"{where}?before=x").status_code == 404


def test_nobody_reviews_what_they_opened(person, harbour, patient, site) -> None:
    both = person("both", Role.PRESCRIBER, at_site=harbour)
    row = actions.open_record(patient, code="other", reason="x", by=both, at=now(), key=ids.new())
    people_grants(both, site)
    with pytest.raises(Forbidden):
        actions.judge(row, found="justified", note="", by=both, at=now(), key=ids.new())
    with pytest.raises(Refused, match="as usual"):
        actions.open_record(patient, code="other", reason="x", by=both, at=now(), key=ids.new())


def people_grants(someone, site) -> None:
    from daybreak.web.people import grants

    grants.grant_role(someone, Role.PRESCRIBER, site=site, by=None, at=NOW)


def test_an_administrator_sees_how_often_and_no_patient(client, patient, person, harbour) -> None:
    opened(client, patient)
    row = Opening.objects.get()
    ada = signed_in(person("ada", Role.ADMINISTRATOR))
    pages = text(get(ada, "/emergency/reviews/")) + text(get(ada, f"/emergency/reviews/{row.id}/"))
    assert "Hana" in pages
    for hidden in ("Keller", "Anna", "unconscious", f"/patients/{patient.id}/"):
        assert hidden not in pages.split("<main")[1]
    hal = signed_in(person("hal", Role.ADMINISTRATOR, at_site=harbour))
    assert get(hal, f"/emergency/reviews/{row.id}/").status_code == 404
    assert "Hana" not in text(get(hal, "/emergency/reviews/"))


def test_without_a_prescriber_an_administrator_is_named(person, site, harbour) -> None:
    desk = person("desk", Role.FRONT_DESK)
    alone = registered(site, desk)
    hana = person("hana", Role.NURSE, at_site=harbour)
    told = {"code": "other", "reason": "x", "by": hana, "at": now()}
    assert actions.open_record(alone, **told, key=ids.new()).reviewer is None
    ada = person("ada", Role.ADMINISTRATOR)
    assert actions.open_record(alone, **told, key=ids.new()).reviewer == ada


def test_a_patient_who_is_not_there_is_not_found(client) -> None:
    assert get(client, f"/emergency/{samples.PATIENT}/").status_code == 404
