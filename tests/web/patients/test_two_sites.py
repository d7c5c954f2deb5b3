"""Does somebody who is a patient of one site become one of the other without a second record, and does nothing leak?"""

from __future__ import annotations

import html
import time
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import here_too, queries
from daybreak.web.patients.models import HereTooAsked, Registration
from daybreak.web.patients.search import search
from daybreak.web.people import actions as people
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def harbour(site):
    return people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)


@pytest.fixture
def desk(person, harbour):
    return person("dora", Role.FRONT_DESK, at_site=harbour)


TYPED = {"family_name": "Keller", "given_names": "Anna", "birth": "1971-04-02", "number": "H-1"}


@pytest.fixture
def client(desk):
    return signed_in(desk)


def post(client, path, **told):
    return client.post(path, {"key": str(ids.new()), **told}, secure=True)


def text(page) -> str:
    return html.unescape(page.content.decode())


def asked(client, harbour, **other):
    return post(client, "/patients/new/", **{**TYPED, "site": harbour.id, "do": "ask", "reason": "moved", **other})


@pytest.mark.parametrize("birth", ["", "1971", "1971-04"])
def test_a_name_without_the_whole_birth_date_tells_nothing_of_another_site(harbour, client, patient, birth) -> None:
    page = post(client, "/patients/new/", **TYPED | {"birth": birth}, site=harbour.id)
    assert page.status_code == 302, "somebody new is registered, and nothing was told"
    assert page.url != f"/patients/{patient.id}/"
    assert asked(client, harbour, birth=birth, number="H-2").status_code == 409
    assert not HereTooAsked.objects.exists()


def test_that_one_fits_is_said_and_not_who_and_the_patient_can_see_that_it_was(harbour, desk, client, patient) -> None:
    page = post(client, "/patients/new/", **TYPED | {"given_names": ""}, site=harbour.id)
    assert page.status_code == 409
    assert "A patient of another site fits" in text(page)
    for hidden in ("Anna", "Main Street", str(patient.id), ">48<"):
        assert hidden not in text(page).split("<main")[1]
    line = Line.objects.get(subject=patient.id, who=desk.id)
    assert (line.action, line.object_type) == ("read", "patient_elsewhere")
    anew = post(client, "/patients/new/", **TYPED, site=harbour.id, do="else")
    assert anew.url != f"/patients/{patient.id}/"
    assert client.get(anew.url, secure=True).status_code == 200


def test_names_are_not_tried_by_the_hundred(harbour, client, patient) -> None:
    told = {**TYPED, "site": harbour.id}
    assert {post(client, "/patients/new/", **told).status_code for _ in range(20)} == {409}
    assert post(client, "/patients/new/", **told).status_code == 429
    assert asked(client, harbour).status_code == 429, "asking at once is no way around"


def test_somebody_at_the_own_site_confirms_and_only_then_it_is_a_patient_here(
    harbour, site, desk, client, patient, person
) -> None:
    key = str(ids.new())
    where = asked(client, harbour, key=key).url
    assert asked(client, harbour, key=key).url == where, "sent twice, it is asked once"
    row = HereTooAsked.objects.get()
    assert "already" not in text(asked(client, harbour, reason="")), "a reason is needed first"
    assert asked(client, harbour).status_code == 409, "asked already"
    nurse = person("nora", Role.NURSE, at_site=harbour)
    for one in (client, signed_in(nurse)):
        assert one.get(f"/patients/{patient.id}/", secure=True).status_code == 404
        assert f"/patients/{patient.id}/" not in text(one.get(where, secure=True))
        assert post(one, where, do="confirm").status_code == 403, "nobody of the site that asks confirms"
    own = signed_in(person("olga", Role.FRONT_DESK))
    assert "Dora asks to register a patient of this site at Harbour too" in text(own.get("/tasks/", secure=True))
    assert f"/patients/{patient.id}/" in text(own.get(where, secure=True))
    key = str(ids.new())
    for _ in range(2):
        assert post(own, where, do="confirm", key=key).status_code == 302
    assert "has answered this meanwhile" in text(post(own, where, do="refuse", reason="x"))
    assert Registration.objects.get(site=harbour).patient == patient
    assert client.get(f"/patients/{patient.id}/", secure=True).status_code == 200
    for place in (site, harbour):
        assert [one.details.patient_id for one in search([place.id], name="anna keller")] == [patient.id]
    acts = Line.objects.filter(subject=patient.id).exclude(action="read").values_list("action", flat=True)
    assert {"here_too_asked", "here_too_confirmed", "registered_also"} <= set(acts)
    assert "asks to register" not in text(own.get("/tasks/", secure=True))
    assert "confirmed that a patient is registered here too" in text(client.get("/tasks/", secure=True))
    told = {"confirmed": True, "reason": "", "at": row.created + timedelta(days=7), "key": ids.new()}
    with pytest.raises(Conflict):
        here_too.answer(row, by=person("oto", Role.FRONT_DESK), **told)


