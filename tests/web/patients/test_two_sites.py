"""Does somebody who is a patient of one site become one of the other without a second record, and does nothing leak?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import queries
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Patient, Registration
from daybreak.web.patients.register import LookAlike, register, register_also
from daybreak.web.patients.search import search
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

SOON = NOW + timedelta(minutes=1)
ANNA = Identity("Keller", "Anna", "1971-04-02")


@pytest.fixture
def harbour(site):
    return people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)


@pytest.fixture
def desk(person, harbour):
    return person("dora", Role.FRONT_DESK, at_site=harbour)


def also(patient, site, by, identity=ANNA, *, number="H-1", key=None) -> Patient:
    return register_also(identity, patient.id, number=number, site=site, by=by, at=SOON, key=key or ids.new())


def test_the_front_desk_learns_that_somebody_alike_is_known_at_another_site(harbour, desk, patient) -> None:
    with pytest.raises(LookAlike) as asked:
        register(ANNA, number="H-1", site=harbour, not_these=(), by=desk, at=SOON, key=ids.new())
    assert asked.value.found == []
    assert [(one.details.patient_id, one.site) for one in asked.value.elsewhere] == [(patient.id, "Main Street")]
    told = {"site": harbour, "by": desk, "at": SOON, "key": ids.new()}
    assert register(ANNA, number="H-1", not_these=[patient.id], **told) != patient


def test_the_same_person_is_registered_once_more_and_found_at_both(harbour, site, desk, patient) -> None:
    key = ids.new()
    assert also(patient, harbour, desk, key=key) == also(patient, harbour, desk, key=key) == patient
    assert Patient.objects.count() == 1
    for place in (site, harbour):
        assert [one.details.patient_id for one in search([place.id], name="anna keller")] == [patient.id]
    line = Line.objects.get(action="registered_also")
    assert (line.who, line.subject, line.site) == (desk.id, patient.id, harbour.id)
    with pytest.raises(Conflict, match="registered at this site already"):
        also(patient, harbour, desk, number="H-2")


def test_nobody_reaches_a_record_by_its_key_alone(harbour, desk, patient, person) -> None:
    with pytest.raises(Conflict, match="not alike"):
        also(patient, harbour, desk, Identity("Zhou", "Wei"))
    with pytest.raises(Conflict, match="not alike"):
        also(patient, harbour, desk, Identity("Keller", "Anna", "1950-01-01"))
    with pytest.raises(Refused, match="needs a number"):
        also(patient, harbour, desk, number="")
    with pytest.raises(Forbidden):
        also(patient, harbour, person("phil", Role.PHARMACIST, at_site=harbour))
    assert Registration.objects.count() == 1


def test_the_page_shows_who_and_where_and_no_number_and_no_link(harbour, desk, patient) -> None:
    client = signed_in(desk)
    form = client.get("/patients/new/", secure=True).content.decode()
    told = {"family_name": "Keller", "given_names": "Anna", "birth": "1971-04-02", "number": "H-1", "site": harbour.id}
    told["key"] = re.search(r'name="key" value="([^"]+)"', form)[1]
    page = client.post("/patients/new/", told, secure=True)
    shown = page.content.decode()
    assert page.status_code == 409
    assert "Main Street" in shown
    assert f"/patients/{patient.id}/" not in shown
    assert ">48<" not in shown
    assert client.get(f"/patients/{patient.id}/", secure=True).status_code == 404
    done = client.post("/patients/new/", told | {"also": str(patient.id)}, secure=True)
    assert done.url == f"/patients/{patient.id}/"
    assert client.get(done.url, secure=True).status_code == 200


def test_whoever_works_at_both_sites_sees_one_record(harbour, site, desk, patient, person) -> None:
    also(patient, harbour, desk)
    nurse = person("nora", Role.NURSE, at_site=harbour)
    assert queries.patient_for(nurse, patient.id, SOON) == patient
    again = registered(site, nurse, number="49", family_name="Zhou")
    assert queries.patient_for(nurse, again.id, SOON) is None
