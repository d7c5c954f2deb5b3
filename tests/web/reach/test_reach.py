"""Is it written down how a patient is reached, by whom else they are looked after, and does nobody write over it?"""

from __future__ import annotations

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.patients.identity import Wrong
from daybreak.web.patients.register import Stale
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import actions, queries
from daybreak.web.reach.forms import Known, Reached
from daybreak.web.reach.models import Outsider, Reach
from daybreak.web.refusals import Conflict, Forbidden
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.samples import make, reached

FILLED = {
    "email": "anna@example.org",
    "phone": "555-0101",
    "may_write": "yes",
    "zone": "America/Chicago",
    "contact_name": "Jo Keller",
    "contact_phone": "555-0102",
    "contact_may_call": "yes",
}


def tell(patient, by, *, seen=None, key=None, **told) -> Reach:
    return actions.set_reach(patient, Reached(**told), seen=seen, by=by, at=NOW, key=key or ids.new())


def test_what_the_front_desk_types_counts_and_the_earlier_version_stays(patient, desk) -> None:
    client = signed_in(desk)
    here = f"/patients/{patient.id}/reach/"
    assert "Nobody has written down yet" in client.get(here, secure=True).content.decode()
    key = str(ids.new())
    for _ in range(2):
        assert client.post(here, {**FILLED, "key": key, "seen": ""}, secure=True).status_code == 302
    assert Reach.objects.count() == 1, "a double click is one"
    first = queries.reach(patient.id)
    assert (first.email, first.contact_may_call, first.by) == ("anna@example.org", "yes", desk)
    changed = {**FILLED, "phone": "555-0199", "key": ids.new(), "seen": first.id}
    assert client.post(here, changed, secure=True).status_code == 302
    assert queries.reach(patient.id).phone == "555-0199"
    assert list(Reach.objects.order_by("id").values_list("phone", flat=True)) == ["555-0101", "555-0199"]
    line = Entry.objects.filter(action="reach_set").last()
    assert (line.who, line.subject) == (desk.id, patient.id)


def test_a_form_that_is_older_than_what_stands_there_is_shown_again(patient, desk, nurse) -> None:
    first = tell(patient, nurse, phone="555-0101")
    tell(patient, nurse, phone="555-0102", seen=first.id)
    with pytest.raises(Stale):
        tell(patient, desk, phone="555-0103", seen=first.id)
    answer = signed_in(desk).post(
        f"/patients/{patient.id}/reach/", {"phone": "555-0103", "key": ids.new(), "seen": first.id}, secure=True
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "555-0102" in page
    assert 'value="555-0103"' in page, "what was typed is not lost"


def test_the_same_key_with_other_content_is_refused(patient, desk) -> None:
    key = ids.new()
    tell(patient, desk, phone="1", key=key)
    with pytest.raises(Conflict):
        tell(patient, desk, phone="2", key=key)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"email": "nobody"}, "outbox.no_address"),
        ({"may_write": "yes"}, "reach.yes_needs_address"),
        ({"contact_may_call": "yes"}, "reach.call_needs_number"),
        ({"zone": "Mars/Base"}, "zones.unknown"),
        ({"way": "pigeon"}, "error.bad_request"),
        ({"language": "fr"}, "error.bad_request"),
        ({"phone": "5" * 61}, "patients.too_long"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(patient, desk, told, says) -> None:
    with pytest.raises(Wrong) as wrong:
        tell(patient, desk, **told)
    assert says in [one.id for one in wrong.value.problems]
    assert Reach.objects.count() == 0


def test_who_may_only_find_patients_reads_it_and_writes_nothing(patient, nurse, person) -> None:
    reached(patient, nurse)
    pharmacist = person("phil", Role.PHARMACIST)
    here = f"/patients/{patient.id}/reach/"
    page = signed_in(pharmacist).get(here, secure=True).content.decode()
    assert "anna@example.org" in page
    assert "Save</button>" not in page
    with pytest.raises(Forbidden):
        tell(patient, pharmacist, phone="1")
    assert signed_in(pharmacist).post(here, {"key": ids.new()}, secure=True).status_code == 403


def test_of_another_site_there_is_nothing(patient, site, person) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    stranger = person("sam", Role.NURSE, at_site=other)
    make(patient, site, stranger)
    client = signed_in(stranger)
    for here in ("reach/", "standing/", "reach/outsiders/", f"reach/outsiders/{Outsider.objects.get().root}/"):
        assert client.get(f"/patients/{patient.id}/{here}", secure=True).status_code == 404
        assert client.post(f"/patients/{patient.id}/{here}", {"key": ids.new()}, secure=True).status_code == 404


def test_an_outsider_is_a_row_with_versions(patient, desk) -> None:
    client = signed_in(desk)
    here = f"/patients/{patient.id}/reach/outsiders/"
    told = {"name": "Dr. Rivera", "role": "therapist", "email": "rivera@example.org", "may_tell": "yes"}
    assert client.post(here, {**told, "key": ids.new()}, secure=True).status_code == 302
    first = Outsider.objects.get()
    over = {**told, "ended": "yes", "key": ids.new(), "seen": first.id}
    assert client.post(f"{here}{first.root}/", over, secure=True).status_code == 302
    assert (first.root, queries.outsider_now(first.root).ended) == (first.id, True)
    assert (queries.outsiders(patient.id), len(queries.outsiders(patient.id, ended=True))) == ([], 1)
    with pytest.raises(Stale):
        actions.set_outsider(patient, Known(**told), seen=first, by=desk, at=NOW, key=ids.new())
    assert client.post(f"{here}{first.root}/", {**over, "key": ids.new()}, secure=True).status_code == 409
    assert client.post(f"{here}{first.root}/", {**over, "seen": ""}, secure=True).status_code == 400


def test_an_outsider_without_name_or_role_is_refused(patient, desk) -> None:
    with pytest.raises(Wrong) as wrong:
        actions.set_outsider(patient, Known(role="priest"), seen=None, by=desk, at=NOW, key=ids.new())
    assert {one.id for one in wrong.value.problems} == {"reach.role_missing", "reach.name_missing"}


def test_the_outsider_of_another_patient_is_not_there(patient, site, desk) -> None:
    theirs = make(registered(site, desk, number="49", family_name="Berg"), site, desk)
    assert signed_in(desk).get(f"/patients/{patient.id}/reach/outsiders/{theirs.root}/", secure=True).status_code == 404


@pytest.mark.parametrize(
    ("chosen", "spoken", "written"),
    [
        ("zh-Hans", "English", "zh-Hans"),
        ("", "Mandarin", "zh-Hans"),
        ("", "中文", "zh-Hans"),
        ("en", "Chinese", "en"),
        ("", "Spanish", "en"),
        ("", "", "en"),
    ],
)
def test_the_language_of_messages_is_chosen_or_that_of_the_record(site, nurse, chosen, spoken, written) -> None:
    patient = registered(site, nurse, language=spoken)
    reached(patient, nurse, language=chosen)
    assert queries.written_in(patient) == written


def test_the_page_is_in_both_languages(patient, desk, nurse) -> None:
    reached(patient, nurse)
    client = signed_in(desk)
    client.cookies["__Host-language"] = "zh-hans"
    assert "紧急联系人" in client.get(f"/patients/{patient.id}/reach/", secure=True).content.decode()
    client.cookies["__Host-language"] = "en"
    assert "Whom to call in an emergency" in client.get(f"/patients/{patient.id}/reach/", secure=True).content.decode()
