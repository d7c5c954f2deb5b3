"""Is a certification, an enrolment or a training only what a named person wrote down, version by version, with its file?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids, zones
from daybreak.web.papers.models import Paper
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.rems import certifying, enrolling, programme, teaching
from daybreak.web.rems.models import Certification, Document, Enrolment, Training
from tests.web.conftest import NOW, signed_in
from tests.web.courses.conftest import doctor, patient
from tests.web.rems.programme import PDF

__all__ = ["doctor", "patient"]
TODAY = NOW.date()
DAY = timedelta(days=1)
MORE = {"since": TODAY - DAY, "expires": TODAY + 90 * DAY, "no_last_day": False}


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


def certify(site, by, **other) -> Certification:
    told = {"number": "S-1042", "representative": "Dr. Okafor", "address": "1 Main Street", "email": "", **MORE}
    told |= {"seen": None, "at": NOW, "key": ids.new()} | other
    return certifying.certify(site, by=by, **told)


def enrol(patient, site, by, **other) -> Enrolment:
    told = {"number": "P-77", **MORE, "seen": None, "at": NOW, "key": ids.new()} | other
    return enrolling.enrol(patient, site, by=by, **told)


def taught(site, who, by, **other) -> Training:
    told = {"what": "Monitoring", **MORE, "at": NOW, "key": ids.new()} | other
    return teaching.taught(site, who, by=by, **told)


def test_a_certification_is_versions_and_its_file_is_kept_as_it_came(site, doctor, nurse) -> None:
    key = ids.new()
    first = certify(site, doctor, file=PDF, key=key)
    assert certify(site, doctor, file=PDF, key=key) == first
    assert bytes(first.document.bytes) == PDF
    with pytest.raises(Conflict):
        certify(site, doctor)
    second = certify(site, doctor, number="S-2", seen=first.id)
    with pytest.raises(Forbidden):
        certify(site, nurse, seen=second.id)
    told = {"since": TODAY, "reason": "the representative left", "by": doctor, "at": NOW, "key": ids.new()}
    ended = certifying.end_certification(site, seen=second.id, **told)
    assert (ended.number, ended.ended) == ("S-2", True)
    with pytest.raises(Conflict):
        certifying.end_certification(site, seen=ended.id, **(told | {"key": ids.new()}))
    assert programme.certifications([site.id]) == {site.id: ended}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Certification.objects.update(number="x")
    page = signed_in(nurse).get(f"/clinic/rems/kept/{first.document_id}/", secure=True)
    assert (page.content, page["Content-Type"]) == (PDF, "application/pdf")


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"number": ""}, "rems.field_missing"),
        ({"representative": "x" * 201}, "rems.field_missing"),
        ({"email": "nobody"}, "rems.which_email"),
        ({"since": None}, "rems.since_when"),
        ({"since": TODAY + 2 * DAY}, "rems.since_when"),
        ({"expires": None}, "rems.until_when"),
        ({"no_last_day": True}, "rems.until_when"),
        ({"expires": TODAY - 9 * DAY}, "rems.until_when"),
        ({"file": b"MZ"}, "papers.not_brought"),
        ({"file": b"%PDF-" + bytes(20 * 1024 * 1024)}, "papers.not_brought"),
    ],
)
def test_what_is_not_known_is_not_written_down(site, doctor, told, problem) -> None:
    with pytest.raises(Refused) as refused:
        certify(site, doctor, **told)
    assert refused.value.id == problem
    assert (Certification.objects.count(), Document.objects.count()) == (0, 0)


def test_an_enrolment_is_of_one_site_and_its_paper_is_the_patient_s(site, patient, doctor, nurse, person) -> None:
    first = enrol(patient, site, nurse, file=PDF)
    assert Paper.objects.get(pk=first.paper_id).patient == patient
    with pytest.raises(Conflict):
        enrol(patient, site, nurse)
    told = {"since": TODAY, "reason": "their wish", "by": nurse, "at": NOW, "key": ids.new()}
    gone = enrolling.withdraw(patient, site, seen=first.id, **told)
    assert programme.enrolments([patient.id]) == [gone]
    again = enrol(patient, site, doctor, seen=gone.id, expires=None, no_last_day=True)
    assert programme.every_enrolment(patient) == [again, gone, first]
    with pytest.raises(Forbidden):
        enrol(patient, site, person("fay", Role.FRONT_DESK), seen=again.id)


def test_the_log_says_who_was_taught_and_a_line_is_struck_out_with_its_reason(site, doctor, nurse) -> None:
    line = taught(site, nurse, doctor, file=PDF)
    told = {"reason": "it was somebody else", "by": doctor, "at": NOW}
    struck = teaching.strike(line, **told, key=ids.new())
    assert programme.trainings(site.id) == [struck]
    with pytest.raises(Conflict):
        teaching.strike(line, **told, key=ids.new())
    with pytest.raises(Refused):
        taught(site, None, doctor)
    with pytest.raises(Forbidden):
        taught(site, nurse, nurse)


def test_both_pages_write_it_down_and_ask_the_database_little(site, patient, doctor, nurse) -> None:
    client, today = signed_in(doctor), zones.day(NOW, site.zone).isoformat()
    told = {"do": "certify", "number": "S-1", "representative": "Dr. Okafor", "since": "2026-01-05", "lasts": "none"}
    file = SimpleUploadedFile("x.pdf", PDF)
    told |= {"site": str(site.id), "key": str(ids.new()), "file": file}
    assert client.post("/clinic/rems/", told, secure=True).status_code == 302
    told = {"do": "taught", "person": str(nurse.id), "what": "Counselling", "since": "2026-01-05", "lasts": "none"}
    told |= {"site": str(site.id), "key": str(ids.new())}
    assert client.post("/clinic/rems/", told, secure=True).status_code == 302
    told = {"do": "enrol", "number": "P-1", "since": today, "lasts": "until", "expires": "2020-01-01"}
    told |= {"site": str(site.id), "key": str(ids.new())}
    address = f"/patients/{patient.id}/rems/"
    refused = client.post(address, told, secure=True)
    assert (refused.status_code, 'value="P-1"' in refused.content.decode()) == (422, True)
    assert client.post(address, told | {"lasts": "none", "expires": ""}, secure=True).status_code == 302
    client = signed_in(nurse)
    for page, said in (("/clinic/rems/", "Counselling"), (address, "Enrolled")):
        client.get(page, secure=True)
        with CaptureQueriesContext(connection) as found:
            seen = html.unescape(client.get(page, secure=True).content.decode())
        assert said in seen
        assert len(found) <= 15