def test_refused_or_too_late_nothing_is_registered(harbour, client, patient, person) -> None:
    where = asked(client, harbour).url
    own = person("olga", Role.FRONT_DESK)
    assert post(signed_in(own), where, do="refuse").status_code == 422, "a refusal says why"
    row = HereTooAsked.objects.get()
    late = {"confirmed": True, "reason": "", "by": own, "at": row.created + timedelta(days=7), "key": ids.new()}
    with pytest.raises(Refused, match="Nobody answered in time"):
        here_too.answer(row, **late)
    assert post(signed_in(own), where, do="refuse", reason="She does not want it.").status_code == 302
    assert "She does not want it." in text(client.get(where, secure=True))
    assert "refused to have a patient registered" in text(client.get("/tasks/", secure=True))
    assert Registration.objects.count() == 1
    assert asked(client, harbour).status_code == 302, "it can be asked again"
    other = signed_in(
        person(
            "nils",
            Role.NURSE,
            at_site=Site.objects.create(
                id=ids.new(), organisation_id=harbour.organisation_id, created=NOW, name="Third"
            ),
        )
    )
    assert other.get(where, secure=True).status_code == 404


def test_asking_wants_a_step_up_and_the_right(harbour, desk, patient, person) -> None:
    late = signed_in(desk, began=time.time() - 600)
    assert asked(late, harbour).status_code == 422
    pharmacist = signed_in(person("phil", Role.PHARMACIST, at_site=harbour))
    assert asked(pharmacist, harbour).status_code == 403
    assert not HereTooAsked.objects.exists()


def test_a_referral_and_a_file_tell_no_more(harbour, site, desk, patient, person) -> None:
    from tests.web.referral.samples import made

    client = signed_in(desk)
    row = made(harbour, family_name="Keller", birth="1971-04-02")
    page = post(client, f"/referrals/{row.id}/", do="register", number="77", seen="0")
    assert page.status_code == 409
    assert "A patient of another site fits" in text(page)
    assert "Main Street" not in text(page).split("<main")[1]
    assert Line.objects.filter(object_type="patient_elsewhere", subject=patient.id).count() == 1
    told = {"do": "register", "number": "77", "seen": "0", "else": "yes"}
    assert post(client, f"/referrals/{row.id}/", **told).status_code == 302


def test_each_patient_in_a_result_has_a_line_about_it(site, patient, person) -> None:
    desk = person("olga", Role.FRONT_DESK)
    other = registered(site, desk, number="49", family_name="Kellermann")
    shown = post(signed_in(desk), "/patients/", name="Keller")
    assert "Kellermann" in text(shown)
    lines = Line.objects.filter(object_type="patient_search", who=desk.id)
    assert set(lines.values_list("subject", flat=True)) == {patient.id, other.id}
    ines = signed_in(person("ines", Role.PRESCRIBER))
    assert "found it in a search" in text(ines.get(f"/patients/{patient.id}/readers/", secure=True))


def test_whoever_works_at_both_sites_sees_one_record(harbour, site, patient, person, client) -> None:
    own = signed_in(person("olga", Role.FRONT_DESK))
    post(own, asked(client, harbour).url, do="confirm")
    nurse = person("nora", Role.NURSE, at_site=harbour)
    assert queries.patient_for(nurse, patient.id, SOON) == patient
    again = registered(site, nurse, number="49", family_name="Zhou")
    assert queries.patient_for(nurse, again.id, SOON) is None
